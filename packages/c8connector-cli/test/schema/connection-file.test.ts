import { PostgresSource } from 'c8-source-postgres';
import { S3Target } from 'c8-target-s3';
import { defineAction, defineIntegration } from 'c8connector';
import { describe, expect, test } from 'vitest';
import { alertFileSchema } from '../../src/schema/alert-file.ts';
import { connectionFileSchema } from '../../src/schema/connection-file.ts';
import { editorWith } from './editor.ts';

const text = { type: 'string', displayName: 'Text', description: 'What is said.' } as const;

class Board extends defineIntegration({
  package: { name: '@acme/c8-integration-board', version: '1.0.0' },
  name: 'Board',
  description: 'Says things.',
  config: { token: { ...text, type: 'password', isMandatory: true } },
  actions: {
    say: defineAction()({
      description: 'Says a text.',
      input: { text: { ...text, isMandatory: true }, times: { ...text, type: 'integer' } },
      output: {},
      example: { text: 'hello' },
      run: async () => ({}),
    }),
  },
}) {}

const connectors = [new Board(), new PostgresSource(), new S3Target()];
const connection = editorWith(connectionFileSchema(connectors));
const alert = editorWith(alertFileSchema(connectors));
const head = '# yaml-language-server: $schema=./file.schema.json\n';
const source = 'source: { connector: c8-source-postgres, config: { host: db, user: me, dbname: shop } }\n';

describe('In a connection file an editor', () => {
  test('offers sources for the source, and targets and integrations for the target', async () => {
    const from = await connection.yaml(`${head}source:\n  connector: |\n`);
    expect(Object.keys(from.offers)).toEqual(['c8-source-postgres']);
    expect(from.descriptions['c8-source-postgres']).toContain('Reads the tables');
    const to = await connection.yaml(`${head}${source}target:\n  connector: |\n`);
    expect(Object.keys(to.offers)).toEqual(['"@acme/c8-integration-board"', 'c8-target-s3']);
  });

  test('offers and checks the config of the connector that is named', async () => {
    const { offers } = await connection.yaml(`${head}${source}target:\n  connector: c8-target-s3\n  config:\n    |`);
    expect(Object.keys(offers)).toEqual(expect.arrayContaining(['bucket', 'format', 'secret_access_key']));
    expect(offers).not.toHaveProperty('host');
    const wrong = `${head}${source}target: { connector: c8-target-s3, config: { bucket: lake, format: xml } }\n`;
    expect((await connection.yaml(wrong)).problems).toEqual([
      'Value is not accepted. Valid values: "parquet", "jsonl", "json", "csv".',
    ]);
  });

  test('offers the actions of an integration, and the properties of their input', async () => {
    const end = `${source}target:\n  connector: '@acme/c8-integration-board'\n  config: { token: { $env: TOKEN } }\n`;
    expect(Object.keys((await connection.yaml(`${head}${end}  action: |`)).offers)).toEqual(['say']);
    const input = await connection.yaml(`${head}${end}  action: say\n  input:\n    |`);
    expect(Object.keys(input.offers)).toEqual(expect.arrayContaining(['text', 'times']));
    const right = `${head}${end}  action: say\n  input: { text: 'Hello {{name}}', times: '{{times}}' }\n`;
    expect((await connection.yaml(right)).problems).toEqual([]);
    expect((await connection.yaml(`${head}${end}`)).problems).toEqual(['Missing property "action".']);
  });

  test('accepts any config of an unknown connector', async () => {
    const json = '{ "$schema": "./file.schema.json", "source": { "connector": "./mine", "config": { "any": 1 } },';
    const end = '"target": { "connector": "c8-target-s3", "config": { "bucket": "lake" } }, "streams": ["public-*"] }';
    expect((await connection.json(`${json} ${end}`)).problems).toEqual([]);
  });

  test('offers the replication methods of a stream', async () => {
    const end = 'target: { connector: c8-target-s3, config: { bucket: lake } }\nstreams:\n  - stream: public-orders\n';
    const { offers } = await connection.yaml(`${head}${source}${end}    |`);
    expect(Object.keys(offers)).toEqual(expect.arrayContaining(['replication_method', 'replication_key', 'columns']));
    const right = `${head}${source}${end}    replication_method: INCREMENTAL\n    replication_key: updated_at\n`;
    expect((await connection.yaml(right)).problems).toEqual([]);
    expect((await connection.yaml(`${head}${source}${end}    replication_key: [a]\n`)).problems).toHaveLength(1);
  });

  test('reports a wrong key, method and list of streams', async () => {
    const end = 'target: { connector: c8-target-s3, config: { bucket: lake } }\n';
    const wrong = `${head}${source}${end}stream: x\nstreams: [{ stream: a, replication_method: ALL }]\n`;
    const { problems } = await connection.yaml(wrong);
    expect(problems).toContain('Property stream is not allowed.');
    expect(problems.join()).toContain('Valid values: "FULL_TABLE", "INCREMENTAL", "LOG_BASED"');
  });
});

test('In an alert file an editor offers only integrations, and accepts one alert or several', async () => {
  const { offers } = await alert.yaml(`${head}connector: |\n`);
  expect(Object.keys(offers)).toEqual(['"@acme/c8-integration-board"']);
  const one = "connector: '@acme/c8-integration-board'\nconfig: { token: { $env: T } }\naction: say\n";
  expect((await alert.yaml(`${head}${one}on: [failure]\n`)).problems).toEqual([]);
  expect((await alert.yaml(`${head}${one}on: [never]\n`)).problems).toHaveLength(1);
  const several = `alerts:\n  - ${one.trimEnd().replaceAll('\n', '\n    ')}\n`;
  expect((await alert.yaml(`${head}${several}`)).problems).toEqual([]);
  expect((await alert.yaml(`${head}${several}    rooms: [a]\n`)).problems).toEqual(['Property rooms is not allowed.']);
  expect((await alert.yaml(`${head}${several}action: say\n`)).problems).toEqual(['Property action is not allowed.']);
  expect((await alert.yaml(`${head}action: say\n`)).problems).toEqual(['Missing property "connector".']);
});
