import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { connect } from '../c8_source_mysql/client.ts';
import { translateError } from '../c8_source_mysql/errors.ts';
import { configOf, describeServers, sharedServer } from './harness.ts';

const attempt = { host: 'h', port: 1, user: 'u', database: 'd' };

/** An error of the server, as mysql2 throws it. */
function serverErrorOf(errno: number, message: string): Error {
  return Object.assign(new Error(message), { errno, sqlState: 'HY000', code: 'ER_SOME_NAME' });
}

test.each([
  ['ETIMEDOUT', '', 'connection_timeout'],
  ['', 'timeout expired', 'connection_timeout'],
  ['EHOSTUNREACH', '', 'connection_refused'],
  ['EAI_AGAIN', '', 'host_unknown'],
  ['ECONNRESET', 'read ECONNRESET', 'connection_lost'],
  ['PROTOCOL_CONNECTION_LOST', 'Connection lost: The server closed the connection.', 'connection_lost'],
  ['', "Can't add new command when connection is in closed state", 'connection_lost'],
  ['PROTOCOL_UNEXPECTED_PACKET', 'Unexpected packet while no commands in the queue', 'server_answer_invalid'],
  ['HANDSHAKE_NO_SSL_SUPPORT', 'Server does not support secure connection', 'tls_refused'],
  ['CERT_HAS_EXPIRED', 'certificate has expired', 'tls_refused'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'altnames', 'tls_refused'],
  ['MYSQL_CLEAR_PASSWORD_NOT_ENABLED', 'clear', 'login_refused'],
  [
    'AUTH_SWITCH_PLUGIN_ERROR',
    'Server requests authentication using unknown plugin client_ed25519. See',
    'login_refused',
  ],
  ['AUTH_SWITCH_PLUGIN_ERROR', 'Invalid AuthMoreData packet', 'server_answer_invalid'],
  ['', 'something else', 'unexpected'],
])('the code %s with the message %j becomes %s', (code, message, expected) => {
  const cause = Object.assign(new Error(message), { code });
  expect(translateError(cause, attempt)).toMatchObject({ code: expected });
});

test('a plugin that is not supported is named, with those that are', () => {
  const message = 'Server requests authentication using unknown plugin client_ed25519. See how';
  const error = translateError(Object.assign(new Error(message), { code: 'AUTH_SWITCH_PLUGIN_ERROR' }), attempt);
  expect(error.message).toBe(
    'The account of the user u has the authentication plugin client_ed25519, which is not supported.',
  );
  expect(error.remedy).toContain('caching_sha2_password');
});

