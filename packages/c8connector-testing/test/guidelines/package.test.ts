import { describe, expect, test } from 'vitest';
import { type Changes, indexHead, manifest, quickFindings } from './connector-folder.ts';

const { license, type, engines, bin, files, exports, dependencies, ...others } = manifest;
const rest = { ...others, license, type, engines, bin, files, exports, dependencies };
const withManifest = (change: object): Changes => ({ 'package.json': { ...rest, ...change } });
const without = (key: keyof typeof rest): Changes => ({ 'package.json': { ...rest, [key]: undefined } });
const index = 'c8_source_few/index.ts';
const withIndex = (text: string): Changes => ({ [index]: `${indexHead}${text}` });

type Broken = readonly [rule: string, broken: string, changes: Changes, file: string, message: string];

const broken: readonly Broken[] = [
  ['package-json', 'package.json is not JSON', { 'package.json': '{ "name": ' }, 'package.json', 'not JSON'],
  ['package-json', 'package.json is a list', { 'package.json': '[]' }, 'package.json', 'not a JSON object'],
  ['package-name', 'the package has no name', without('name'), 'package.json', 'no name'],
  ['package-name', 'the name lacks a type', withManifest({ name: 'c8-few' }), 'package.json', '"c8-few"'],
  [
    'package-name',
    'the name has a space',
    withManifest({ name: 'c8-source-a few' }),
    'package.json',
    '"c8-source-a few"',
  ],
  [
    'module-folder',
    'the module folder has another name',
    {
      'c8_source_few/index.ts': null,
      'c8_source_few/main.ts': null,
      'c8_source_many/index.ts': 'export {};\n',
      'c8_source_many/main.ts': "import { runProgram } from 'c8connector';\nawait runProgram();\n",
    },
    'c8_source_few/',
    'c8_source_many/',
  ],
  ['layout', 'a file is missing', { 'GETTING_STARTED.md': null }, 'GETTING_STARTED.md', 'missing'],
  ['layout', 'a file is empty', { LICENSE: '\n' }, 'LICENSE', 'empty'],
  ['layout', 'a file is named otherwise', { LICENSE: null, license: 'Apache' }, 'LICENSE', 'named license'],
  ['layout', 'the program is missing', { 'c8_source_few/main.ts': null }, 'c8_source_few/main.ts', 'missing'],
  ['layout', 'the kit is not called', { 'test/conformance.test.ts': null }, 'test/conformance.test.ts', 'missing'],
  ['version', 'the version is not a semantic one', withManifest({ version: '1.0' }), 'package.json', '"1.0"'],
  ['description', 'the license is not named', without('license'), 'package.json', 'license is missing'],
  ['description', 'the description is empty', withManifest({ description: ' ' }), 'package.json', 'description is " "'],
  ['esm', 'the package is CommonJS', without('type'), 'package.json', 'type is missing'],
  [
    'exports',
    'types stand last',
    withManifest({
      exports: { '.': { default: './dist/index.js', types: './dist/index.d.ts' }, './package.json': './package.json' },
    }),
    'package.json',
    'types first',
  ],
  [
    'exports',
    'package.json is not exported',
    withManifest({ exports: { '.': exports['.'] } }),
    'package.json',
    './package.json',
  ],
  [
    'node-version',
    'an older Node is allowed',
    withManifest({ engines: { node: '^18 || >=20.19' } }),
    'package.json',
    '^18',
  ],
  [
    'node-version',
    'a Node shortly before is allowed',
    withManifest({ engines: { node: '20.x' } }),
    'package.json',
    '20.x',
  ],
  ['node-version', 'no Node is named', without('engines'), 'package.json', 'missing'],
  ['node-version', 'the range is invalid', withManifest({ engines: { node: 'new' } }), 'package.json', 'new'],
  [
    'published-files',
    'dist is not shipped',
    withManifest({ files: ['bin', 'GETTING_STARTED.md'] }),
    'package.json',
    'dist',
  ],
  ['published-files', 'files is missing', without('files'), 'package.json', 'no files'],
  [
    'core-dependency',
    'the core is a peer',
    withManifest({ dependencies: { pg: '^8.0.0' }, peerDependencies: { c8connector: '^0.1.0' } }),
    'package.json',
    'peerDependencies',
  ],
  [
    'core-dependency',
    'the core is not there',
    withManifest({ dependencies: { pg: '^8.0.0' } }),
    'package.json',
    'not there',
  ],
  [
    'drivers',
    'a dependency is not declared',
    withManifest({ dependencies: { ...dependencies, lodash: '^4.0.0' } }),
    'package.json',
    'lodash is a dependency and not declared',
  ],
  [
    'drivers',
    'a driver has no purpose',
    withManifest({ c8connector: { drivers: { pg: '' } } }),
    'package.json',
    'no purpose',
  ],
  [
    'drivers',
    'a driver is not a dependency',
    withManifest({ c8connector: { drivers: { pg: 'the wire', mysql2: 'the other wire' } } }),
    'package.json',
    'mysql2 is not a dependency',
  ],
  [
    'drivers',
    'drivers are a list',
    withManifest({ c8connector: { drivers: ['pg'] }, dependencies: { c8connector: '*' } }),
    'package.json',
    'not an object',
  ],
  ['drivers', 'a driver is a peer', withManifest({ peerDependencies: { mysql2: '*' } }), 'package.json', 'peer'],
  [
    'foreign-libraries',
    'another Singer library is a dependency',
    withManifest({ dependencies: { ...dependencies, 'singer-node': '*' } }),
    'package.json',
    'singer-node',
  ],
  [
    'foreign-libraries',
    'an Airbyte library is a development dependency',
    withManifest({ devDependencies: { '@faros/airbyte-cdk': '*' } }),
    'package.json',
    'airbyte-cdk',
  ],
  [
    'foreign-libraries',
    'another connector is a dependency',
    withManifest({ dependencies: { ...dependencies, 'c8-source-postgres': '*' } }),
    'package.json',
    'c8-source-postgres',
  ],
  ...['c8connector-testing', 'c8connector-host', 'c8connector-cli', 'c8connector-console', 'c8connector-temporal'].map(
    (name): Broken => [
      'foreign-libraries',
      `${name} is a dependency`,
      withManifest({ dependencies: { ...dependencies, [name]: '*' } }),
      'package.json',
      name,
    ],
  ),
  [
    'foreign-libraries',
    'a package of somebody else is named like a library of this project',
    withManifest({ dependencies: { ...dependencies, '@acme/c8connector-sql': '*' } }),
    'package.json',
    '@acme/c8connector-sql',
  ],
  [
    'drivers',
    'a library of this project is a peer',
    withManifest({ peerDependencies: { 'c8connector-sql': '*' } }),
    'package.json',
    'c8connector-sql is a peer dependency',
  ],
  [
    'bin',
    'the program has another name',
    withManifest({ bin: { few: './bin/c8-source-few.js' } }),
    'package.json',
    'c8-source-few',
  ],
  ['bin', 'the program is not there', { 'bin/c8-source-few.js': null }, 'package.json', 'not there'],
  [
    'bin',
    'no shell can start it',
    { 'bin/c8-source-few.js': "import '../dist/main.js';\n" },
    'bin/c8-source-few.js',
    '#!',
  ],
  [
    'program',
    'main.ts does not run the connector',
    { 'c8_source_few/main.ts': "import './index.ts';\n" },
    'c8_source_few/main.ts',
    'runProgram',
  ],
  [
    'conformance-test',
    'the test is for another type',
    { 'test/conformance.test.ts': "import { testTarget } from 'c8connector-testing';\ntestTarget();\n" },
    'test/conformance.test.ts',
    'testSource',
  ],
  ['imports', 'a package is not declared', withIndex("import ky from 'ky';\n"), `${index}:3`, "'ky'"],
  [
    'imports',
    'a type of a package is not declared',
    withIndex("import type { A } from '@acme/a/b';\n"),
    `${index}:3`,
    '@acme/a/b',
  ],
  [
    'imports',
    'the import is a type inside another',
    withIndex("\nexport let a: import('ky').A;\n"),
    `${index}:4`,
    "'ky'",
  ],
  [
    'imports',
    'a package is loaded later',
    withIndex("export const load = () => import('ky');\n"),
    `${index}:3`,
    "'ky'",
  ],
  ['imports', 'a package is required', withIndex("import a = require('ky');\na;\n"), `${index}:3`, "'ky'"],
  [
    'imports',
    'the kit is used at run time',
    withIndex("export * from 'c8connector-testing';\n"),
    `${index}:3`,
    'testing',
  ],
  [
    'imports',
    'a library of this project is not a dependency',
    withIndex("import { quoteIdentifier } from 'c8connector-sql';\n"),
    `${index}:3`,
    'c8connector-sql',
  ],
  [
    'imports',
    'a file of another package is used',
    withIndex("export * from '../../other/a.ts';\n"),
    `${index}:3`,
    '../../other',
  ],
  ['about-file', 'about.json is not JSON', { 'about.json': '{' }, 'about.json', 'not what about() gives'],
  [
    'about-file',
    'the version was raised and about.json not renewed',
    withManifest({ version: '0.2.0' }),
    'about.json',
    '0.1.0',
  ],
];

