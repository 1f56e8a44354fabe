import type { ValidationReport } from 'c8connector';
import { beforeAll, expect, test, vi } from 'vitest';
import { PostgresSource } from '../c8_source_postgres/index.ts';
import { connectionsOfSource, createDatabase, type Login, rawConfigOf } from './harness.ts';

let database: Login;

beforeAll(async () => {
  database =
    await createDatabase(`create table a (id int); create table b (id int); create table timed (id int, at timestamptz);
    create role half_reader login password 'reader'; grant select on a to half_reader; create role stranger login password 'stranger'`);
});

/** Each step as `id status`, and the code and the last step of a failure. */
async function stepsOf(settings: Record<string, unknown>) {
  const rejected: unknown = await new PostgresSource().validate(rawConfigOf(database, settings)).then(
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
])('%s fails the step it concerns, and names the property to correct', async (_, settings, id, code, property) => {
  const result = await stepsOf(settings);
  expect(result.last).toMatchObject({ id, status: 'failed', property, remedy: expect.any(String) });
  expect(result.code).toBe(code);
});

test('warns of tables that the role may not read, by name', async () => {
  const { last, steps } = await stepsOf({ user: 'half_reader', password: 'reader' });
  expect(steps).toContain('privileges warning');
  expect(last?.message).toBe('Found one table or view: public-a.');
});

test('warns of rows that INCREMENTAL could miss, and refuses an unknown time zone', async () => {
  const incremental = { replication_method: 'INCREMENTAL' };
  const { last } = await stepsOf({ ...incremental, user: 'half_reader', password: 'reader' });
  expect(last).toMatchObject({
    id: 'incremental',
    status: 'warning',
    remedy: expect.stringContaining('pg_read_all_stats'),
  });
  expect(last?.message).toContain('No column of public.a holds a time');
  const { code, last: failed } = await stepsOf({ ...incremental, timestamp_zone: 'Middle/Earth' });
  expect([code, failed?.property]).toEqual(['config_invalid', 'timestamp_zone']);
  expect((await stepsOf({ ...incremental, filter_table: 'timed' })).last).toMatchObject({ status: 'passed' });
});

test('an empty database is reported as one without tables', async () => {
  const { database: dbname } = await createDatabase();
  expect((await stepsOf({ dbname })).message).toMatch(/No tables were discovered: the database \S+ has no table/);
});

test('leaves no connection open, whether it passes or fails', async () => {
  await stepsOf({});
  await stepsOf({ filter_table: 'missing' });
  await vi.waitFor(async () => expect(await connectionsOfSource(database)).toBe(0), { timeout: 5000 });
});