/** Errors that a reader can get: the number, the message of the server, the code, and a part of the remedy. */
const refusals: readonly (readonly [number, string, string, RegExp])[] = [
  [3, 'Error writing file (Errcode: 28 "No space left on device")', 'server_busy', /free resources/],
  [145, "Table './d/t' is marked as crashed", 'value_refused', /REPAIR TABLE/],
  [1020, "Record has changed since last read in table 't'", 'connection_lost', /Run again/],
  [1021, 'Disk full (/tmp/#sql); waiting', 'server_busy', /free resources/],
  [1030, 'Got error 28 "No space left on device" from storage engine', 'server_busy', /free resources/],
  [1030, 'Got error 127 "Record is crashed" from storage engine MyISAM', 'value_refused', /REPAIR TABLE/],
  [1034, "Incorrect key file for table 't'", 'value_refused', /REPAIR TABLE/],
  [1038, 'Out of sort memory', 'server_busy', /limit/],
  [1044, "Access denied for user 'u'@'h' to database 'd'", 'access_denied', /Grant/],
  [1045, "Access denied for user 'definer'@'h'", 'access_denied', /definer/],
  [1049, "Unknown database 'd'", 'stream_unknown', /discover/],
  [1104, 'The SELECT would examine more than MAX_JOIN_SIZE rows', 'server_busy', /limit/],
  [1114, "The table '/tmp/#sql' is full", 'server_busy', /free resources/],
  [1142, "SELECT command denied to user 'u'@'h' for table 't'", 'access_denied', /Grant/],
  [1143, "SELECT command denied to user 'u'@'h' for column 'c'", 'access_denied', /columns/],
  [1146, "Table 'd.t' doesn't exist", 'stream_unknown', /discover/],
  [1153, "Got a packet bigger than 'max_allowed_packet' bytes", 'value_refused', /max_allowed_packet/],
  [1194, "Table 't' is marked as crashed and should be repaired", 'value_refused', /REPAIR TABLE/],
  [1195, "Table 't' is marked as crashed and last repair failed", 'value_refused', /REPAIR TABLE/],
  [1205, 'Lock wait timeout exceeded; try restarting transaction', 'server_busy', /metadata_locks/],
  [1213, 'Deadlock found when trying to get lock', 'connection_lost', /Run again/],
  [1227, 'Access denied; you need the SUPER privilege', 'access_denied', /Grant/],
  [1242, 'Subquery returns more than 1 row', 'value_refused', /view/],
  [1267, 'Illegal mix of collations', 'value_refused', /value or the view/],
  [1286, "Unknown storage engine 'FEDERATED'", 'stream_unknown', /storage engine/],
  [1290, 'The server is running with the --read-only option', 'value_refused', /writes/],
  [1300, "Invalid utf8mb4 character string: 'F1'", 'value_refused', /Correct the value/],
  [1305, 'FUNCTION d.f does not exist', 'value_refused', /Fix the view/],
  [1317, 'Query execution was interrupted', 'connection_lost', /Run again/],
  [1356, "View 'd.v' references invalid table(s)", 'value_refused', /Fix the view/],
  [1370, "execute command denied to user 'u'@'h' for routine 'd.f'", 'access_denied', /EXECUTE/],
  [1412, 'Table definition has changed, please retry transaction', 'stream_changed', /Run again/],
  [1429, 'Unable to connect to foreign data source', 'value_refused', /foreign server/],
  [1430, 'There was a problem processing the query on the foreign data source', 'value_refused', /foreign server/],
  [1436, 'Thread stack overrun', 'server_busy', /limit/],
  [1449, "The user specified as a definer ('x'@'y') does not exist", 'value_refused', /definer/],
  [1615, 'Prepared statement needs to be re-prepared', 'stream_changed', /Run again/],
  [1644, 'raised by a function', 'value_refused', /the functions that it calls/],
  [1690, 'BIGINT UNSIGNED value is out of range', 'value_refused', /Correct the row/],
  [1792, 'Cannot execute statement in a READ ONLY transaction', 'value_refused', /writes/],
  [1969, 'Query execution was interrupted (max_statement_time exceeded)', 'connection_lost', /max_statement_time/],
  [3024, 'Query execution was interrupted, maximum statement execution time exceeded', 'connection_lost', /max_exec/],
  [9999, 'something new', 'value_refused', /the functions that it calls/],
];

test.each(refusals)(
  'the error %i %j of a statement becomes %s with the name of the stream and a remedy',
  (number, message, expected, remedy) => {
    const cause = serverErrorOf(number, message);
    const error = translateError(cause, attempt, 'd-t');
    expect(error).toMatchObject({ code: expected, cause, details: { serverCode: String(number) } });
    expect(error.message).toContain(message);
    expect(error.message).not.toContain('..');
    expect(error.message).toContain('d-t');
    expect(error.details.stream).toBe('d-t');
    expect(error.remedy).toMatch(remedy);
  },
);

test('a column that is unknown was dropped after the discovery', () => {
  const error = translateError(serverErrorOf(1054, "Unknown column 'c' in 'SELECT'"), attempt, 'd-t');
  expect(error).toMatchObject({ code: 'stream_changed', isRetryable: true, details: { stream: 'd-t' } });
  expect(error.message).toContain("Unknown column 'c'");
});

