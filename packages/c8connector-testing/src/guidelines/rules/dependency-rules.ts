import { isObject, objectOf } from '../../values/json.ts';
import type { Breach, Rule } from '../guideline.ts';

const file = 'package.json';
const core = 'c8connector';
const libraries: readonly string[] = ['c8connector-sql', 'c8connector-parquet'];

const coreDependency: Rule = {
  id: 'core-dependency',
  title: 'c8connector is a dependency, and neither a peer nor a development dependency',
  why: 'Each connector comes with the version of the core that it was tested with. Two copies in one tree work together.',
  breaches({ manifest, manifestProblem }) {
    if (manifestProblem !== undefined) return [];
    const wrong = ['peerDependencies', 'devDependencies', 'optionalDependencies'].filter((section) =>
      Object.hasOwn(objectOf(manifest[section]), core),
    );
    const isThere = Object.hasOwn(objectOf(manifest.dependencies), core);
    if (isThere && wrong.length === 0) return [];
    const fix = `Name ${core} in dependencies and nowhere else.`;
    const where = wrong.length === 0 ? 'not there' : `in ${wrong.join(' and ')}`;
    return [{ file, message: `${core} is ${where}`, fix }];
  },
};

const drivers: Rule = {
  id: 'drivers',
  title:
    'Every dependency that is not a library of this project is a driver that package.json declares with its purpose, and every driver is a dependency',
  why: 'Each dependency of a connector is a decision, and a reviewer asks for its purpose.',
  breaches({ manifest }) {
    const { drivers: declaration = {} } = objectOf(manifest.c8connector);
    const declared = objectOf(declaration);
    const installed = new Set(
      ['dependencies', 'optionalDependencies'].flatMap((section) => Object.keys(objectOf(manifest[section]))),
    );
    installed.delete(core);
    const breach = (message: string, fix: string): Breach => ({ file, message, fix });
    const list = isObject(declaration)
      ? []
      : [breach('c8connector.drivers is not an object', 'Write { "name of the package": "what it is for" }.')];
    const undeclared = [...installed]
      .filter((name) => !Object.hasOwn(declared, name) && !isForeign(name) && !isOfProject(name))
      .map((name) =>
        breach(
          `${name} is a dependency and not declared as a driver`,
          `Add "${name}": "what it is for" to c8connector.drivers, or do without it.`,
        ),
      );
    const purposeless = Object.entries(declared)
      .filter(([, purpose]) => typeof purpose !== 'string' || purpose.trim() === '')
      .map(([name]) => breach(`the driver ${name} has no purpose`, 'Say in a few words what it is for.'));
    const missing = Object.keys(declared)
      .filter((name) => !installed.has(name))
      .map((name) =>
        breach(`the driver ${name} is not a dependency`, `Add ${name} to dependencies, or remove the driver.`),
      );
    const peers = Object.keys(objectOf(manifest.peerDependencies))
      .filter((name) => name !== core && !isForeign(name) && (isLibrary(name) || !isOfProject(name)))
      .map((name) =>
        breach(
          `${name} is a peer dependency`,
          isLibrary(name) ? 'Make it a dependency.' : 'Make it a dependency, and declare it as a driver.',
        ),
      );
    return [...list, ...undeclared, ...purposeless, ...missing, ...peers];
  },
};

const foreignLibraries: Rule = {
  id: 'foreign-libraries',
  title: `No library of Singer, Airbyte, Meltano or C8 but ${[core, ...libraries].join(', ')}`,
  why: 'Two libraries for the same protocol produce two dialects of it, and only one of them is tested here.',
  breaches({ manifest }) {
    const found = (section: string, isRefused: (name: string) => boolean): Breach[] =>
      Object.keys(objectOf(manifest[section]))
        .filter(isRefused)
        .map((name) => ({
          file,
          message: `${name} in ${section}`,
          fix: `Remove it: ${core} has what a connector needs.`,
        }));
    const run = ['dependencies', 'optionalDependencies', 'peerDependencies'];
    return [
      ...run.flatMap((section) => found(section, (name) => isForeign(name) || (isOfProject(name) && !isLibrary(name)))),
      ...found('devDependencies', isForeign),
    ];
  },
};

/** Such as `singer-sdk`, `@singer-io/x`, `airbyte-cdk`: a word of the name starts with one of them. */
function isForeign(name: string): boolean {
  return name.split(/[^a-z0-9]+/).some((word) => /^(?:singer|airbyte|meltano|macrometa)/.test(word));
}

/** Connectors and other packages of this project; tests may use all of them. */
function isOfProject(name: string): boolean {
  return name !== core && /^(?:@[^/]+\/)?(?:c8connector-|c8-(?:source|target|integration)-)/.test(name);
}

/** Whether a package is a library of this project for connectors: a dependency that need not be declared as a driver. */
export function isLibrary(name: string): boolean {
  return libraries.includes(name);
}

/** Rules for the dependencies of a connector. */
export const dependencyRules: readonly Rule[] = [coreDependency, drivers, foreignLibraries];
