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
import { causeOf } from './causes.ts';
import type { PostgresConfig } from './config.ts';

/** What is used of an error of the server, of Node or of pg. */
interface DriverError extends SystemError {
  /** Whether the server refused only one statement: the connection works, and the error concerns what was read. */
  readonly isStatement: boolean;
  /** The server function that raised the error, which is never translated; '' when the error is not from the server. */
  readonly routine: string;
}

/** What was tried, for the message of an error. */
type Attempt = Pick<PostgresConfig, 'host' | 'port' | 'user' | 'dbname'>;

/**
 * The one place where errors of pg, of Node's sockets and of TLS become ours; errors of ours pass unchanged. With a stream, the refusal of a statement concerns
 * only that stream: `details.stream` names it, so that a run continues with the others.
 */
export function translateError(error: unknown, attempt: Attempt, stream?: string): C8Error {
  if (isC8Error(error)) return error;
  const driverError = driverErrorOf(error);
  if (stream !== undefined && driverError.isStatement)
    return (
      knownError(driverError, error, stream) ??
      readError(driverError, error, stream) ??
      refused(driverError, error, stream)
    );
  return (
    sessionError(driverError, error) ??
    brokenError(driverError, attempt, error) ??
    encryptionError(driverError, attempt, error) ??
    loginError(driverError, attempt, error) ??
    readError(driverError, error) ??
    knownError(driverError, error) ??
    new ConnectorError(`PostgreSQL: ${driverError.message}`, {
      code: 'unexpected',
      cause: error,
      details: serverCode(driverError),
    })
  );
}

function driverErrorOf(error: unknown): DriverError {
  const inner = firstError(error);
  const { code, message, severity, routine } = inner as Readonly<Record<string, unknown>>;
  return {
    code: typeof code === 'string' ? code : '',
    message: typeof message === 'string' ? message : String(inner),
    // The text of the severity is in the language of the server.
    isStatement: typeof severity === 'string' && typeof code === 'string' && !endsSession.test(code),
    routine: typeof routine === 'string' ? routine : '',
  };
}

/** Codes with which the server refuses a login or ends a session. */
const endsSession = /^(?:57P0|25P0[34]|28|3D|53300|08P01)/;

/** An error that ended or refused a whole session, and has a specific fix. */
function sessionError(driverError: DriverError, cause: unknown): C8Error | undefined {
  return /^(?:25P0[34]|57P0[345]|53300|08P01)$/.test(driverError.code) ? knownError(driverError, cause) : undefined;
}

/** An error that is in the table of causes. */
function knownError(driverError: DriverError, cause: unknown, stream?: string): C8Error | undefined {
  const known = causeOf(driverError);
  if (known === undefined) return undefined;
  const { code, meaning, remedy, isRetryable = false } = known;
  const message = stream === undefined ? driverError.message : `${stream}: ${driverError.message}`;
  const details = { ...serverCode(driverError), ...(stream !== undefined && { stream }) };
  return new classes[known.class](`${meaning}: ${message}.`, { code, remedy, isRetryable, cause, details });
}

const classes = { ConfigError, ConnectionError, DataError };

/** Errors of the network, and those with which the server or pg says that the connection broke. */
function brokenError(driverError: DriverError, attempt: Attempt, cause: unknown): C8Error | undefined {
  const { code, message } = driverError;
  const isBroken = code === '57P01' || code === '57P02' || code.startsWith('08');
  return (
    networkError(driverError, attempt, cause) ??
    (isBroken || /Connection terminated|not queryable/.test(message)
      ? connectionLost(driverError, attempt, cause)
      : undefined)
  );
}

function encryptionError(driverError: DriverError, attempt: Attempt, cause: unknown): C8Error | undefined {
  return /does not support SSL|establishing an SSL connection/.test(driverError.message)
    ? tlsMissing(driverError, attempt, cause)
    : tlsError(driverError, attempt, cause);
}

function loginError(driverError: DriverError, { user, dbname }: Attempt, cause: unknown): C8Error | undefined {
  const { code, message } = driverError;
  if (code === '28P01' || /^SASL:|SCRAM|client password must be/.test(message)) {
    return connectionError('login_refused', `The server rejected the password of the user ${user}.`, driverError, {
      cause,
      property: 'password',
    });
  }
  if (code === '28000') {
    const isAboutTls = /no encryption|SSL off|valid client certificate/.test(message);
    return connectionError(
      'login_refused',
      `The server rejected the login of the user ${user}: ${message}.`,
      driverError,
      { cause, property: isAboutTls ? 'ssl_mode' : 'user' },
    );
  }
  if (code === '3D000')
    return connectionError('database_unknown', `The database ${dbname} does not exist.`, driverError, {
      cause,
      property: 'dbname',
    });
  return undefined;
}

function readError(driverError: DriverError, cause: unknown, stream?: string): C8Error | undefined {
  const { code } = driverError;
  const message = stream === undefined ? driverError.message : `${stream}: ${driverError.message}`;
  const options = { cause, details: { ...serverCode(driverError), ...(stream !== undefined && { stream }) } };
  if (code === '42501') {
    // The role has the privilege, but row_security = off: it fails instead of reading a part of the rows.
    const isRowSecurity = driverError.routine === 'check_enable_rls';
    const remedy = isRowSecurity
      ? 'Give the role the attribute BYPASSRLS; or set its row_security to on to read only the rows that the policies allow.'
      : /function|procedure/.test(driverError.message)
        ? 'Grant the role EXECUTE on the function.'
        : 'Grant the role SELECT on the table and USAGE on its schema.';
    return new ConnectionError(`The role lacks a privilege: ${message}.`, {
      code: 'access_denied',
      remedy,
      ...options,
    });
  }
  if (code === '42P01' || code === '3F000')
    return new ConfigError(`The table is gone: ${message}.`, { code: 'stream_unknown', ...options });
  if (code === '42703')
    return new ConfigError(`The column is gone: ${message}.`, { code: 'column_unknown', ...options });
  if (code === '55000') {
    const remedy = 'Run REFRESH MATERIALIZED VIEW, or deselect the view.';
    return new ConfigError(`The table or view cannot be read right now: ${message}.`, {
      code: 'stream_unknown',
      remedy,
      ...options,
    });
  }
  if (code === '22021' || code === '22P05') {
    const remedy = 'Correct the value in the table, or deselect the column.';
    return new DataError(`A value is not valid text in the encoding of the database: ${message}.`, {
      code: 'value_refused',
      remedy,
      ...options,
    });
  }
  if (code.startsWith('22')) {
    return new DataError(`The server cannot return a value: ${message}.`, {
      code: 'value_refused',
      remedy: 'Correct the row or the view, or deselect the stream.',
      ...options,
    });
  }
  return undefined;
}

/** An error of a function, a trigger or a foreign server of the user's own database. */
function refused(driverError: DriverError, cause: unknown, stream: string): C8Error {
  return new DataError(`The server cannot read ${stream}: ${driverError.message}.`, {
    code: 'value_refused',
    remedy: 'Fix the table or view, or the functions that it calls, or deselect it.',
    cause,
    details: { ...serverCode(driverError), stream },
  });
}
