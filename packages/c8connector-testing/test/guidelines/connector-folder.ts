import { mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { checkGuidelines, guidelines } from '../../src/guidelines/index.ts';

const core = join(import.meta.dirname, '../../../c8connector');
const compiler = dirname(createRequire(import.meta.url).resolve('typescript/package.json'));

export const manifest = {
  name: 'c8-source-few',
  version: '0.1.0',
  description: 'C8 source for a few rows.',
  license: 'Apache-2.0',
  type: 'module',
  engines: { node: '>=20.19' },
  bin: { 'c8-source-few': './bin/c8-source-few.js' },
  files: ['bin', 'dist', 'GETTING_STARTED.md'],
  exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' }, './package.json': './package.json' },
  c8connector: { drivers: { pg: 'PostgreSQL wire protocol' } },
  dependencies: { c8connector: '^0.1.0', pg: '^8.0.0' },
};

/** The class of the connector, with what a test wants otherwise. */
export function classText({ name = 'Few', config = '{}', package: packageText = 'manifest' } = {}): string {
  return `export class ${name} extends defineSource({
    package: ${packageText},
    name: 'Few',
    description: 'Reads a few rows.',
    config: ${config},
    discover: () => [{ id: 'rows', schema: { type: 'object', properties: {} } }],
    async *read() {},
  }) {}\n`;
}

export const indexHead = `import { defineSource } from 'c8connector';
import manifest from '../package.json' with { type: 'json' };\n`;

const tsconfig = {
  compilerOptions: {
    target: 'es2023',
    module: 'nodenext',
    types: [],
    verbatimModuleSyntax: true,
    rewriteRelativeImportExtensions: true,
    resolveJsonModule: true,
    // Types are what one test is about; the others need the JavaScript alone.
    noCheck: true,
    lib: ['es5'],
    noResolve: true,
    rootDir: 'c8_source_few',
    outDir: 'dist',
  },
  include: ['c8_source_few'],
};

const about = {
  name: 'Few',
  packageName: 'c8-source-few',
  version: '0.1.0',
  type: 'source',
  config: [],
};

const files: Readonly<Record<string, string | object>> = {
  LICENSE: 'Apache License\n',
  'README.md': '# c8-source-few\n\n<!-- config -->\n\nNo settings.\n\n<!-- /config -->\n',
  'GETTING_STARTED.md': 'Install it.\n',
  'package.json': manifest,
  'tsconfig.json': tsconfig,
  'about.json': about,
  'bin/c8-source-few.js': "#!/usr/bin/env node\nimport '../dist/main.js';\n",
  'c8_source_few/index.ts': indexHead + classText(),
  'c8_source_few/main.ts': `import { runProgram } from 'c8connector';
import { Few } from './index.ts';
await runProgram(new Few());\n`,
  'test/conformance.test.ts': `import { testSource } from 'c8connector-testing';
import { Few } from '../c8_source_few/index.ts';
testSource({ connector: Few, config: {} });\n`,
};

/** Files of the package, and what they hold instead; null removes one. */
export type Changes = Readonly<Record<string, string | object | null>>;

/** A small connector that follows all guidelines but for the changes, in a folder of its own where what it imports is installed. */
export async function connectorFolder(changes: Changes = {}) {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'c8 guidelines ')));
  const path = join(root, 'package');
  const write = async (file: string, content: string | object): Promise<void> => {
    await mkdir(dirname(join(path, file)), { recursive: true });
    const text = typeof content === 'string' ? content : `${JSON.stringify(content, null, 2)}\n`;
    await writeFile(join(path, file), text);
  };
  for (const [file, content] of Object.entries({ ...files, ...changes })) {
    if (content !== null) await write(file, content);
  }
  await mkdir(join(root, 'node_modules'));
  await symlink(core, join(root, 'node_modules/c8connector'));
  await symlink(compiler, join(root, 'node_modules/typescript'));
  return {
    root,
    path,
    write,
    read: async (file: string) => await readFile(join(path, file), 'utf8'),
    [Symbol.asyncDispose]: async () => await rm(root, { recursive: true, force: true }),
  };
}

/** Rules that look at the built module; the others are checked without a build. */
const building = new Set([
  'builds',
  'one-connector',
  'identity',
  'quiet-import',
  'config-names',
  'secrets',
  'readme-config',
  'compatible-config',
]);

const rulesWithoutBuild = guidelines.map(({ id }) => id).filter((id) => !building.has(id));

/** The findings of all rules that need no build. */
export async function quickFindings(changes: Changes) {
  await using folder = await connectorFolder(changes);
  return await checkGuidelines(folder.path, { only: rulesWithoutBuild });
}

/** The findings of all rules. */
export async function allFindings(changes: Changes) {
  await using folder = await connectorFolder(changes);
  return await checkGuidelines(folder.path);
}
