import {
  type C8Error,
  ConfigError,
  ConnectionError,
  ConnectorError,
  DataError,
  type ErrorCode,
  isC8Error,
} from 'c8connector';
import { addressText, hostRemedy } from 'c8connector-sql';
import { causeOf } from './causes.ts';
import type { PostgresConfig } from './config.ts';

/** What is used of an error of the server, of Node or of pg. */
interface DriverError {
  /** SQLSTATE, or the code of a system or TLS error; '' when there is none. */
  readonly code: string;
  readonly message: string;
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
    connectionError(driverError, attempt, error) ??
    tlsError(driverError, attempt, error) ??
    loginError(driverError, attempt, error) ??
    readError(driverError, error) ??
    knownError(driverError, error) ??
    new ConnectorError(`PostgreSQL: ${driverError.message}`, {
      code: 'unexpected',
      cause: error,
      details: sqlState(driverError),
    })
  );
}

function driverErrorOf(error: unknown): DriverError {
  // Node tries all addresses of a name, and wraps their errors.
  const inner = error instanceof AggregateError && error.errors[0] !== undefined ? error.errors[0] : error;
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

function sqlState({ code }: DriverError): Readonly<Record<string, unknown>> {
  return code === '' ? {} : { serverCode: code };
}

function connection(
  code: ErrorCode,
  message: string,
  cause: unknown,
  more: { property?: string; remedy?: string; isRetryable?: boolean } = {},
) {
  const { property, remedy, isRetryable = false } = more;
  const serverCode = sqlState(driverErrorOf(cause));
  return new ConnectionError(message, {
    code,
    cause,
    isRetryable,
    details: { ...serverCode, ...(property && { property }) },
    ...(remedy && { remedy }),
  });
}

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
  const details = { ...sqlState(driverError), ...(stream !== undefined && { stream }) };
  return new classes[known.class](`${meaning}: ${message}.`, { code, remedy, isRetryable, cause, details });
}

const classes = { ConfigError, ConnectionError, DataError };

function connectionError({ code, message }: DriverError, attempt: Attempt, cause: unknown): C8Error | undefined {
  const { host } = attempt;
  const address = addressText(attempt);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN' || code === 'EAI_NODATA' || code === 'EAI_FAIL') {
    const remedy = hostRemedy(host);
    return connection('host_unknown', `The host ${host} is unknown.`, cause, {
      property: 'host',
      isRetryable: code === 'EAI_AGAIN',
      ...(remedy !== undefined && { remedy }),
    });
  }
  if (['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL', 'ENOENT', 'EACCES'].includes(code)) {
    return connection('connection_refused', `Nothing accepts connections at ${address} (${code}).`, cause, {
      property: 'port',
      isRetryable: true,
    });
  }
  if (code === 'ETIMEDOUT' || /timeout expired|connection timeout/.test(message)) {
    return connection('connection_timeout', `The server at ${address} did not answer in time.`, cause, {
      property: 'host',
      isRetryable: true,
    });
  }
  const isBroken = ['ECONNRESET', 'EPIPE', 'ECONNABORTED', '57P01', '57P02'].includes(code);
  if (isBroken || code.startsWith('08') || /Connection terminated|not queryable/.test(message)) {
    return connection('connection_lost', `The connection to ${address} broke: ${message}.`, cause, {
      isRetryable: true,
    });
  }
  return undefined;
}

const trustCodes =
  /^(ERR_TLS_|ERR_SSL_|EPROTO|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_|CERT_|HOSTNAME_MISMATCH|INVALID_CA|PATH_LENGTH)/;

function tlsError({ code, message }: DriverError, { host }: Attempt, cause: unknown): C8Error | undefined {
  if (/does not support SSL|establishing an SSL connection|before secure TLS connection/.test(message)) {
    return connection('tls_refused', `The server at ${host} does not offer TLS, and ssl_mode requires it.`, cause, {
      property: 'ssl_mode',
      remedy: 'Enable TLS on the server, or set ssl_mode to prefer or disable.',
    });
  }
  if (/^ERR_OSSL_/.test(code) || /bad decrypt|key values mismatch|bad base64|no start line|asn1|PEM/i.test(message)) {
    const property = /decrypt|passphrase|interrupted/i.test(message) ? 'ssl_client_password' : 'ssl_client_key';
    const text = `The client certificate or its key cannot be used: ${message}.`;
    return new ConfigError(text, {
      code: 'config_invalid',
      cause,
      details: { property },
      problems: [{ property, message: text }],
    });
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID' || code === 'HOSTNAME_MISMATCH') {
    return connection('tls_refused', `The certificate of the server is not for the host ${host}.`, cause, {
      property: 'host',
      remedy: 'Set host to a name in the certificate, or set ssl_mode to verify-ca.',
    });
  }
  if (!trustCodes.test(code)) return undefined;
  return connection('tls_refused', `TLS with the server at ${host} failed: ${message}.`, cause, {
    property: /CERT|SELF_SIGNED|ISSUER|LEAF/.test(code) ? 'ssl_root_ca_cert' : 'ssl_mode',
  });
}

function loginError({ code, message }: DriverError, { user, dbname }: Attempt, cause: unknown): C8Error | undefined {
  if (code === '28P01' || /^SASL:|SCRAM|client password must be/.test(message)) {
    return connection('login_refused', `The server rejected the password of the user ${user}.`, cause, {
      property: 'password',
    });
  }
  if (code === '28000') {
    const isAboutTls = /no encryption|SSL off|valid client certificate/.test(message);
    return connection('login_refused', `The server rejected the login of the user ${user}: ${message}.`, cause, {
      property: isAboutTls ? 'ssl_mode' : 'user',
    });
  }
  if (code === '3D000')
    return connection('database_unknown', `The database ${dbname} does not exist.`, cause, { property: 'dbname' });
  return undefined;
}

function readError(driverError: DriverError, cause: unknown, stream?: string): C8Error | undefined {
  const { code } = driverError;
  const message = stream === undefined ? driverError.message : `${stream}: ${driverError.message}`;
  const options = { cause, details: { ...sqlState(driverError), ...(stream !== undefined && { stream }) } };
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
    details: { ...sqlState(driverError), stream },
  });
}
