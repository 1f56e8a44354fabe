import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Catalog, stringifyValue } from 'c8connector';
import { type PostgresServer, startPostgres } from 'test-services';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { activityOf, backendOf, backendText } from '../c8_source_postgres/backend.ts';
import { connect } from '../c8_source_postgres/client.ts';
import type { PostgresStream } from '../c8_source_postgres/discover.ts';
import { PostgresSource } from '../c8_source_postgres/index.ts';
import { configOf, connectTo, discoverAll, linesOf, rawConfigOf, readLines } from './harness.ts';
import { setTraps } from './traps.ts';

let server: PostgresServer;

beforeAll(async () => {
  server = await startPostgres();
});

afterAll(() => server.stop());

/** The results of each verb, including the records of the program. */
async function allVerbs(rawConfig: Record<string, unknown>) {
  const source = new PostgresSource();
  const catalog = await source.discover(rawConfig);
  const { steps } = await source.validate(rawConfig);
  return {
    catalog,
    steps: steps.map(({ id, status, message }) => ({ id, status, message })),
    samples: await source.samples(rawConfig),
    schemas: await source.schemas(rawConfig),
    records: await recordsOfProgram(rawConfig, catalog),
  };
}

async function recordsOfProgram(rawConfig: Record<string, unknown>, { streams }: Catalog): Promise<unknown[]> {
  const selected = { breadcrumb: [], metadata: { selected: true } };
  const catalog = { streams: streams.map((entry) => ({ ...entry, metadata: [...entry.metadata, selected] })) };
  const directory = await mkdtemp(join(tmpdir(), 'c8-records-'));
  const files = { config: join(directory, 'config.json'), catalog: join(directory, 'catalog.json') };
  try {
    await writeFile(files.config, JSON.stringify(rawConfig));
    await writeFile(files.catalog, stringifyValue(catalog));
    const program = new URL('../bin/c8-source-postgres.js', import.meta.url).pathname;
    const args = [program, '--config', files.config, '--catalog', files.catalog];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    const messages = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    return messages.filter(({ type }) => type === 'RECORD').map(({ stream, record }) => ({ stream, record }));
  } finally {
    await rm(directory, { recursive: true });
  }
}

test('no verb uses a function, operator or relation with which another user shadows one of the server', async () => {
  const dbname = await server.createDatabase();
  await using admin = await connectTo({ ...server, database: dbname });
  await admin.query(`
    create role trapped login password 'careless'; create role mallory; grant create on schema public to mallory;
    create schema app; grant usage on schema app to trapped;
    create type app.mood as enum ('glad', 'sad');
    create domain app.price as numeric(10, 2);
    create table app.orders (id int primary key, name text not null, price app.price, moods app.mood[], at timestamptz);
    create table app.parted (id int primary key) partition by range (id);
    create table app.part partition of app.parted for values from (0) to (10);
    create table app.parent (id int not null); create table app.child (more int) inherits (app.parent);
    create view app.seen with (security_barrier) as select id, name from app.orders;
    create view app.invoked with (security_invoker) as select id from app.orders;
    create table app.policed (id int); alter table app.policed enable row level security; create policy all_rows on app.policed using (true);
    grant select on all tables in schema app to trapped;
    insert into app.orders values (1, 'one', 1.5, '{glad,sad}', '2024-01-02'); insert into app.parted values (1); insert into app.child values (1, 2);
    insert into app.policed values (1)`);
  const rawConfig = rawConfigOf(server, { dbname, user: 'trapped', password: 'careless', filter_schemas: 'app' });
  const before = await allVerbs(rawConfig);
  expect(before.records).toHaveLength(8);
  await admin.query(`
    set role mallory; ${setTraps}; reset role;
    alter database ${dbname} set search_path = public, pg_catalog; alter role trapped set search_path = public, pg_catalog`);
  const { rows } = await admin.query(`
    select (select count(*) from pg_catalog.pg_proc p where p.pronamespace = 'public'::regnamespace)::int as functions,
      (select count(*) from pg_catalog.pg_operator o where o.oprnamespace = 'public'::regnamespace)::int as operators`);
  expect(rows[0].functions).toBeGreaterThan(3000);
  expect(rows[0].operators).toBeGreaterThan(2500);
  expect(await allVerbs(rawConfig)).toEqual(before);
  const config = configOf({ ...server, database: dbname, user: 'trapped', password: 'careless' });
  const policed = (await discoverAll(config)).find(({ id }) => id === 'app-policed') as PostgresStream;
  await admin.query(`drop policy all_rows on app.policed; alter table app.policed alter id type app.mood using 'glad'`);
  await expect(linesOf(policed, config)).rejects.toThrow('id was integer and is app.mood');
  const open = () => connect(config, new AbortController().signal);
  await using idle = await open();
  const backend = backendOf([await idle.client.query(backendText)]);
  expect(await activityOf(backend, open)).toBe('ended');
  expect(await server.log()).not.toContain('trap as');
});

test("a view's function finds what the role's search_path leads it to", async () => {
  const dbname = await server.createDatabase();
  await using admin = await connectTo({ ...server, database: dbname });
  await admin.query(`
    create schema app; create table app.rates (rate int); insert into app.rates values (7);
    create function app.rate() returns int language plpgsql as $$ begin return (select rate from rates); end $$;
    create view public.priced as select app.rate() as rate; alter database ${dbname} set search_path = app`);
  expect(await readLines(configOf(server, { dbname }), 'public-priced')).toEqual(['{"rate":7}']);
});
