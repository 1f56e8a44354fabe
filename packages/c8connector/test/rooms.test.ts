import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { foreignImports, importsOf, roomOf, type SourceFile, sourceFiles, upwardImports } from './imports.ts';

const root = join(import.meta.dirname, '../../..');

/** The rooms of the core from the top down: each may import what is on a line below its own. ARCHITECTURE.md has the same picture. */
const rooms = [
  ['program'],
  ['run'],
  ['integration', 'source', 'target'],
  ['state'],
  ['replication'],
  ['singer'],
  ['jsonl', 'definition'],
  ['config'],
  ['interface'],
];

/** What each package of the project may import of the others. */
const packages: Readonly<Record<string, readonly string[]>> = {
  c8connector: [],
  'c8connector-cli': ['c8connector', 'c8connector-host', 'c8connector-testing'],
  'c8connector-host': ['c8connector'],
  'c8connector-parquet': [],
  'c8connector-sql': ['c8connector'],
  'c8connector-testing': ['c8connector'],
  'test-services': [],
};
/** What a connector may import beside the drivers that its package.json declares. */
const libraries = ['c8connector', 'c8connector-sql', 'c8connector-parquet'];

interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly c8connector?: { readonly drivers?: Readonly<Record<string, string>> };
}
const manifestOf = (folder: string): Manifest => JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
const foldersIn = (folder: string) =>
  readdirSync(join(root, folder))
    .map((name) => `${folder}/${name}`)
    .filter((path) => existsSync(join(root, path, 'package.json')));
const isOurs = (name: string) => name.startsWith('c8') || name === 'test-services';

describe('the rooms of the core', () => {
  const files = sourceFiles(join(root, 'packages/c8connector/src'));

  test('are all known and checked', () => {
    const found = new Set(files.map(({ path }) => roomOf(path)).filter((room) => room !== ''));
    expect([...found].sort()).toEqual(rooms.flat().sort());
    expect(files.length).toBeGreaterThan(90);
    expect(files.flatMap(importsOf).length).toBeGreaterThan(400);
  });

  test('import only from lower ones, including types', () => {
    expect(upwardImports(files, rooms)).toEqual([]);
  });
});

describe('the packages of the project', () => {
  const folders = foldersIn('packages');

  test('are all known', () => {
    expect(folders.map((folder) => manifestOf(folder).name).sort()).toEqual(Object.keys(packages).sort());
  });

  test.each(Object.entries(packages))(
    '%s imports only %j of the others, and has no other dependencies',
    (name, allowed) => {
      const folder = join(root, 'packages', name);
      const files = sourceFiles(join(folder, 'src'), folder);
      expect(files.length).toBeGreaterThanOrEqual(10);
      expect(files.flatMap(importsOf).length).toBeGreaterThan(files.length);
      expect(foreignImports(files, (imported) => !isOurs(imported) || allowed.includes(imported))).toEqual([]);
      const dependencies = Object.keys(manifestOf(`packages/${name}`).dependencies ?? {});
      expect(dependencies.filter((each) => isOurs(each) && !allowed.includes(each))).toEqual([]);
    },
  );
});

describe('a connector', () => {
  const connectors = [...foldersIn('connectors'), ...foldersIn('packages/c8connector-cli/samples')];

  test('is looked for where connectors are', () => {
    expect(connectors.length).toBeGreaterThanOrEqual(6);
  });

  test.each(connectors)('%s imports the core, the libraries of the project and its drivers only', (name) => {
    const { name: packageName, c8connector } = manifestOf(name);
    const allowed = [...libraries, ...Object.keys(c8connector?.drivers ?? {})];
    const files = sourceFiles(join(root, name, packageName.replaceAll('-', '_')), join(root, name));
    expect(files.length).toBeGreaterThanOrEqual(3);
    expect(files.flatMap(importsOf)).toContain('c8connector');
    expect(foreignImports(files, (imported) => allowed.includes(imported))).toEqual([]);
  });
});

describe('a wrong import is found', () => {
  test.each([
    ["import { run } from '../run/run.ts';"],
    ["import type { Unit } from '../run/plan.ts';"],
    ["import { type Unit } from '../run/plan.ts';"],
    ["import {\n  type Plan,\n  plan,\n} from '../run/plan.ts';"],
    ["import * as run from '../run/run.ts';"],
    ["import '../run/run.ts';"],
    ["export { run } from '../run/run.ts';"],
    ["export type * from '../run/plan.ts';"],
    ["let unit: import('../run/plan.ts').Unit;"],
    ["const { run } = await import('../run/run.ts');"],
    ["import { run } from '../index.ts';"],
    ["import { run } from '../unknown/run.ts';"],
  ])('%s in a lower room', (text) => {
    const files: SourceFile[] = [{ path: 'singer/state.ts', text: `import { join } from 'node:path';\n${text}\n` }];
    expect(upwardImports(files, rooms)).toHaveLength(1);
  });

  test.each([
    ['source/sample.ts', "import { write } from '../target/write.ts';", 'in a room of the same level'],
    ['deadline.ts', "import type { Log } from './interface/log.ts';", 'in a file that is below all rooms'],
  ])('%s: %s', (path, text) => {
    expect(upwardImports([{ path, text }], rooms)).toHaveLength(1);
  });

  test.each([
    ['run/run.ts', "import { parseState } from '../singer/state.ts';"],
    ['run/run.ts', "import type { Unit } from './plan.ts';"],
    ['run/run.ts', "import { waitFor } from '../deadline.ts';"],
    ['index.ts', "export { run } from './run/run.ts';"],
  ])('but a right one is not: %s: %s', (path, text) => {
    expect(upwardImports([{ path, text }], rooms)).toEqual([]);
  });

  test.each([
    ["import { testSource } from 'c8connector-testing';"],
    ["import type { Check } from 'c8connector-testing/checks';"],
    ["import type { Client } from '@aws-sdk/client-s3';"],
    ["import { Client } from 'pg/lib/client.js';"],
    ["import type { Log } from '../../packages/c8connector/src/interface/log.ts';"],
  ])('%s in a connector that may not', (text) => {
    const file = { path: 'c8_source_acme/index.ts', text: `${text}\nimport manifest from '../package.json';\n` };
    expect(foreignImports([file], (name) => name === 'c8connector')).toHaveLength(1);
  });
});
