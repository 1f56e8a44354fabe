import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { PostgresSource } from '../c8_source_postgres/index.ts';

test('pg is loaded by the first connection, not by the import', () => {
  const index = new URL('../dist/index.js', import.meta.url).href;
  const script = `
    import { createRequire } from 'node:module';
    await import(${JSON.stringify(index)});
    const loaded = Object.keys(createRequire(${JSON.stringify(index)}).cache);
    console.log(loaded.filter((file) => /node_modules.pg./.test(file)).length);`;
  expect(execFileSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8' })).toBe('0\n');
});

test('only host, user and dbname are required, and have no defaults', () => {
  const mandatory = new PostgresSource().config.filter(({ isMandatory }) => isMandatory);
  expect(mandatory.map(({ name, defaultValue }) => [name, defaultValue])).toEqual([
    ['host', ''],
    ['user', ''],
    ['dbname', ''],
  ]);
});

test('passwords and the client key are secrets', () => {
  const secrets = new PostgresSource().config.filter(({ type, isSecret }) => type === 'password' || isSecret);
  expect(secrets.map(({ name }) => name)).toEqual(['password', 'ssl_client_key', 'ssl_client_password']);
});
