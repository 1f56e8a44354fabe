import { createServer } from 'node:net';
import { beforeAll, describe, expect, test } from 'vitest';
import { connect } from '../c8_source_postgres/client.ts';
import { readTable } from '../c8_source_postgres/copy.ts';
import { translateError } from '../c8_source_postgres/errors.ts';
import { configOf, connectTo, contextOf, createDatabase, discoverAll, type Login, readLines } from './harness.ts';

let database: Login;

beforeAll(async () => {
  database = await createDatabase();
});

/** The error of a connection with these settings. */
async function errorOf(settings: Record<string, unknown>) {
  return await connect(configOf(database, settings), new AbortController().signal).then(
    () => undefined,
    (error) => error,
  );
}

async function withPort<T>(onConnection: 'silent' | 'closing', use: (port: number) => Promise<T>): Promise<T> {
  const fake = createServer((socket) =>
    onConnection === 'closing' ? socket.destroy() : socket.on('error', () => undefined),
  );
  await new Promise<void>((resolve) => fake.listen(0, '127.0.0.1', resolve));
  const address = fake.address();
  try {
    return await use(typeof address === 'object' && address !== null ? address.port : 0);
  } finally {
    fake.close();
  }
}

async function closedPort(): Promise<number> {
  return await withPort('closing', async (port) => port);
}

describe('a refused connection fails with the reason', () => {
  test.each([
    ['a wrong password', { password: 'no' }, 'login_refused', 'password'],
    ['no password', { password: '' }, 'login_refused', 'password'],
    ['an unknown user', { user: 'nobody' }, 'login_refused', 'password'],
    ['an unknown database', { dbname: 'nowhere' }, 'database_unknown', 'dbname'],
    ['an unknown host', { host: 'no.such.host.invalid' }, 'host_unknown', 'host'],
    ['a server without TLS', { ssl_mode: 'require' }, 'tls_refused', 'ssl_mode'],
  ])('%s', async (_, settings, code, property) => {
    const error = await errorOf(settings);
    expect(error).toMatchObject({ name: 'ConnectionError', code, exitCode: 3, details: { property } });
    expect(error.remedy).toBeTruthy();
    expect(JSON.stringify(error) + error.message).not.toContain(database.password);
  });

  test('a closed port, which may open later', async () => {
    expect(await errorOf({ port: await closedPort() })).toMatchObject({
      code: 'connection_refused',
      exitCode: 3,
      isRetryable: true,
    });
  });

  test('a server that closes the connection at once', async () => {
    await withPort('closing', async (port) => {
      expect(await errorOf({ port })).toMatchObject({ code: 'connection_lost', exitCode: 3, isRetryable: true });
    });
  });

  test('a certificate that is not PEM', async () => {
    const error = await errorOf({ ssl_mode: 'verify-ca', ssl_root_ca_cert: '/path/to/ca.pem' });
    expect(error).toMatchObject({
      name: 'ConfigError',
      code: 'config_invalid',
      exitCode: 2,
      problems: [{ property: 'ssl_root_ca_cert' }],
    });
  });

  test('a client certificate without its key', async () => {
    const error = await errorOf({ ssl_client_certificate: '-----BEGIN CERTIFICATE----- a -----END CERTIFICATE-----' });
    expect(error).toMatchObject({ code: 'config_invalid', problems: [{ property: 'ssl_client_key' }] });
  });

  test('a client key that is not a key', async () => {
    const pem = (label: string) => `-----BEGIN ${label}-----\nbm9uZQ==\n-----END ${label}-----`;
    const error = await errorOf({
      ssl_mode: 'require',
      ssl_client_certificate: pem('CERTIFICATE'),
      ssl_client_key: pem('PRIVATE KEY'),
    });
    expect(error).toMatchObject({ code: expect.stringMatching(/config_invalid|tls_refused/) });
  });
});

test.each([
  ['ETIMEDOUT', '', 'connection_timeout'],
  ['', 'timeout expired', 'connection_timeout'],
  ['EHOSTUNREACH', '', 'connection_refused'],
  ['EAI_AGAIN', '', 'host_unknown'],
  ['57P03', 'the database system is starting up', 'connection_refused'],
  ['53300', 'sorry, too many clients already', 'connection_refused'],
  ['57P01', 'terminating connection', 'connection_lost'],
  ['08006', 'gone', 'connection_lost'],
  ['40001', 'canceling statement due to conflict with recovery', 'connection_lost'],
  ['ECONNRESET', 'read ECONNRESET', 'connection_lost'],
  ['28000', 'no pg_hba.conf entry', 'login_refused'],
  ['CERT_HAS_EXPIRED', 'certificate has expired', 'tls_refused'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'altnames', 'tls_refused'],
  ['42501', 'permission denied for table t', 'access_denied'],
  ['42P01', 'relation does not exist', 'stream_unknown'],
  ['42703', 'column does not exist', 'column_unknown'],
  ['XX000', 'something else', 'unexpected'],
])('the code %s with the message %j becomes %s', (code, message, expected) => {
  const cause = Object.assign(new Error(message), { code });
  const attempt = { host: 'h', port: 1, user: 'u', dbname: 'd' };
  expect(translateError(cause, attempt)).toMatchObject({ code: expected, cause });
});

