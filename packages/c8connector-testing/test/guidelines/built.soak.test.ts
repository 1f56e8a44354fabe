import { readdir, rm, symlink } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { checkGuidelines } from '../../src/guidelines/index.ts';
import { allFindings, type Changes, classText, connectorFolder, indexHead, manifest } from './connector-folder.ts';

const index = 'c8_source_few/index.ts';
const withIndex = (text: string): Changes => ({ [index]: `${indexHead}${text}` });
const property = (type: string, more = ''): string => `{ type: '${type}', displayName: 'A', description: 'B.'${more} }`;
const token = {
  name: 'token',
  type: 'password',
  displayName: 'A',
  description: 'B.',
  defaultValue: '',
  isMandatory: true,
};
/** A README and an about.json that say what the config is. */
const withConfig = (config: string, rows: string): Changes => ({
  ...withIndex(classText({ config })),
  'README.md': `<!-- config -->\n\n| Property | Type | Required | Default | Description |\n| --- | --- | --- | --- | --- |\n${rows}\n<!-- /config -->\n`,
});

/** Rule, what is broken, the change, the file that the finding names, a part of its message. */
const broken: readonly (readonly [string, string, Changes, string, string])[] = [
  ['builds', 'the syntax is wrong', withIndex(`${classText()}export const = 1;\n`), `${index}:11`, 'TS1134'],
  [
    'one-connector',
    'the import throws',
    withIndex(`${classText()}throw new Error('no server');\n`),
    index,
    'no server',
  ],
  [
    'one-connector',
    'the import ends the process',
    withIndex(`${classText()}process.exit(7);\n`),
    index,
    'process with 7',
  ],
  [
    'one-connector',
    'the import never ends',
    withIndex(`${classText()}await new Promise(() => {});\n`),
    index,
    'for ever',
  ],
  ['one-connector', 'two are exported', withIndex(classText() + classText({ name: 'More' })), index, 'Few, More'],
  [
    'one-connector',
    'a function is exported',
    withIndex('export const few = () => defineSource;\nmanifest;'),
    index,
    'few is not a class',
  ],
  [
    'one-connector',
    'a class wants arguments',
    withIndex(
      classText({ name: 'Base' }).replace('export ', '') +
        'export class Few extends Base { constructor(readonly_: { a: string }) { super(); readonly_.a; } }\n',
    ),
    index,
    'Few takes arguments',
  ],
  ['one-connector', 'a class is something else', withIndex('export class Few {}\n'), index, 'Few lacks members'],
  [
    'one-connector',
    'it is a default export',
    withIndex(classText().replace('export class', 'export default class')),
    index,
    'default',
  ],
  [
    'identity',
    'the version is not that of the package',
    withIndex(classText({ package: "{ ...manifest, version: '9.9.9' }" })),
    index,
    "version is '9.9.9'",
  ],
  ['quiet-import', 'the import prints', withIndex(`${classText()}console.log('hello');\n`), index, 'hello'],
  [
    'config-names',
    'a property is in camel case',
    withConfig(`{ pageSize: ${property('string')} }`, '| `pageSize` | string |  |  | B. |\n'),
    'c8_source_few/',
    "'pageSize'",
  ],
  [
    'secrets',
    'what is named like a secret is open',
    withConfig(`{ api_key: ${property('string')} }`, '| `api_key` | string |  |  | B. |\n'),
    'c8_source_few/',
    "'api_key'",
  ],
  [
    'secrets',
    'a secret has a default',
    withConfig(
      `{ pin: ${property('password', ", defaultValue: '0000'")} }`,
      '| `pin` | password |  | secret | B. Secret. |\n',
    ),
    'c8_source_few/',
    "'pin' has a default",
  ],
  [
    'readme-config',
    'the table is old',
    withIndex(classText({ config: `{ url: ${property('string')} }` })),
    'README.md',
    'not that of the code',
  ],
  ['readme-config', 'there is no place for it', { 'README.md': '# c8-source-few\n' }, 'README.md', '<!-- config -->'],
  [
    'compatible-config',
    'a released property became mandatory',
    {
      ...withConfig(`{ url: ${property('string', ', isMandatory: true')} }`, '| `url` | string | yes |  | B. |\n'),
      'about.json': {
        packageName: 'c8-source-few',
        version: '0.1.0',
        type: 'source',
        config: [{ ...token, name: 'url', type: 'string', isMandatory: false }],
      },
    },
    'about.json',
    "property 'url'",
  ],
];

