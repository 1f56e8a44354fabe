import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { PostgresSource } from 'c8-source-postgres';
import { describe, expect, test } from 'vitest';
import { configFileSchema } from '../../src/schema/config-file.ts';
import { editorWith } from './editor.ts';

const schema = configFileSchema(new PostgresSource());
const editor = editorWith(schema);
const jsonHead = '"$schema": "./file.schema.json", "host": "db", ';
const yamlHead = '# yaml-language-server: $schema=./file.schema.json\nhost: db\n';
const modes = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full'];

describe('In a half-written config file an editor', () => {
  test('offers the missing properties, with their descriptions', async () => {
    const json = await editor.json(`{ ${jsonHead} | }`);
    const yaml = await editor.yaml(`${yamlHead}|`);
    for (const { offers, descriptions } of [json, yaml]) {
      expect(Object.keys(offers)).toEqual(expect.arrayContaining(['port', 'user', 'password', 'dbname', 'ssl_mode']));
      expect(offers).not.toHaveProperty('host');
      expect(descriptions.dbname).toContain('Database to read.');
    }
    expect(json.offers.port).toMatch(/5432/);
    expect(yaml.offers.port).toMatch(/5432/);
  });

  test('offers the values of options', async () => {
    const json = await editor.json(`{ ${jsonHead} "ssl_mode": | }`);
    expect(Object.keys(json.offers).sort()).toEqual(modes.map((mode) => `"${mode}"`));
    const yaml = await editor.yaml(`${yamlHead}ssl_mode: |`);
    expect(Object.keys(yaml.offers).sort()).toEqual(modes);
  });

  test('offers an environment variable for a secret, by its name and as its value', async () => {
    const variable = `{ "\\$env": "\${1:POSTGRES_PASSWORD}" }`;
    expect((await editor.json(`{ ${jsonHead} | }`)).offers.password).toBe(`"password": ${variable}`);
    expect((await editor.yaml(`${yamlHead}|`)).offers.password).toBe(`password: ${variable}`);
    for (const { offers } of [
      await editor.json(`{ ${jsonHead} "password": | }`),
      await editor.yaml(`${yamlHead}password: |`),
    ])
      expect(Object.entries(offers)[0]).toEqual(['{ $env: POSTGRES_PASSWORD }', variable]);
  });

  test('offers a file for a certificate', async () => {
    const { offers } = await editor.yaml(`${yamlHead}ssl_mode: verify-full\n|`);
    expect(offers.ssl_root_ca_cert).toBe(`ssl_root_ca_cert: { "\\$file": "\${1:./ssl_root_ca_cert}" }`);
  });

  test('reports properties that are missing, of a wrong type, not an option, not a reference or unknown', async () => {
    const json = await editor.json(
      `{ ${jsonHead} "port": "x", "ssl_mode": "never", "user": { "$env": 5 }, "pasword": "x" }`,
    );
    expect(json.problems).toEqual([
      'Missing property "dbname".',
      'Incorrect type. Expected "integer".',
      'Incorrect type. Expected "string".',
      `Value is not accepted. Valid values: ${modes.map((mode) => `"${mode}"`).join(', ')}.`,
      'Property pasword is not allowed.',
    ]);
    const yaml = await editor.yaml(`${yamlHead}port: x\nssl_mode: never\nuser: { $env: 5 }\npasword: x\n`);
    expect([...yaml.problems].sort()).toEqual([
      'Incorrect type. Expected "integer | environment | file".',
      'Incorrect type. Expected "string".',
      'Missing property "dbname".',
      'Property pasword is not allowed.',
      `Value is not accepted. Valid values: ${modes.map((mode) => `"${mode}"`).join(', ')}.`,
    ]);
  });

  test('reports nothing for a valid one, with references and its schema in it', async () => {
    const rest = '"user": "me", "dbname": "shop", "port": { "$env": "PGPORT" }, "password": { "$file": "./password" }';
    expect((await editor.json(`{ ${jsonHead} ${rest} }`)).problems).toEqual([]);
    const yaml = '$schema: ./file.schema.json\nhost: db\nuser: me\ndbname: shop\npassword: { $env: PGPASSWORD }\n';
    expect((await editor.yaml(yaml)).problems).toEqual([]);
  });
});

describe('The schema of a config file', () => {
  // The keyword is the editors' own.
  const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false, keywords: ['defaultSnippets'] });
  formats.default(ajv);
  const isValid = ajv.compile(schema);
  const good = { host: 'db', user: 'me', dbname: 'shop' };

  test.each<[string, object]>([
    ['with values of the declared types', { ...good, port: 5432, ssl_mode: 'require' }],
    ['with references for every kind of value', { ...good, port: { $env: 'P' }, ssl_mode: { $file: './mode' } }],
    ['with the bytes of a file', { ...good, ssl_client_key: { $file: './key.p12', as: 'base64' } }],
    ['that names its schema', { ...good, $schema: './file.schema.json' }],
    ['with a reference for what another property asks for', { ...good, ssl_client_key: { $file: './key.pem' } }],
  ])('accepts a file %s', (_, config) => {
    expect(isValid(config)).toBe(true);
  });

  test.each<[string, object]>([
    ['with a reference beside something else', { ...good, port: { $env: 'P', default: 1 } }],
    ['with a file in an unknown form', { ...good, ssl_client_key: { $file: './key', as: 'hex' } }],
    ['with a reference that names nothing', { ...good, port: { $env: '' } }],
    ['with a value of a wrong type', { ...good, port: 'many' }],
    ['without what is mandatory', { host: 'db' }],
  ])('refuses a file %s', (_, config) => {
    expect(isValid(config)).toBe(false);
  });
});
