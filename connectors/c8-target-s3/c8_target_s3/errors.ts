import { type C8Error, ConfigError, ConnectionError, ConnectorError, DataError, isC8Error } from 'c8connector';
import { ParquetError } from 'c8connector-parquet';
import { type Attempt, addressOf, placeOf } from './attempt.ts';
import { networkError } from './network-errors.ts';
import { type Refusal, refusalOf } from './refusals.ts';
import { answerOf, headerOf, networkCodeOf, shownAnswer, textOf } from './sdk-error.ts';

/**
 * The one place where errors of S3 and of the way to it become ours. Errors of ours pass, and so does an abort. `details` has the status and S3's own code. What is left
 * to `unexpected` is neither the network's nor an answer's: a fault of this package.
 */
export function translateError(error: unknown, attempt: Attempt): unknown {
  if (isC8Error(error) || !(error instanceof Error) || error.name === 'AbortError') return error;
  // The network first: the SDK calls a broken connection a timeout.
  return networkError(error, attempt) ?? ofAnswer(error, attempt) ?? ofSettings(error) ?? unexpected(error, attempt);
}

const regionErrors = ['PermanentRedirect', 'AuthorizationHeaderMalformed', 'IllegalLocationConstraintException'];

function ofAnswer(error: Error, attempt: Attempt): C8Error | undefined {
  const answer = answerOf(error);
  const { status, s3Code, contentType } = answer;
  // How the SDK calls an empty answer to what must have one.
  if (error.message === 'S3 aborted request') return invalidAnswer(attempt, '200 with nothing in it', error);
  if (s3Code !== undefined && regionErrors.includes(s3Code)) return regionWrong(error, attempt);
  if (status === 301 && s3Code === undefined && headerOf(error, 'x-amz-bucket-region'))
    return regionWrong(error, attempt);
  // A login page or a firewall answers 403 too, and no right of S3 helps there.
  const isPage = s3Code === undefined && contentType?.startsWith('text/html') && status === 403;
  const refusal = isPage ? undefined : refusalOf(status, s3Code);
  if (refusal !== undefined) return refused(refusal, error, attempt);
  if (status === undefined) return undefined;
  const location = headerOf(error, 'location');
  const redirected = location === undefined ? '' : `, which leads to ${location}`;
  return invalidAnswer(attempt, `${shownAnswer(answer)}${redirected}`, error);
}

function refused(refusal: Refusal, cause: Error, attempt: Attempt): C8Error {
  const { code, message, property, remedy, isRetryable = false } = refusal;
  const answer = answerOf(cause);
  const seconds = secondsUntil(headerOf(cause, 'retry-after') ?? '');
  return new ConnectionError(message(attempt, shownAnswer(answer)), {
    code,
    cause,
    isRetryable,
    ...(remedy === undefined ? {} : { remedy }),
    ...(seconds >= 0 ? { retryAfter: seconds } : {}),
    details: {
      operation: attempt.operation,
      ...(answer.status === undefined ? {} : { status: answer.status }),
      ...(answer.s3Code === undefined ? {} : { s3Code: answer.s3Code }),
      ...(property === undefined ? {} : { property }),
    },
  });
}

/** Of a Retry-After, which is a number of seconds or a date of HTTP; NaN when it is neither. */
function secondsUntil(retryAfter: string): number {
  if (/^\d+(\.\d+)?$/.test(retryAfter)) return Number(retryAfter);
  if (!/^[A-Z][a-z]+,? .*\d{2}:\d{2}:\d{2}/.test(retryAfter)) return Number.NaN;
  return (Date.parse(retryAfter) - Date.now()) / 1_000;
}

/** The error of an item of a DeleteObjects, or of anything else that S3 refuses in the middle of a document. */
export function refusedItem(s3Code: string, message: string, attempt: Attempt): unknown {
  return translateError(
    Object.assign(new Error(message), { name: s3Code, $metadata: { httpStatusCode: 400 } }),
    attempt,
  );
}

/** An answer that is no success whatever its status says; `came` is what came, or what of the answer is missing or wrong. */
export function invalidAnswer(attempt: Attempt, came: string, cause?: unknown): ConnectionError {
  return new ConnectionError(
    `The answer to ${attempt.operation} of ${placeOf(attempt)} does not prove that it was done. ${addressOf(attempt)} answered: ${came}.`,
    {
      code: 'server_answer_invalid',
      cause,
      isRetryable: true,
      remedy: 'Check that endpoint leads to an S3 server itself, and what proxy or login page stands between.',
      details: { property: 'endpoint', operation: attempt.operation },
    },
  );
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

/** What the SDK finds out about the settings before it sends anything. */
function ofSettings(error: Error): C8Error | undefined {
  if (/ProviderError$/.test(error.name) && error.message.includes('profile')) {
    return new ConnectionError(`The AWS profile gives no credentials: ${error.message}`, {
      code: 'login_refused',
      cause: error,
      remedy: 'Correct profile_name or AWS_PROFILE, or the files in ~/.aws of this machine.',
      details: { property: 'profile_name' },
    });
  }
  if (/ProviderError$/.test(error.name)) {
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
  if (error.name === 'EndpointError' || /\bARN\b/.test(error.message)) {
    return new ConfigError(`The AWS SDK makes no address of this bucket: ${error.message}.`, {
      code: 'config_invalid',
      cause: error,
      details: { property: 'bucket' },
    });
  }
  if (!/^Region |^Invalid region/i.test(error.message)) return undefined;
  return new ConfigError(`No region can be called like this: ${error.message}.`, {
    code: 'config_invalid',
    cause: error,
    remedy: 'Set region, or AWS_REGION, to the code of a region such as eu-central-1.',
    details: { property: 'region' },
  });
}

function unexpected(error: Error, attempt: Attempt): C8Error {
  return new ConnectorError(`${attempt.operation} of ${placeOf(attempt)} failed: ${error.name}: ${error.message}`, {
    code: 'unexpected',
    cause: error,
  });
}

/** Errors of temporary files: a full disk is named, all else passes. `place` is the file or its directory. */
export function diskError(error: unknown, place: string): unknown {
  const isFull = error instanceof Error && ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(networkCodeOf(error) ?? '');
  if (!isFull) return error;
  return new ConnectionError(`No space is left for temporary files: ${place}.`, {
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
      code: 'value_too_large',
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
