import { type C8Error, ConfigError, ConnectionError, type ErrorCode } from 'c8connector';
import { addressText, hostRemedy, type ServerAddress } from './address.ts';

/** What is used of an error of Node or of a driver. */
export interface DriverError {
  /** The code of the server, or of a system or TLS error; '' when there is none. */
  readonly code: string;
  readonly message: string;
}

/** The first of the errors that Node wraps when it has tried all addresses of a name; any other error itself. */
export function firstError(error: unknown): unknown {
  return error instanceof AggregateError && error.errors[0] !== undefined ? error.errors[0] : error;
}

/** The code of a driver's error for the details of ours. */
export function serverCode({ code }: DriverError): Readonly<Record<string, unknown>> {
  return code === '' ? {} : { serverCode: code };
}

/** A ConnectionError for the error of a driver. `property` is that of the config which the user should look at. */
export function connectionError(
  code: ErrorCode,
  message: string,
  error: DriverError,
  more: { cause: unknown; property?: string; remedy?: string; isRetryable?: boolean },
): ConnectionError {
  const { cause, property, remedy, isRetryable = false } = more;
  return new ConnectionError(message, {
    code,
    cause,
    isRetryable,
    details: { ...serverCode(error), ...(property && { property }) },
    ...(remedy && { remedy }),
  });
}

/** The error for a server that cannot be found or reached, does not answer in time, or breaks the connection; undefined for any other error. */
export function networkError(error: DriverError, server: ServerAddress, cause: unknown): C8Error | undefined {
  const { code, message } = error;
  const { host } = server;
  const address = addressText(server);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN' || code === 'EAI_NODATA' || code === 'EAI_FAIL') {
    const remedy = hostRemedy(host);
    return connectionError('host_unknown', `The host ${host} is unknown.`, error, {
      cause,
      property: 'host',
      isRetryable: code === 'EAI_AGAIN',
      ...(remedy !== undefined && { remedy }),
    });
  }
  if (['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL', 'ENOENT', 'EACCES'].includes(code)) {
    return connectionError('connection_refused', `Nothing accepts connections at ${address} (${code}).`, error, {
      cause,
      property: 'port',
      isRetryable: true,
    });
  }
  if (code === 'ETIMEDOUT' || /timeout expired|connection timeout/.test(message)) {
    return connectionError('connection_timeout', `The server at ${address} did not answer in time.`, error, {
      cause,
      property: 'host',
      isRetryable: true,
    });
  }
  const isBroken = ['ECONNRESET', 'EPIPE', 'ECONNABORTED'].includes(code);
  return isBroken ? connectionLost(error, server, cause) : undefined;
}

/** The error for a connection that broke. */
export function connectionLost(error: DriverError, server: ServerAddress, cause: unknown): C8Error {
  return connectionError(
    'connection_lost',
    `The connection to ${addressText(server)} broke: ${error.message}.`,
    error,
    {
      cause,
      isRetryable: true,
    },
  );
}

const trustCodes =
  /^(ERR_TLS_|ERR_SSL_|EPROTO|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_|CERT_|HOSTNAME_MISMATCH|INVALID_CA|PATH_LENGTH)/;

/** The error for a TLS handshake that failed, or a certificate that cannot be used; undefined for any other error. Its properties are those of `tlsProperties`. */
export function tlsError(error: DriverError, { host }: ServerAddress, cause: unknown): C8Error | undefined {
  const { code, message } = error;
  if (/before secure TLS connection/.test(message)) return tlsMissing(error, { host }, cause);
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
    return connectionError('tls_refused', `The certificate of the server is not for the host ${host}.`, error, {
      cause,
      property: 'host',
      remedy: 'Set host to a name in the certificate, or set ssl_mode to verify-ca.',
    });
  }
  if (!trustCodes.test(code)) return undefined;
  return connectionError('tls_refused', `TLS with the server at ${host} failed: ${message}.`, error, {
    cause,
    property: /CERT|SELF_SIGNED|ISSUER|LEAF/.test(code) ? 'ssl_root_ca_cert' : 'ssl_mode',
  });
}

/** The error for a server without TLS. */
export function tlsMissing(error: DriverError, { host }: Pick<ServerAddress, 'host'>, cause: unknown): C8Error {
  return connectionError('tls_refused', `The server at ${host} does not offer TLS, and ssl_mode requires it.`, error, {
    cause,
    property: 'ssl_mode',
    remedy: 'Enable TLS on the server, or set ssl_mode to prefer or disable.',
  });
}
