import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { MysqlSource } from '../c8_source_mysql/index.ts';

test('mysql2 is loaded by the first connection, not by the import', () => {
  const index = new URL('../dist/index.js', import.meta.url).href;
  const script = `
    import { createRequire } from 'node:module';
    await import(${JSON.stringify(index)});
    const loaded = Object.keys(createRequire(${JSON.stringify(index)}).cache);
    console.log(loaded.filter((file) => /node_modules.mysql2./.test(file)).length);`;
  expect(execFileSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8' })).toBe('0\n');
});

test('only host, user and database are required, and have no defaults', () => {
  const mandatory = new MysqlSource().config.filter(({ isMandatory }) => isMandatory);
  expect(mandatory.map(({ name, defaultValue }) => [name, defaultValue])).toEqual([
    ['host', ''],
    ['user', ''],
    ['database', ''],
  ]);
});

test('passwords and the client key are secrets', () => {
  const secrets = new MysqlSource().config.filter(({ type, isSecret }) => type === 'password' || isSecret);
  expect(secrets.map(({ name }) => name)).toEqual(['password', 'ssl_client_key', 'ssl_client_password']);
});