/** Errors that a read-only role can get: SQLSTATE, the message of the server, the code, and a part of the remedy. */
const refusals: readonly (readonly [string, string, string, RegExp])[] = [
  ['0A000', 'cannot do this', 'value_refused', /Fix the table or view/],
  ['08001', 'could not connect to server "elsewhere"', 'value_refused', /user mapping/],
  ['08006', 'server closed the connection', 'value_refused', /foreign server/],
  ['21000', 'more than one row returned by a subquery', 'value_refused', /view/],
  ['22003', 'integer out of range', 'value_refused', /Correct the row/],
  ['22012', 'division by zero', 'value_refused', /Correct the row/],
  ['22021', 'invalid byte sequence', 'value_refused', /Correct the value/],
  ['22P05', 'character has no equivalent', 'value_refused', /deselect the column/],
  ['22P02', 'invalid input syntax', 'value_refused', /Correct the row/],
  ['25006', 'cannot execute nextval() in a read-only transaction', 'value_refused', /calls a function which writes/],
  ['2F004', 'reading data not permitted', 'value_refused', /the functions that it calls/],
  ['38000', 'external routine', 'value_refused', /the functions that it calls/],
  ['3F000', 'schema does not exist', 'stream_unknown', /discover/],
  ['40001', 'canceling statement due to conflict with recovery', 'connection_lost', /hot_standby_feedback/],
  ['40P01', 'deadlock detected', 'connection_lost', /Run again/],
  ['42501', 'permission denied for table t', 'access_denied', /SELECT/],
  ['42501', 'permission denied for function f', 'access_denied', /EXECUTE/],
  ['42703', 'column does not exist', 'column_unknown', /columns/],
  ['42883', 'function f() does not exist', 'value_refused', /the functions that it calls/],
  ['42P01', 'relation does not exist', 'stream_unknown', /discover/],
  ['53100', 'could not write to file: No space left on device', 'server_busy', /free resources/],
  ['53200', 'out of memory', 'server_busy', /limit/],
  ['53400', 'temporary file size exceeds temp_file_limit', 'server_busy', /free resources/],
  ['54000', 'out of memory: Cannot enlarge string buffer', 'value_refused', /Deselect the column/],
  ['54001', 'stack depth limit exceeded', 'server_busy', /limit/],
  ['55000', 'materialized view has not been populated', 'stream_unknown', /REFRESH/],
  ['55000', 'must be loaded via "shared_preload_libraries"', 'stream_unknown', /shared_preload_libraries/],
  ['55P03', 'canceling statement due to lock timeout', 'server_busy', /pg_locks/],
  ['57014', 'canceling statement due to statement timeout', 'connection_lost', /statement_timeout/],
  ['57014', 'canceling statement due to user request', 'connection_lost', /Run again/],
  ['58030', 'could not read file', 'server_busy', /administrator/],
  ['58P01', 'could not open file', 'server_busy', /administrator/],
  ['72000', 'snapshot too old', 'connection_lost', /Run again/],
  ['HV000', 'foreign error', 'value_refused', /foreign server/],
  ['P0001', 'raised by a function', 'value_refused', /the functions that it calls/],
  ['XX000', 'invalid memory alloc request size 1258291203', 'value_refused', /Deselect the column/],
  ['XX000', 'cache lookup failed', 'value_refused', /the functions that it calls/],
  ['XX001', 'invalid page in block 3', 'value_refused', /REINDEX/],
  ['XX002', 'index is damaged', 'value_refused', /REINDEX/],
];

test.each(
  refusals.flatMap((refusal) =>
    (['ERROR', 'FEHLER', 'ERREUR'] as const).map((severity) => [...refusal, severity] as const),
  ),
)(
  'the error %s %j of a statement becomes %s with the name of the stream and a remedy',
  (code, message, expected, remedy, severity) => {
    const cause = Object.assign(new Error(message), { code, severity });
    const error = translateError(cause, { host: 'h', port: 1, user: 'u', dbname: 'd' }, 'public-t');
    expect(error).toMatchObject({ code: expected, cause, details: { stream: 'public-t', serverCode: code } });
    expect(error.message).toContain(message);
    expect(error.message).toContain('public-t');
    expect(error.remedy).toMatch(remedy);
  },
);

