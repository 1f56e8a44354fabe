import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { connection, jsonLines, numbers, openFolder } from '../program.ts';

test('schema prints the schema of config files of a connector, and the connector needs no config for it', async () => {
  await using folder = await openFolder();
  const { code, stdout } = await folder.run(['schema', './source.mjs']);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    title: 'Config of c8-source-lists 1.2.3',
    properties: { token: { defaultSnippets: [{ label: '{ $env: LISTS_TOKEN }' }] } },
    required: ['token', 'host'],
  });
});

test('the schema of connections has the installed connectors', async () => {
  await using folder = await openFolder();
  const { stdout } = await folder.run(['schema', 'connection']);
  expect(JSON.parse(stdout).$defs).toHaveProperty('c8-source-postgres');
});

test('the schema of events is that of what sync prints, and the page of the events names each type, member and phase', async () => {
  await using folder = await openFolder();
  const { stdout } = await folder.run(['schema', 'events']);
  const schema = JSON.parse(stdout);
  const isEvent = new Ajv({ strict: false }).compile(schema);
  await folder.write('copy.json', connection({ source: { fails: 'read', rows: 40 } }));
  const printed = jsonLines((await folder.run(['sync', 'copy.json', '--json'])).stdout);
  expect(printed.filter((event) => !isEvent(event))).toEqual([]);
  expect(printed.map(({ sequence }) => sequence)).toEqual(numbers(printed.length));

  const page = await readFile(join(import.meta.dirname, '../../../../docs/events.md'), 'utf8');
  for (const { properties } of schema.anyOf) {
    const [, row = ''] = new RegExp(`\n\\| \`(${properties.type.const}\` .*)\n`).exec(page) ?? [];
    const { version, run, sequence, at, type, ...own } = properties;
    const named = [...row.matchAll(/`(\w+)`/g)].map(([, name]) => name);
    expect([type.const, Object.keys(own).filter((member) => !named.includes(member))]).toEqual([type.const, []]);
  }
  for (const phase of schema.definitions.StreamPhase.enum) expect(page).toMatch(new RegExp(`\n\\| .*\`${phase}\``));
});

test('a file that names its schema is accepted without a warning', async () => {
  await using folder = await openFolder();
  const config = { $schema: './source.schema.json', token: 'quite-secret-token', host: 'here' };
  await folder.write('config.json', config);
  await folder.write('connection.json', {
    $schema: './connection.schema.json',
    ...connection({ source: config, target: { $schema: './target.schema.json' } }),
  });
  const validated = await folder.run(['validate', './source.mjs', '--config', 'config.json', '--json']);
  const [first] = JSON.parse(validated.stdout).steps;
  expect(first).toMatchObject({ id: 'config', status: 'passed', message: 'All properties are valid.' });
  const synced = await folder.run(['sync', 'connection.json', '--no-progress']);
  expect(synced.stderr).not.toMatch(/\$schema|"level":"warn"/);
  expect(synced.code).toBe(0);
});
