import type { ValidationReport } from 'c8connector';
import { type PostgresServer, startPostgres } from 'test-services';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { PostgresSource } from '../c8_source_postgres/index.ts';
import { connectTo, integrationOf } from './read.ts';

let server: PostgresServer;

beforeAll(async () => {
  server = await startPostgres();
  await using client = await connectTo(server);
  await client.query(`create table a (id int); create table b (id int); create role reader login password 'reader'; grant select on a to reader;
    create role stranger login password 'stranger'`);
});

afterAll(() => server.stop());

/** Each step as `id status`, and the code and the last step of a failure. */
async function stepsOf(settings: Record<string, unknown>) {
  const rejected: unknown = await new PostgresSource().validate(integrationOf(server, settings)).then(
    (report) => ({ report }),
    (error) => error,
  );
  const { report, code, message } = rejected as { report: ValidationReport; code?: string; message?: string };
  return { steps: report.steps.map(({ id, status }) => `${id} ${status}`), last: report.steps.at(-1), code, message };
}

test('a good config passes every step', async () => {
  expect((await stepsOf({})).steps).toEqual([
    'config passed',
    'address passed',
    'connection passed',
    'tls passed',
    'login passed',
    'privileges passed',
    'tables passed',
  ]);
});

test.each([
  ['an unknown host', { host: 'no.such.host.invalid' }, 'address', 'host_unknown', 'host'],
  ['a closed port', { port: 1 }, 'connection', 'connection_refused', 'port'],
  ['no TLS', { ssl_mode: 'verify-full' }, 'tls', 'tls_refused', 'ssl_mode'],
  ['a wrong password', { password: 'no' }, 'login', 'login_refused', 'password'],
  ['an unknown database', { dbname: 'nowhere' }, 'login', 'database_unknown', 'dbname'],
  ['a role that may read nothing', { user: 'stranger', password: 'stranger' }, 'privileges', 'access_denied', 'user'],
  ['a filter that matches nothing', { filter_table: 'missing' }, 'tables', 'stream_unknown', 'filter_table'],
  ['a schema that does not exist', { filter_schemas: 'missing' }, 'tables', 'stream_unknown', 'filter_schemas'],
])('%s fails at its step, and blames its property', async (_, settings, id, code, property) => {
  const result = await stepsOf(settings);
  expect(result.last).toMatchObject({ id, status: 'failed', property, remedy: expect.any(String) });
  expect(result.code).toBe(code);
});

test('tables that the role may not read are a warning that names them', async () => {
  const { last, steps } = await stepsOf({ user: 'reader', password: 'reader' });
  expect(steps).toContain('privileges warning');
  expect(last?.message).toBe('Found one table or view: public-a.');
});

test('an empty database says that it has no table', async () => {
  const dbname = await server.createDatabase();
  expect((await stepsOf({ dbname })).message).toMatch(/No tables were discovered: the database \S+ has no table/);
});

test('leaves no connection behind, passed or failed', async () => {
  await stepsOf({});
  await stepsOf({ filter_table: 'missing' });
  await using client = await connectTo(server);
  const count = `select count(*)::int as count from pg_stat_activity where application_name = 'c8-source-postgres'`;
  await vi.waitFor(async () => expect((await client.query(count)).rows).toEqual([{ count: 0 }]), { timeout: 5000 });
});
