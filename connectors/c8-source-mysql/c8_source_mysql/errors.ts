import { type C8Error, ConfigError, ConnectionError, ConnectorError, DataError, isC8Error } from 'c8connector';
import {
  connectionError,
  connectionLost,
  firstError,
  networkError,
  type DriverError as SystemError,
  serverCode,
  tlsError,
  tlsMissing,
} from 'c8connector-sql';
import type { MysqlConfig } from './config.ts';

/** What is used of an error of the server, of Node or of mysql2. */
interface DriverError extends SystemError {
  /** The number of an error of the server; 0 for any other. */
  readonly number: number;
}

/** What was tried, for the message of an error. */
type Attempt = Pick<MysqlConfig, 'host' | 'port' | 'user' | 'database'>;

/**
 * The one place where errors of mysql2, of Node's sockets and of TLS become ours; errors of ours pass unchanged. With a stream, the refusal of a statement concerns
 * only that stream: `details.stream` names it, so that a run continues with the others.
 */
export function translateError(error: unknown, attempt: Attempt, stream?: string): C8Error {
  if (isC8Error(error)) return error;
  const driverError = driverErrorOf(error);
  return (
    brokenError(driverError, attempt, error) ??
    encryptionError(driverError, attempt, error) ??
    loginError(driverError, attempt, error) ??
    (stream === undefined ? undefined : refused(driverError, error, stream)) ??
    new ConnectorError(`MySQL: ${driverError.message}`, {
      code: 'unexpected',
      cause: error,
      details: serverCode(driverError),
    })
  );
}

function driverErrorOf(error: unknown): DriverError {
  const inner = firstError(error);
  const { code, errno, message } = inner as Readonly<Record<string, unknown>>;
  return {
    code: typeof code === 'string' ? code : '',
    number: typeof errno === 'number' && errno > 0 ? errno : 0,
    message: typeof message === 'string' ? message : String(inner),
  };
}

function brokenError(driverError: DriverError, attempt: Attempt, cause: unknown): C8Error | undefined {
  return (
    networkError(driverError, attempt, cause) ??
    (/PROTOCOL_CONNECTION_LOST|closed state/.test(`${driverError.code} ${driverError.message}`)
      ? connectionLost(driverError, attempt, cause)
      : undefined)
  );
}

function encryptionError(driverError: DriverError, attempt: Attempt, cause: unknown): C8Error | undefined {
  return /does not support secure connection/.test(driverError.message)
    ? tlsMissing(driverError, attempt, cause)
    : tlsError(driverError, attempt, cause);
}

function loginError(driverError: DriverError, { user }: Attempt, cause: unknown): C8Error | undefined {
  if (driverError.number !== 1045) return undefined;
  return connectionError('login_refused', `The server rejected the password of the user ${user}.`, driverError, {
    cause,
    property: 'password',
  });
}

function refused(driverError: DriverError, cause: unknown, stream: string): C8Error | undefined {
  const options = { cause, details: { ...serverCode(driverError), stream } };
  const message = `${stream}: ${driverError.message}`;
  if (driverError.number === 1142 || driverError.number === 1143)
    return new ConnectionError(`The user lacks a privilege: ${message}.`, { code: 'access_denied', ...options });
  if (driverError.number === 1146 || driverError.number === 1049)
    return new ConfigError(`The table is gone: ${message}.`, { code: 'stream_unknown', ...options });
  if (driverError.number === 0) return undefined;
  return new DataError(`The server cannot read ${message}.`, { code: 'value_refused', ...options });
}