test.each([
  ['08P01', 'unsupported startup parameter: options', 'connection_refused', /ignore_startup_parameters/],
  ['25P03', 'terminating connection', 'connection_lost', /idle_in_transaction_session_timeout/],
  ['25P04', 'terminating connection', 'connection_lost', /SET transaction_timeout = 0/],
  ['28000', 'no pg_hba.conf entry', 'login_refused', /user/],
  ['28P01', 'password authentication failed', 'login_refused', /secret/],
  ['3D000', 'database does not exist', 'database_unknown', /name of the database/],
  ['53300', 'too many clients already', 'connection_refused', /connection limit/],
  ['57P01', 'terminating connection due to administrator command', 'connection_lost', /Run again/],
  ['57P02', 'terminating connection because of crash', 'connection_lost', /Run again/],
  ['57P03', 'the database system is starting up', 'connection_refused', /has started/],
  ['57P04', 'terminating connection', 'database_unknown', /name of the database/],
  ['57P05', 'terminating connection', 'connection_lost', /idle_session_timeout/],
])(
  'the error %s %j, which ends a session, becomes %s with a remedy, whatever was read',
  (code, message, expected, remedy) => {
    const cause = Object.assign(new Error(message), { code, severity: 'FATAL' });
    const error = translateError(cause, { host: 'h', port: 1, user: 'u', dbname: 'd' }, 'public-t');
    expect(error).toMatchObject({ code: expected, cause });
    expect(error.details).not.toHaveProperty('stream');
    expect(error.remedy).toMatch(remedy);
  },
);

describe('a refused read fails with the reason', () => {
  test('a table that was dropped after discovery', async () => {
    await using client = await connectTo(database);
    await client.query('create table gone (id int)');
    const config = configOf(database, { filter_table: 'gone' });
    const [stream] = await discoverAll(config);
    await client.query('drop table gone');
    if (stream === undefined) throw new Error('not discovered');
    await expect(readTable(stream, contextOf(stream, config)).next()).rejects.toMatchObject({
      code: 'stream_unknown',
      exitCode: 2,
    });
  });

  test('a view whose table the role may not read', async () => {
    await using client = await connectTo(database);
    await client.query(`create role viewer login password 'viewer'; create table hidden (id int);
      create view shown with (security_invoker) as select * from hidden; grant select on shown to viewer`);
    const reading = readLines(configOf(database, { user: 'viewer', password: 'viewer' }), 'public-shown');
    await expect(reading).rejects.toMatchObject({
      code: 'access_denied',
      exitCode: 3,
      message: expect.stringContaining('hidden'),
    });
  });

  test('a materialized view that was never filled', async () => {
    await using client = await connectTo(database);
    await client.query('create materialized view unfilled as select 1 as id with no data');
    const reading = readLines(configOf(database), 'public-unfilled');
    await expect(reading).rejects.toMatchObject({ code: 'stream_unknown', remedy: expect.stringContaining('REFRESH') });
  });

  test('a table that is locked for more than half of the time of a sample', async () => {
    await using client = await connectTo(database);
    await client.query('create table locked (id int)');
    await client.query('begin; lock table locked in access exclusive mode');
    await expect(readLines(configOf(database), 'public-locked', { milliseconds: 400 })).rejects.toMatchObject({
      code: 'server_busy',
      isRetryable: true,
      details: { stream: 'public-locked' },
      remedy: expect.stringContaining('pg_locks'),
    });
  });

  test('a view that takes longer than the time of a sample', async () => {
    await using client = await connectTo(database);
    await client.query('create view slow as select pg_sleep(600)::text as slept');
    await expect(readLines(configOf(database), 'public-slow', { milliseconds: 400 })).rejects.toMatchObject({
      code: 'connection_lost',
      details: { stream: 'public-slow' },
      message: expect.stringContaining('statement timeout'),
    });
  });

  test('a connection that an administrator ends in the middle of the copy', async () => {
    await using client = await connectTo(database);
    await client.query(
      `create view long as select repeat('x', 10000) as text from generate_series(1, 1000) a, generate_series(1, 1000) b`,
    );
    const config = configOf(database, { filter_table: 'long' });
    const [stream] = await discoverAll(config);
    if (stream === undefined) throw new Error('not discovered');
    const pages = readTable(stream, contextOf(stream, config));
    await pages.next();
    await client.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'c8-source-postgres' and datname = current_database()`,
    );
    const rest = async () => {
      for await (const _ of pages);
    };
    await expect(rest()).rejects.toMatchObject({ code: 'connection_lost', exitCode: 3, isRetryable: true });
  });

  test('bytes that are not UTF-8 in a database without an encoding', async () => {
    await using admin = await connectTo(database);
    await admin.query(`create database anything encoding 'SQL_ASCII' template template0 locale 'C'`);
    await using client = await connectTo({ ...database, database: 'anything' });
    await client.query(
      `create table good (c text); insert into good values ('abc'); create table bad (c text); insert into bad values (E'\\xff')`,
    );
    const config = configOf(database, { dbname: 'anything' });
    expect(await readLines(config, 'public-good')).toEqual(['{"c":"abc"}']);
    await expect(readLines(config, 'public-bad')).rejects.toMatchObject({
      code: 'value_refused',
      remedy: expect.stringContaining('SQL_ASCII'),
    });
  });
});
