import { expect } from 'vitest';
import { configOf, createDatabase, execute, type Login, readLines, type ServerName } from '../harness.ts';
import { follow } from './followed.ts';
import { testTables } from './tables.ts';

/** Compares rows of all types in the log with a copy of them, and their schemas. */
export async function compareAllTypes(server: ServerName, at: Login): Promise<void> {
  const tables = testTables(server);
  const login: Login = await createDatabase(
    at,
    tables.map(({ name, create }) => `create table ${name} (id int primary key, ${create})`),
  );
  const names = tables.map(({ name }) => name);
  const copied = await follow(login, { tables: names });
  await execute(
    login,
    `set sql_mode = '', time_zone = '+00:00'`,
    ...tables.map(({ name, rows }) => `insert into ${name} values ${rows.map((row, id) => `(${id}, ${row})`).join()}`),
    ...tables.map(({ name }) => `update ${name} set id = id + 1000 where id = 0`),
  );
  const { lines, messages } = await follow(login, { tables: names, state: copied.state });
  for (const { name, rows } of tables) {
    const logged = lines(name).map((line) => line.replace(/,"_sdc_deleted_at":null\}$/, '}'));
    const inserted = logged.slice(0, rows.length);
    const moved = logged.slice(rows.length).filter((line) => !line.includes('_sdc_deleted_at'));
    const copy = await readLines(configOf(login), name);
    const isMoved = (line: string) => line.startsWith('{"id":1000,');
    expect.soft([...inserted.slice(1)], name).toEqual(copy.filter((line) => !isMoved(line)));
    expect.soft(moved, name).toEqual(copy.filter(isMoved));
    const schemas = messages.filter(
      ({ type, stream }: { type: string; stream?: string }) =>
        type === 'SCHEMA' && stream === `${login.database}-${name}`,
    );
    expect.soft(schemas, `schemas of ${name}`).toHaveLength(1);
  }
}
