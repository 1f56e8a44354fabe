import { type C8Error, ConfigError, ConnectionError, ConnectorError, DataError, isC8Error } from 'c8connector';
import {
  connectionError,
  connectionLost,
  firstError,
  invalidAnswer,
  networkError,
  type DriverError as SystemError,
  serverCode,
  streamChanged,
  tlsError,
  tlsMissing,
} from 'c8connector-sql';
import type { Cause } from './cause.ts';
import { sessionCauseOf, statementCauseOf } from './causes.ts';
import type { MysqlConfig } from './config.ts';

/** What is used of an error of the server, of Node or of mysql2. */
interface DriverError extends SystemError {
  /** The number of an error of the server; 0 for any other. */
  readonly number: number;
  /** Whether mysql2 gave up the connection, or could not decode what came. */
  readonly isFatal: boolean;
}

/** What was tried, for the message of an error. */
type Attempt = Pick<MysqlConfig, 'host' | 'port' | 'user' | 'database'>;

/**
 * The one place where errors of mysql2, of Node's sockets and of TLS become ours; errors of ours pass unchanged. With a stream, the refusal of a statement concerns
 * only that stream: `details.stream` names it, so that a run continues with the others.
 */
export function translateError(error: unknown, tried: Attempt, stream?: string): C8Error {
  const inner = innerError(error);
  if (isC8Error(inner)) return inner;
  const driverError = driverErrorOf(inner);
  const attempt = tried.host.startsWith('/') ? { ...tried, port: 0 } : tried;
  return (
    serverError(driverError, inner, stream) ??
    brokenError(driverError, attempt, inner) ??
    encryptionError(driverError, attempt, inner) ??
    pluginError(driverError, attempt, inner) ??
    protocolError(driverError) ??
    new ConnectorError(`MySQL: ${driverError.message}`, {
      code: 'unexpected',
      cause: inner,
      details: serverCode(driverError),
    })
  );
}

/** The error of the TLS handshake instead of that of mysql2, which replaces its code. */
function innerError(error: unknown): unknown {
  const { code, cause } = error as { readonly code?: unknown; readonly cause?: unknown };
  return firstError(code === 'HANDSHAKE_SSL_ERROR' && cause !== undefined ? cause : error);
}

function driverErrorOf(error: unknown): DriverError {
  const { code, errno, message, sqlState, fatal } = error as Readonly<Record<string, unknown>>;
  // Errors of the system have a number as well.
  const number = typeof errno === 'number' && typeof sqlState === 'string' ? errno : 0;
  return {
    // mysql2 has only the names of MySQL, and the two servers use some numbers differently.
    code: number !== 0 ? String(number) : typeof code === 'string' ? code : '',
    number,
    // Only before the login has an error of the server no state.
    isFatal: fatal === true || sqlState === '' || error instanceof RangeError || error instanceof TypeError,
    message: typeof message === 'string' ? message : String(error),
  };
}

const unknownColumn = 1054;

/** An error of the server: it ended or refused a session, or it refused a statement. */
function serverError(driverError: DriverError, cause: unknown, stream: string | undefined): C8Error | undefined {
  if (driverError.number === 0) return undefined;
  // After the login, it is the definer of a view that is refused.
  const ofSession = stream !== undefined && driverError.number === 1045 ? undefined : sessionCauseOf(driverError);
  if (ofSession !== undefined) return knownError(ofSession, driverError, cause);
  // A column that was discovered, since no other is selected.
  if (stream !== undefined && driverError.number === unknownColumn)
    return streamChanged(stream, [withoutFullStop(driverError.message)], cause);
  const ofStatement = statementCauseOf(driverError);
  if (ofStatement !== undefined) return knownError(ofStatement, driverError, cause, stream);
  return stream === undefined ? undefined : refused(driverError, cause, stream);
}

/** An error that is in the table of causes. */
function knownError(
  { class: name, code, meaning, remedy, isRetryable = false, property }: Cause,
  driverError: DriverError,
  cause: unknown,
  stream?: string,
): C8Error {
  const message = stream === undefined ? driverError.message : `${stream}: ${driverError.message}`;
  const details = {
    ...serverCode(driverError),
    ...(property !== undefined && { property }),
    ...(stream !== undefined && { stream }),
  };
  const options = { code, isRetryable, cause, details, ...(remedy !== undefined && { remedy }) };
  return new classes[name](`${meaning}: ${withoutFullStop(message)}.`, options);
}

const classes = { ConfigError, ConnectionError, DataError };

/** Some messages of the servers end with one. */
function withoutFullStop(message: string): string {
  return message.replace(/[.\s]+$/, '');
}

/** Errors of the network, and those with which mysql2 says that the connection broke. */
function brokenError(driverError: DriverError, attempt: Attempt, cause: unknown): C8Error | undefined {
  return (
    networkError(driverError, attempt, cause) ??
    (/PROTOCOL_CONNECTION_LOST|closed state/.test(`${driverError.code} ${driverError.message}`)
      ? connectionLost({ ...driverError, message: withoutFullStop(driverError.message) }, attempt, cause)
      : undefined)
  );
}

function encryptionError(driverError: DriverError, attempt: Attempt, cause: unknown): C8Error | undefined {
  return driverError.code === 'HANDSHAKE_NO_SSL_SUPPORT'
    ? tlsMissing(driverError, attempt, cause)
    : tlsError(driverError, attempt, cause);
}

/** A login that needs an authentication plugin which the source does not have, or must not use. */
function pluginError(driverError: DriverError, { user }: Attempt, cause: unknown): C8Error | undefined {
  const { code, message } = driverError;
  if (code === 'MYSQL_CLEAR_PASSWORD_NOT_ENABLED') {
    const text = `The server asks for the password of the user ${user} in clear text (mysql_clear_password).`;
    return connectionError('login_refused', text, driverError, {
      cause,
      property: 'ssl_mode',
      remedy: 'Set ssl_mode to verify-ca or verify-full: such a password is only sent to a server that was verified.',
    });
  }
  if (code !== 'AUTH_SWITCH_PLUGIN_ERROR') return undefined;
  const plugin = /unknown plugin ([\w-]+)/.exec(message)?.[1];
  if (plugin === undefined) return invalidAnswer(`the login failed (${withoutFullStop(message)})`);
  const text = `The account of the user ${user} has the authentication plugin ${plugin}, which is not supported.`;
  return connectionError('login_refused', text, driverError, {
    cause,
    property: 'user',
    remedy:
      'Log in as a user whose plugin is caching_sha2_password, sha256_password or mysql_native_password; ALTER USER … IDENTIFIED WITH (MySQL) or IDENTIFIED VIA (MariaDB) changes it.',
  });
}

/** What mysql2 could not decode, or did not expect. */
function protocolError({ code, message, isFatal }: DriverError): C8Error | undefined {
  const isUnexpected = /^(?:PROTOCOL_|HANDSHAKE_UNKNOWN)/.test(code) || isFatal;
  return isUnexpected ? invalidAnswer(`it cannot be decoded (${withoutFullStop(message)})`) : undefined;
}

/** An error of a function, a trigger or a foreign server of the user's own database. */
function refused(driverError: DriverError, cause: unknown, stream: string): C8Error {
  return new DataError(`The server cannot read ${stream}: ${withoutFullStop(driverError.message)}.`, {
    code: 'value_refused',
    remedy: 'Fix the table or view, or the functions that it calls, or deselect it.',
    cause,
    details: { ...serverCode(driverError), stream },
  });
}