test.each([
  [1040, 'Too many connections', 'connection_refused', /max_connections/, undefined],
  [1053, 'Server shutdown in progress', 'connection_lost', /Run again/, undefined],
  [1129, "Host 'h' is blocked because of many connection errors", 'connection_refused', /FLUSH HOSTS/, 'user'],
  [1130, "Host 'h' is not allowed to connect", 'login_refused', /account for the host/, 'user'],
  [1184, 'Aborted connection (init_connect command failed)', 'connection_lost', /init_connect/, undefined],
  [1203, "User u already has more than 'max_user_connections'", 'connection_refused', /limits of the user/, undefined],
  [1226, "User 'u' has exceeded the 'max_user_connections'", 'connection_refused', /limits of the user/, undefined],
  [1524, "Plugin 'mysql_native_password' is not loaded", 'login_refused', /ALTER USER/, 'user'],
  [1698, "Access denied for user 'u'@'h'", 'login_refused', /Unix socket/, 'user'],
  [1820, 'You must reset your password', 'login_refused', /PASSWORD EXPIRE NEVER/, 'password'],
  [1862, 'Your password has expired.', 'login_refused', /PASSWORD EXPIRE NEVER/, 'password'],
  [1927, 'Connection was killed', 'connection_lost', /Run again/, undefined],
  [3118, "Access denied for user 'u'@'h'. Account is locked.", 'login_refused', /ACCOUNT UNLOCK/, 'user'],
  [3159, 'Connections using insecure transport are prohibited', 'login_refused', /ssl_mode to require/, 'ssl_mode'],
  [4031, 'The client was disconnected by the server because of inactivity', 'connection_lost', /Run again/, undefined],
  [4151, 'Access denied, this account is locked', 'login_refused', /ACCOUNT UNLOCK/, 'user'],
])(
  'the error %i %j, which ends a session, becomes %s with a remedy, whatever was read',
  (number, message, expected, remedy, property) => {
    const cause = serverErrorOf(number, message);
    const error = translateError(cause, attempt, 'd-t');
    expect(error).toMatchObject({ code: expected, cause });
    expect(error.details).not.toHaveProperty('stream');
    expect(error.details.property).toBe(property);
    expect(error.remedy).toMatch(remedy);
  },
);

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

describeServers('a refused connection fails with the reason', (server) => {
  /** The error of a connection with these settings. */
  async function errorOf(settings: Record<string, unknown>, timeout?: number) {
    const config = configOf(sharedServer(server), settings);
    return await connect(config, new AbortController().signal, timeout).then(
      () => undefined,
      (error) => error,
    );
  }

  test.each([
    ['a wrong password', { password: 'no' }, 'login_refused', 'password'],
    ['no password', { password: '' }, 'login_refused', 'password'],
    ['an unknown user', { user: 'nobody' }, 'login_refused', 'password'],
    ['an unknown host', { host: 'no.such.host.invalid' }, 'host_unknown', 'host'],
    ['a missing socket', { host: '/no/such/socket' }, 'connection_refused', 'port'],
    ['an untrusted server', { ssl_mode: 'verify-ca' }, 'tls_refused', expect.stringMatching(/^ssl_/)],
  ])('%s', async (_, settings, code, property) => {
    const error = await errorOf(settings);
    expect(error).toMatchObject({ name: 'ConnectionError', code, exitCode: 3, details: { property } });
    expect(error.remedy).toBeTruthy();
    expect(JSON.stringify(error) + error.message).not.toContain(sharedServer(server).password);
  });

  test('a closed port, which may open later', async () => {
    const port = await withPort('closing', async (closed) => closed);
    expect(await errorOf({ port })).toMatchObject({ code: 'connection_refused', exitCode: 3, isRetryable: true });
  });

  test('a Unix socket that does not exist, named without a port', async () => {
    expect(await errorOf({ host: '/nowhere/mysqld.sock' })).toMatchObject({
      code: 'connection_refused',
      message: 'Nothing accepts connections at /nowhere/mysqld.sock (ENOENT).',
    });
  });

  test('a server that closes the connection at once', async () => {
    await withPort('closing', async (port) => {
      expect(await errorOf({ port })).toMatchObject({ code: 'connection_lost', exitCode: 3, isRetryable: true });
    });
  });

  test('a server that never says anything', async () => {
    await withPort('silent', async (port) => {
      expect(await errorOf({ port }, 300)).toMatchObject({ code: 'connection_timeout', isRetryable: true });
    });
  });

  test('a certificate that is not PEM', async () => {
    const error = await errorOf({ ssl_mode: 'verify-ca', ssl_root_ca_cert: '/path/to/ca.pem' });
    expect(error).toMatchObject({ code: 'config_invalid', exitCode: 2, problems: [{ property: 'ssl_root_ca_cert' }] });
  });
});
