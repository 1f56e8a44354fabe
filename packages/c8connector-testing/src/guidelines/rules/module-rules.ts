import { posix } from 'node:path';
import type { ConnectorPackage } from '../connector-package.ts';
import type { Breach, Rule } from '../guideline.ts';
import type { Exported, Loaded } from '../load-module.ts';
import { parsedAbout } from '../parsed-about.ts';

const shownProblems = 5;

const builds: Rule = {
  id: 'builds',
  title: 'The sources build with the TypeScript and the settings of the package',
  why: 'A package that does not compile here compiles nowhere.',
  async breaches(connector) {
    if (!canBuild(connector)) return [];
    const { problems, loaded } = await connector.built();
    const [first] = problems;
    if (first !== undefined) {
      const shown = problems
        .slice(0, shownProblems)
        .map(({ file, line, message }) => `${placeOf(file, line)}: ${message}`);
      const rest = problems.length - shown.length;
      const message = [...shown, ...(rest > 0 ? [`and ${rest} more`] : [])].join('\n');
      const fix = first.message.startsWith('TypeScript is not installed')
        ? 'Install it: npm install --save-dev typescript'
        : 'Correct what the compiler names.';
      return [{ file: placeOf(first.file, first.line), message, fix }];
    }
    if (loaded !== undefined) return [];
    const message = 'the build makes no index.js';
    return [{ file: 'tsconfig.json', message, fix: 'Set rootDir to the module folder, and include it.' }];
  },
};

function placeOf(file: string, line: number | undefined): string {
  return line === undefined ? file : `${file}:${line}`;
}

/** Whether everything needed for a build exists; other rules report what is missing. */
function canBuild({ moduleFolder, files, manifestProblem }: ConnectorPackage): boolean {
  const needed = ['tsconfig.json', posix.join(moduleFolder ?? '', 'index.ts')];
  return moduleFolder !== undefined && manifestProblem === undefined && needed.every((file) => files.includes(file));
}

const oneConnector: Rule = {
  id: 'one-connector',
  title: 'index.ts exports exactly one class that implements C8Connector, and that takes no arguments',
  why: 'A host imports the package, looks for that class and makes an instance. It relies on nothing else.',
  async breaches(connector) {
    // The class is made from the name of the package.
    if (!canBuild(connector) || connector.names === undefined) return [];
    const { problems, loaded } = await connector.built();
    // Code that does not compile is not expected to run.
    if (loaded === undefined || (loaded.problem !== undefined && problems.length > 0)) return [];
    const file = `${connector.moduleFolder}/index.ts`;
    if (loaded.problem !== undefined) {
      const fix = 'Do no work while the module is imported; the constructor is not a place for it either.';
      return [{ file, message: `it cannot be imported: ${loaded.problem}`, fix }];
    }
    return breachOfExports(loaded, file);
  },
};

function breachOfExports({ exports }: Loaded, file: string): readonly Breach[] {
  const connectors = exports.filter(({ kind }) => kind === 'connector');
  const [connector] = connectors;
  if (connector === undefined) {
    const others = exports.map((exported) => `${exported.name} ${whyNot(exported)}`).join('; ');
    const message = `no class that implements C8Connector is exported${others === '' ? '' : `: ${others}`}`;
    return [
      { file, message, fix: 'Export a class that extends what defineSource, defineTarget or defineIntegration gives.' },
    ];
  }
  if (connectors.length > 1) {
    const names = connectors.map(({ name }) => name).join(', ');
    return [
      {
        file,
        message: `${connectors.length} connectors are exported: ${names}`,
        fix: 'Export one, and make packages of the others.',
      },
    ];
  }
  if (connector.name === 'default') {
    return [{ file, message: 'the connector is a default export', fix: 'Export it by its name.' }];
  }
  if ((connector.parameters ?? 0) === 0) return [];
  const message = `the constructor of ${connector.name} takes arguments`;
  return [{ file, message, fix: 'Take what you need from the config that each method is given.' }];
}

function whyNot({ kind, parameters = 0, problem }: Exported): string {
  if (kind === 'other') return 'is not a class';
  if (problem === undefined) return 'lacks members of the interface';
  return parameters > 0 ? `takes arguments (${problem})` : `cannot be used (${problem})`;
}

const identity: Rule = {
  id: 'identity',
  title: 'Type, packageName and version of the connector are those of the package',
  why: 'Hosts store them with connections and states, and find the package by them later.',
  async breaches(connector) {
    const about = await aboutOf(connector);
    if (about === undefined) return [];
    const { names, manifest, moduleFolder } = connector;
    const wanted = { type: names?.type, packageName: names?.packageName, version: manifest.version };
    return Object.entries(wanted)
      .filter(([member, value]) => typeof value === 'string' && about[member as keyof typeof wanted] !== value)
      .map(([member, value]) => ({
        file: `${moduleFolder}/index.ts`,
        message: `${member} is '${about[member as keyof typeof wanted]}', and by package.json '${value}'`,
        fix: 'Take it from package.json, as defineSource, defineTarget and defineIntegration do.',
      }));
  },
};

const quietImport: Rule = {
  id: 'quiet-import',
  title: 'Importing the module prints nothing on stdout',
  why: 'stdout of a connector carries Singer messages, and a host imports a module only to look at it.',
  async breaches(connector) {
    if (!canBuild(connector)) return [];
    const printed = (await connector.built()).loaded?.printed.trim() ?? '';
    if (printed === '') return [];
    const message = `its import prints ${JSON.stringify(printed.split('\n')[0]?.slice(0, 80))}`;
    return [
      {
        file: `${connector.moduleFolder}/index.ts`,
        message,
        fix: 'Remove it, or write to the log that each method is given.',
      },
    ];
  },
};

/** The `about()` of the module's connector; undefined when it exports none, or more than one. */
export async function aboutOf(connector: ConnectorPackage) {
  if (!canBuild(connector) || connector.names === undefined) return undefined;
  const { loaded } = await connector.built();
  const connectors = loaded?.exports.filter(({ kind }) => kind === 'connector') ?? [];
  const [{ about } = {}] = connectors;
  return connectors.length === 1 && about !== undefined ? parsedAbout(about) : undefined;
}

/** Rules for the built and imported module. */
export const moduleRules: readonly Rule[] = [builds, oneConnector, identity, quietImport];
