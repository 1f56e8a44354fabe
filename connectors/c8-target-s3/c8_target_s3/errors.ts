import { type C8Error, ConfigError, ConnectionError, ConnectorError, DataError, isC8Error } from 'c8connector';
import { ParquetError } from 'c8connector-parquet';
import { type Attempt, addressOf, placeOf } from './attempt.ts';
import { networkError } from './network-errors.ts';
import { type Refusal, refusalOf } from './refusals.ts';
import { answerOf, headerOf, networkCodeOf, shownAnswer, textOf } from './sdk-error.ts';

/**
 * The one place that translates errors of S3 and of the network. This project's errors and aborts are returned unchanged. `details` has the status and S3's error code. An `unexpected` error is none of
 * these: a fault of this package.
 */
export function translateError(error: unknown, attempt: Attempt): unknown {
  if (isC8Error(error) || !(error instanceof Error) || error.name === 'AbortError') return error;
  // The network first, since the SDK reports a broken connection as a time-out.
  return networkError(error, attempt) ?? ofAnswer(error, attempt) ?? ofSettings(error) ?? unexpected(error, attempt);
}

const regionErrors = ['PermanentRedirect', 'AuthorizationHeaderMalformed', 'IllegalLocationConstraintException'];

function ofAnswer(error: Error, attempt: Attempt): C8Error | undefined {
  const answer = answerOf(error);
  const { status, s3Code, contentType } = answer;
  // The SDK's message for an empty answer where a body is required.
  if (error.message === 'S3 aborted request') return invalidAnswer(attempt, '200 with an empty body', error);
  if (s3Code !== undefined && regionErrors.includes(s3Code)) return regionWrong(error, attempt);
  if (status === 301 && s3Code === undefined && headerOf(error, 'x-amz-bucket-region'))
    return regionWrong(error, attempt);
  // A login page or a firewall also answers 403, where no permission of S3 helps.
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

/** The seconds of a Retry-After, which is a number of seconds or an HTTP date; NaN if it is neither. */
function secondsUntil(retryAfter: string): number {
  if (/^\d+(\.\d+)?$/.test(retryAfter)) return Number(retryAfter);
  if (!/^[A-Z][a-z]+,? .*\d{2}:\d{2}:\d{2}/.test(retryAfter)) return Number.NaN;
  return (Date.parse(retryAfter) - Date.now()) / 1_000;
}

/** The error for one item of a DeleteObjects, or for anything else that S3 refuses within a successful answer. */
export function refusedItem(s3Code: string, message: string, attempt: Attempt): unknown {
  return translateError(
    Object.assign(new Error(message), { name: s3Code, $metadata: { httpStatusCode: 400 } }),
    attempt,
  );
}

/** The error for an answer that proves no success, whatever its status. `came` describes the answer, or what is missing or wrong in it. */
export function invalidAnswer(attempt: Attempt, came: string, cause?: unknown): ConnectionError {
  return new ConnectionError(
    `The answer to ${attempt.operation} of ${placeOf(attempt)} does not prove that it succeeded. ${addressOf(attempt)} answered: ${came}.`,
    {
      code: 'server_answer_invalid',
      cause,
      isRetryable: true,
      remedy: 'Check that endpoint leads to an S3 server, and that no proxy or login page answers in its place.',
      details: { property: 'endpoint', operation: attempt.operation },
    },
  );
}

function regionWrong(error: Error, { bucket, region }: Attempt): C8Error {
  const right = headerOf(error, 'x-amz-bucket-region') ?? textOf(error, 'Region');
  const where = right === undefined ? 'is in another region' : `is in the region ${right}`;
  const configured = region === undefined ? '' : `, not in ${region}`;
  return new ConfigError(`The bucket ${JSON.stringify(bucket)} ${where}${configured}.`, {
    code: 'region_wrong',
    cause: error,
    details: { property: 'region', ...(right === undefined ? {} : { region: right }) },
  });
}

/** Errors about the settings that the SDK finds before it sends a request. */
function ofSettings(error: Error): C8Error | undefined {
  if (/ProviderError$/.test(error.name) && error.message.includes('profile')) {
    return new ConnectionError(`The AWS profile has no valid credentials: ${error.message}`, {
      code: 'login_refused',
      cause: error,
      remedy: 'Correct profile_name or AWS_PROFILE, or the files in ~/.aws of this machine.',
      details: { property: 'profile_name' },
    });
  }
  if (/ProviderError$/.test(error.name)) {
    return new ConnectionError(
      'No AWS credentials were found: the config has no keys, and the default credential chain found none.',
      {
        code: 'login_refused',
        cause: error,
        remedy: 'Set access_key and secret_access_key, or give this machine an AWS profile or role.',
        details: { property: 'access_key' },
      },
    );
  }
  if (error.name === 'EndpointError' || /\bARN\b/.test(error.message)) {
    return new ConfigError(`The AWS SDK cannot derive an address from the name of the bucket: ${error.message}.`, {
      code: 'config_invalid',
      cause: error,
      details: { property: 'bucket' },
    });
  }
  if (!/^Region |^Invalid region/i.test(error.message)) return undefined;
  return new ConfigError(`The region is not valid: ${error.message}.`, {
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

/** Translates the error of a full disk for temporary files; returns any other error unchanged. `place` is the file or its directory. */
export function diskError(error: unknown, place: string): unknown {
  const isFull = error instanceof Error && ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(networkCodeOf(error) ?? '');
  if (!isFull) return error;
  return new ConnectionError(`No space is left for temporary files: ${place}.`, {
    code: 'disk_full',
    cause: error,
    remedy: 'Free some space there, point TMPDIR to a larger disk, or lower flush_bytes.',
  });
}

/** Translates errors of encoding a Parquet file; returns any other error unchanged. */
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
      remedy: 'Deselect the column, or set format to jsonl, which can hold larger values.',
      details,
    });
  return new ConnectorError(message, { code: 'unexpected', cause: error, details });
}

/** The error for a file that would not have all the rows that were added to it. */
export function rowsLost(stream: string, given: number, stored: number): ConnectorError {
  return new ConnectorError(`Stream ${stream}: ${given} rows were written to a file, but it contains ${stored}.`, {
    code: 'unexpected',
    remedy: 'Check whether something removes or changes temporary files while they are in use, and run again.',
    details: { stream },
  });
}
