import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type PostgresServer, startPostgres } from '../../src/postgres/server.ts';

let server: PostgresServer;

beforeAll(async () => {
  server = await startPostgres({ settings: { work_mem: '5MB', 'test.quote': "it's" } });
}, 60_000);
afterAll(() => server.stop());

async function query(text: string, changes: pg.ClientConfig = {}): Promise<Record<string, unknown>[]> {
  const { host, port, user, password, database } = server;
  const client = new pg.Client({ host, port, user, password, database, ...changes });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

it('is ready for logical replication', async () => {
  const slot = "pg_create_logical_replication_slot('slot_1', 'pgoutput')";
  expect(await query(`SELECT slot_name FROM ${slot}`)).toEqual([{ slot_name: 'slot_1' }]);
  await query("SELECT pg_drop_replication_slot('slot_1')");
});

it('stores UTF-8 and sorts it by its bytes', async () => {
  expect(await query("SELECT upper('é') AS upper, 'Z' < 'a' AS bytes, getdatabaseencoding() AS encoding")).toEqual([
    { upper: 'É', bytes: true, encoding: 'UTF8' },
  ]);
});

it('takes settings', async () => {
  expect(await query("SELECT current_setting('work_mem') AS a, current_setting('test.quote') AS b")).toEqual([
    { a: '5MB', b: "it's" },
  ]);
});

it('checks passwords with SCRAM', async () => {
  await expect(query('SELECT 1', { password: 'wrong' })).rejects.toMatchObject({ code: '28P01' });
  const [row] = await query(
    "SELECT rolpassword LIKE 'SCRAM-SHA-256$%' AS scram FROM pg_authid WHERE rolname = 'postgres'",
  );
  expect(row).toEqual({ scram: true });
});

it('creates databases of a fresh or a given name', async () => {
  const names = [await server.createDatabase(), await server.createDatabase(), await server.createDatabase('It"s')];
  expect(new Set(names).size).toBe(3);
  for (const database of names) {
    expect(await query('SELECT current_database() AS name', { database })).toEqual([{ name: database }]);
  }
});

it('serves the same data on the same port after a restart', async () => {
  await query('CREATE TABLE kept (id int)');
  const { host, port, user, password, database } = server;
  const client = new pg.Client({ host, port, user, password, database });
  const codes: unknown[] = [];
  client.on('error', (error) => codes.push('code' in error && error.code));
  await client.connect();
  await server.restart();
  expect(codes[0]).toBe('57P01');
  expect(await query('SELECT count(*)::int AS count FROM kept')).toEqual([{ count: 0 }]);
});

it('returns its log', async () => {
  await expect(query("SELECT 'to be found' + 1")).rejects.toThrow();
  expect(await server.log()).toContain('to be found');
});

it('refuses settings that PostgreSQL does not know, with its words', async () => {
  await expect(startPostgres({ settings: { no_such_setting: '1' } })).rejects.toThrow('no_such_setting');
});