describe('A connector that breaks one rule has one finding', () => {
  test.each(broken)('%s: %s', async (rule, _, changes, file, part) => {
    const findings = await allFindings(changes);
    expect(findings).toEqual([
      { rule, file, message: expect.stringContaining(part), fix: expect.stringMatching(/\w/) },
    ]);
  });
});

test('a file whose imports cannot be read, though the compiler does not see it, is reported', async () => {
  const findings = await allFindings({ 'bin/c8-source-few.js': '#!/usr/bin/env node\nimport from;\n' });
  expect(findings).toMatchObject([{ rule: 'imports', file: 'bin/c8-source-few.js' }]);
});

test('errors of Node about the built module name the sources', async () => {
  const findings = await allFindings(withIndex(`${classText()}import './gone.js';\n`));
  const message = expect.stringMatching(
    /Cannot find module 'c8_source_few\/gone\.js' imported from c8_source_few\/index\.js$/,
  );
  expect(findings).toEqual([expect.objectContaining({ rule: 'one-connector', message })]);
});

test('types are checked with the settings of the package, and each error has its place', async () => {
  const tsconfig = {
    compilerOptions: {
      target: 'es2023',
      module: 'nodenext',
      types: [],
      skipLibCheck: true,
      strict: true,
      rewriteRelativeImportExtensions: true,
      resolveJsonModule: true,
      rootDir: 'c8_source_few',
    },
    include: ['c8_source_few'],
  };
  const findings = await allFindings({
    'tsconfig.json': tsconfig,
    'c8_source_few/rows.ts': "export const count: number = 'one';\nexport const name: string = 1;\n",
  });
  const message = expect.stringMatching(/^c8_source_few\/rows\.ts:1: TS2322: .*\nc8_source_few\/rows\.ts:2: TS2322: /);
  expect(findings).toEqual([expect.objectContaining({ rule: 'builds', file: 'c8_source_few/rows.ts:1', message })]);
});

test('the sources are checked, whatever dist contains, and nothing is left behind', async () => {
  await using folder = await connectorFolder({ 'dist/index.js': "throw new Error('old');\n" });
  const before = await readdir(folder.path);
  expect(await checkGuidelines(folder.path)).toEqual([]);
  await folder.write(index, `${indexHead}throw new Error('new');\n`);
  expect(await checkGuidelines(folder.path)).toMatchObject([{ rule: 'one-connector' }]);
  expect(await readdir(folder.path)).toEqual(before);
});

test('a scoped package in a folder that is given as a relative path, with a slash or as a link is the same', async () => {
  await using folder = await connectorFolder({
    'package.json': { ...manifest, name: '@acme/c8-source-few' },
    'about.json': { packageName: '@acme/c8-source-few', version: '0.1.0', type: 'source', config: [] },
  });
  const link = join(folder.root, 'link');
  await symlink(folder.path, link);
  await symlink(folder.path, join(folder.path, 'loop'));
  for (const path of [`${relative(process.cwd(), folder.path)}/`, link]) {
    expect(await checkGuidelines(path, { only: ['package-name', 'identity', 'about-file'] })).toEqual([]);
  }
});

test('without TypeScript the error says how to install it', async () => {
  await using folder = await connectorFolder();
  await rm(join(folder.root, 'node_modules/typescript'));
  const findings = await checkGuidelines(folder.path);
  expect(findings).toMatchObject([
    { rule: 'builds', file: 'package.json', fix: expect.stringContaining('npm install') },
  ]);
});

test('a check that is aborted rejects and leaves nothing behind', async () => {
  await using folder = await connectorFolder();
  const before = await readdir(folder.path);
  const stop = new AbortController();
  const check = checkGuidelines(folder.path, { signal: stop.signal });
  // The compiler has its folder, and is at work.
  while ((await readdir(folder.path)).length === before.length) await setTimeout(5);
  await setTimeout(50);
  stop.abort();
  await expect(check).rejects.toThrow(/abort/);
  await setTimeout(500);
  expect(await readdir(folder.path)).toEqual(before);
});

test('an unknown id is an error that lists the known ones', async () => {
  await using folder = await connectorFolder({ 'package.json': null });
  await expect(checkGuidelines(folder.path)).rejects.toMatchObject({
    code: 'call_invalid',
    message: expect.stringContaining('no package.json'),
  });
  const unknown = checkGuidelines(folder.path, { only: ['importz'] });
  await expect(unknown).rejects.toMatchObject({
    message: expect.stringContaining("'imports'"),
    remedy: expect.stringContaining('package-json, '),
  });
});