describe('A package that breaks one rule has one finding', () => {
  test.each(broken)('%s: %s', async (rule, _, changes, file, part) => {
    const findings = await quickFindings(changes);
    expect(findings).toEqual([
      { rule, file, message: expect.stringContaining(part), fix: expect.stringMatching(/\w/) },
    ]);
  });
});

describe('What is allowed', () => {
  test.each<readonly [string, Changes]>([
    ['a package as it should be', {}],
    [
      'a scope',
      {
        'package.json': { ...rest, name: '@acme/c8-source-few' },
        'about.json': { packageName: '@acme/c8-source-few', version: '0.1.0', type: 'source', config: [] },
      },
    ],
    [
      'a driver that is optional',
      withManifest({ dependencies: { c8connector: '*' }, optionalDependencies: { pg: '*' } }),
    ],
    [
      'the libraries of this project, which are not drivers',
      {
        ...withManifest({ dependencies: { ...dependencies, 'c8connector-sql': '*', 'c8connector-parquet': '*' } }),
        ...withIndex("export * from 'c8connector-sql';\nexport * from 'c8connector-parquet/types';\n"),
      },
    ],
    ['another entry of the core', withIndex("export * from 'c8connector/http';\n")],
    [
      'a program that is main.ts itself',
      {
        ...withManifest({ bin: './dist/main.js' }),
        'c8_source_few/main.ts':
          "#!/usr/bin/env node\nimport { runProgram } from 'c8connector';\nawait runProgram();\n",
      },
    ],
    ['patterns in files', withManifest({ files: ['./dist/**', '/bin/', '!dist/**/*.map', 'GETTING_STARTED.md'] })],
    [
      'built-ins, own files, drivers and comments',
      withIndex(`
      import { join } from 'node:path';
      import fs from 'fs/promises';
      import { Client } from 'pg/lib/client.js';
      import './other.ts';
      // import 'ky';
      const text = "import 'ky'; const a: any = 1;", pattern = /import 'ky'/, template = \`\${"import('ky')"}\`;
      type Few = { any: string };
    `),
    ],
  ])('%s', async (_, changes) => {
    expect(await quickFindings(changes)).toEqual([]);
  });
});

test('all findings are reported at once, in the order of the guidelines', async () => {
  const findings = await quickFindings({
    LICENSE: null,
    'about.json': '{',
    ...withManifest({ type: 'commonjs', version: 'x' }),
  });
  expect(findings.map(({ rule }) => rule)).toEqual(['layout', 'version', 'esm', 'about-file']);
});
