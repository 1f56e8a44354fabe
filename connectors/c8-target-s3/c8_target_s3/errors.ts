import { type C8Error, ConfigError, ConnectionError, ConnectorError, DataError, isC8Error } from 'c8connector';
import { ParquetError } from 'c8connector-parquet';

/** What was tried, for the message of an error. */
export interface Attempt {
  /** The right that the call needs: `s3:PutObject`. */
  readonly right: string;
  readonly bucket: string;
  readonly key?: string;
  readonly endpoint?: string | undefined;
  readonly region?: string | undefined;
}

/** The one place where errors of S3 and of the way to it become ours. Errors of ours pass, and so does an abort. */
export function translateError(error: unknown, attempt: Attempt): unknown {
  if (isC8Error(error) || !(error instanceof Error) || error.name === 'AbortError') return error;
  // The network first: the SDK calls a broken connection a timeout.
  return ofNetwork(error, attempt) ?? ofAnswer(error, attempt) ?? ofCredentials(error) ?? unknownError(error, attempt);
}

/** What one of S3's error codes means for us. */
interface Refusal {
  readonly code: string;
  readonly message: (attempt: Attempt) => string;
  /** The property of the config at fault. */
  readonly property?: string;
  readonly isRetryable?: true;
}

const denied: Refusal = {
  code: 'access_denied',
  message: (attempt) => `${attempt.right} on ${placeOf(attempt)} is denied.`,
};
const unknownKey: Refusal = {
  code: 'login_refused',
  message: () => 'S3 does not know the access key.',
  property: 'access_key',
};
const expiredSession: Refusal = {
  code: 'login_refused',
  message: () => 'The session of the credentials has expired or is not valid.',
};

const refusals: Readonly<Record<string, Refusal>> = {
  NoSuchBucket: {
    code: 'bucket_missing',
    message: ({ bucket }) => `The bucket ${JSON.stringify(bucket)} does not exist.`,
    property: 'bucket',
  },
  InvalidBucketName: {
    code: 'bucket_missing',
    message: ({ bucket }) => `No bucket can be called ${JSON.stringify(bucket)}.`,
    property: 'bucket',
  },
  InvalidAccessKeyId: unknownKey,
  XAdminUserNotFound: unknownKey,
  SignatureDoesNotMatch: {
    code: 'login_refused',
    message: () => 'The secret access key does not belong to the access key.',
    property: 'secret_access_key',
  },
  ExpiredToken: expiredSession,
  InvalidToken: expiredSession,
  TokenRefreshRequired: expiredSession,
  RequestTimeTooSkewed: {
    code: 'login_refused',
    message: () => 'The clock of this machine is wrong, so S3 refuses its signatures.',
  },
  AccessDenied: denied,
  Forbidden: denied,
  AllAccessDisabled: denied,
  AccountProblem: denied,
  TimeoutError: {
    code: 'connection_timeout',
    message: (attempt) => `S3 did not answer in time at ${addressOf(attempt)}.`,
    property: 'endpoint',
    isRetryable: true,
  },
};

const regionErrors = ['PermanentRedirect', 'AuthorizationHeaderMalformed', 'IllegalLocationConstraintException'];

function ofAnswer(error: Error, attempt: Attempt): C8Error | undefined {
  const status = statusOf(error);
  if (regionErrors.includes(error.name)) return regionWrong(error, attempt);
  const refusal = Object.hasOwn(refusals, error.name) ? refusals[error.name] : undefined;
  if (refusal !== undefined) return refused(refusal, error, attempt);
  if (status === 403) return refused(denied, error, attempt);
  if (status === 301) return regionWrong(error, attempt);
  if (status !== 429 && (status === undefined || status < 500)) return undefined;
  const message = () => `S3 answered ${status} ${error.name} to ${attempt.right}.`;
  return refused({ code: 'server_busy', message, isRetryable: true }, error, attempt);
}

function refused(refusal: Refusal, cause: Error, attempt: Attempt): C8Error {
  const { code, message, property, isRetryable = false } = refusal;
  const details = property === undefined ? {} : { property };
  return new ConnectionError(message(attempt), { code, cause, isRetryable, details });
}

function regionWrong(error: Error, { bucket, region }: Attempt): C8Error {
  const right = headerOf(error, 'x-amz-bucket-region') ?? textOf(error, 'Region');
  const where = right === undefined ? 'lies in another region' : `lies in the region ${right}`;
  const configured = region === undefined ? '' : `, not in ${region}`;
  return new ConfigError(`The bucket ${JSON.stringify(bucket)} ${where}${configured}.`, {
    code: 'region_wrong',
    cause: error,
    details: { property: 'region', ...(right === undefined ? {} : { region: right }) },
  });
}

