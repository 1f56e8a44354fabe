import { join } from 'node:path/posix';
import type { ConnectorPackage } from '../connector-package.ts';
import type { Breach, Rule } from '../guideline.ts';
import { readSourceFile } from '../source-file.ts';

const bin: Rule = {
  id: 'bin',
  title: 'bin has the name of the package and starts its program',
  why: 'A connector is a Singer program too: npx c8-source-… must find it.',
  async breaches(connector) {
    const { manifest, names } = connector;
    if (names === undefined) return [];
    const bins = typeof manifest.bin === 'string' ? { [names.program]: manifest.bin } : Object(manifest.bin);
    const path: unknown = bins[names.program];
    const fix = `Set bin to { "${names.program}": "./bin/${names.program}.js" }, a file that imports ../dist/main.js.`;
    if (typeof path !== 'string') return [{ file: 'package.json', message: `bin has no ${names.program}`, fix }];
    const source = sourceOf(connector, path);
    if (source === undefined) return [{ file: 'package.json', message: `bin names ${path}, which is not there`, fix }];
    if ((await connector.text(source)).startsWith('#!')) return [];
    const message = 'it does not start with #!/usr/bin/env node';
    return [{ file: source, message, fix: 'Make that its first line, or no shell can start it.' }];
  },
};

/** The source file for a path of package.json; files in dist are built from the module folder. */
function sourceOf({ files, moduleFolder }: ConnectorPackage, path: string): string | undefined {
  const file = join('.', path);
  const written = file.startsWith('dist/')
    ? `${moduleFolder}/${file.slice('dist/'.length).replace(/\.js$/, '.ts')}`
    : file;
  return files.includes(written) ? written : undefined;
}

const program: Rule = {
  id: 'program',
  title: 'main.ts runs the connector with runProgram',
  why: 'It gives every connector the flags of Singer, the verbs of C8, the exit codes and the masking of secrets.',
  async breaches({ files, moduleFolder, sources }) {
    const file = `${moduleFolder}/main.ts`;
    const main = (await sources()).find((source) => source.file === file);
    if (main === undefined || main.problem !== undefined || !files.includes(file)) return [];
    const isImported = main.imports.some(({ name }) => name === 'c8connector');
    if (isImported && main.calls.some(({ name }) => name === 'runProgram')) return [];
    const fix = "Write: import { runProgram } from 'c8connector'; await runProgram(new Connector());";
    return [{ file, message: 'it does not call runProgram of c8connector', fix }];
  },
};

const tests = { source: 'testSource', target: 'testTarget', integration: 'testIntegration' } as const;

const conformanceTest: Rule = {
  id: 'conformance-test',
  title: 'test/conformance.test.ts runs the conformance kit for the type of the connector',
  why: 'It checks the connector against the interface: that no row is lost, that no secret is shown, that an interrupted run can be resumed.',
  async breaches({ files, names, text }): Promise<readonly Breach[]> {
    const file = 'test/conformance.test.ts';
    if (names === undefined || !files.includes(file)) return [];
    const wanted = tests[names.type];
    const content = await text(file);
    const { imports, calls, problem } = readSourceFile(file, content);
    if (content.trim() === '') return [];
    const fix = `Call ${wanted} of c8connector-testing with the class of the connector and a good config.`;
    if (problem !== undefined)
      return [{ file, message: `it cannot be parsed: ${problem}`, fix: 'Correct its syntax.' }];
    const isImported = imports.some(({ name }) => name === 'c8connector-testing');
    if (isImported && calls.some(({ name }) => name === wanted)) return [];
    return [{ file, message: `it does not call ${wanted} of c8connector-testing`, fix }];
  },
};

/** Rules for the program of a connector, and for its test. */
export const programRules: readonly Rule[] = [bin, program, conformanceTest];