const networkErrors: Readonly<Record<string, readonly [code: string, message: (address: string) => string]>> = {
  ENOTFOUND: ['host_unknown', (address) => `The host of ${address} is not known.`],
  EAI_AGAIN: ['host_unknown', (address) => `The host of ${address} cannot be looked up now.`],
  ECONNREFUSED: ['connection_refused', (address) => `Nothing accepts connections at ${address}.`],
  EHOSTUNREACH: ['connection_refused', (address) => `${address} cannot be reached from here.`],
  ENETUNREACH: ['connection_refused', (address) => `${address} cannot be reached from here.`],
  ETIMEDOUT: ['connection_timeout', (address) => `${address} did not answer in time.`],
  ECONNRESET: ['connection_lost', (address) => `The connection to ${address} broke.`],
  EPIPE: ['connection_lost', (address) => `The connection to ${address} broke.`],
  EPROTO: ['tls_refused', (address) => `${address} does not speak TLS as expected.`],
};

function ofNetwork(error: Error, attempt: Attempt): C8Error | undefined {
  const code = codeOf(error) ?? '';
  const isCertificate = /CERT|SIGNATURE|SELF_SIGNED/.test(code);
  const [ours, message] = isCertificate
    ? (['tls_refused', (address: string) => `The certificate of ${address} is not trusted (${code}).`] as const)
    : (networkErrors[code] ?? []);
  if (ours === undefined || message === undefined) return undefined;
  return new ConnectionError(message(addressOf(attempt)), {
    code: ours,
    cause: error,
    isRetryable: !isCertificate,
    details: { property: 'endpoint' },
  });
}

function ofCredentials(error: Error): C8Error | undefined {
  if (error.name !== 'CredentialsProviderError') return undefined;
  return new ConnectionError(
    'No AWS credentials were found: the config has no keys, and the default credential chain has none.',
    {
      code: 'login_refused',
      cause: error,
      remedy: 'Set access_key and secret_access_key, or give this machine an AWS profile or role.',
      details: { property: 'access_key' },
    },
  );
}

function unknownError(error: Error, attempt: Attempt): C8Error {
  const status = statusOf(error);
  const answer = status === undefined ? error.name : `${status} ${error.name}`;
  return new ConnectorError(`${attempt.right} on ${placeOf(attempt)} failed: ${answer}: ${error.message}`, {
    code: 'unexpected',
    cause: error,
  });
}

/** Errors of temporary files: a full disk is named, all else passes. Takes the errors of Node and of DuckDB. */
export function diskError(error: unknown, directory: string): unknown {
  const isFull =
    error instanceof Error &&
    (['ENOSPC', 'EDQUOT', 'EFBIG'].includes(codeOf(error) ?? '') || /No space left on device/i.test(error.message));
  if (!isFull) return error;
  return new ConnectionError(`No space is left for temporary files in ${directory}.`, {
    code: 'disk_full',
    cause: error,
    remedy: 'Make room there, point TMPDIR to a larger disk, or lower flush_bytes.',
  });
}

/** What went wrong in making a Parquet file. Errors of ours pass, and so does an abort. */
export function parquetError(error: unknown, stream: string): unknown {
  if (!(error instanceof ParquetError)) return error;
  const details = { stream };
  const message = `Stream ${stream}: ${error.message}`;
  if (error.code === 'columns_invalid')
    return new DataError(message, { code: 'schema_invalid', cause: error, details });
  if (error.code === 'value_too_large')
    return new DataError(message, {
      code: 'value_unstorable',
      cause: error,
      remedy: 'Leave the column out, or set format to jsonl, which holds larger values.',
      details,
    });
  return new ConnectorError(message, { code: 'unexpected', cause: error, details });
}

/** Thrown when a file would hold other rows than it was given. */
export function rowsLost(stream: string, given: number, stored: number): ConnectorError {
  return new ConnectorError(`Stream ${stream}: ${given} rows went to a file, and ${stored} came out of it.`, {
    code: 'unexpected',
    remedy: 'See whether something removes or changes temporary files while they are in use, and run again.',
    details: { stream },
  });
}

function placeOf({ bucket, key }: Attempt): string {
  return key === undefined ? bucket : `${bucket}/${key}`;
}

function addressOf({ endpoint, region }: Attempt): string {
  return endpoint ?? (region === undefined ? 'AWS' : `AWS in ${region}`);
}

function codeOf(error: Error): string | undefined {
  const code = textOf(error, 'code');
  if (code !== undefined) return code;
  const [first] = error instanceof AggregateError ? error.errors : [error.cause];
  return first instanceof Error ? codeOf(first) : undefined;
}

function statusOf(error: Error): number | undefined {
  const metadata: unknown = Reflect.get(error, '$metadata');
  const status: unknown =
    typeof metadata === 'object' && metadata !== null ? Reflect.get(metadata, 'httpStatusCode') : undefined;
  return typeof status === 'number' ? status : undefined;
}

function headerOf(error: Error, name: string): string | undefined {
  const response: unknown = Reflect.get(error, '$response');
  const headers: unknown =
    typeof response === 'object' && response !== null ? Reflect.get(response, 'headers') : undefined;
  return typeof headers === 'object' && headers !== null ? textOf(headers, name) : undefined;
}

function textOf(value: object, name: string): string | undefined {
  const found: unknown = Reflect.get(value, name);
  return typeof found === 'string' ? found : undefined;
}
