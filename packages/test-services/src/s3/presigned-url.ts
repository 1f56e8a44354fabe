import { type Claim, malformedQuery, parseDate } from './authorization.ts';
import type { S3Request } from './request.ts';
import { accessDenied, S3Error } from './s3-error.ts';

const week = 7 * 24 * 60 * 60;

/** The claim of a presigned URL that has not expired; `undefined` when the URL carries none. */
export function readPresigned(request: S3Request): Claim | undefined {
  const { query } = request;
  const signature = query.get('X-Amz-Signature');
  if (signature === undefined) return undefined;
  if (query.get('X-Amz-Algorithm') !== 'AWS4-HMAC-SHA256') {
    throw refuse('X-Amz-Algorithm only supports "AWS4-HMAC-SHA256"');
  }
  const [, accessKey, scope] = /^([^/]+)\/(.+)$/.exec(query.get('X-Amz-Credential') ?? '') ?? [];
  const date = query.get('X-Amz-Date');
  const signedHeaders = query.get('X-Amz-SignedHeaders');
  if (!accessKey || !scope) throw malformedQuery('the Credential is mal-formed');
  if (!date || !signedHeaders || Number.isNaN(parseDate(date))) {
    throw refuse("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"");
  }
  checkExpiry(date, query.get('X-Amz-Expires') ?? '');
  const payload = request.headers.get('x-amz-content-sha256') ?? 'UNSIGNED-PAYLOAD';
  return { accessKey, scope, date, signedHeaders: signedHeaders.split(';'), signature, payload };
}

function checkExpiry(date: string, expires: string): void {
  const seconds = Number(expires);
  if (!/^\d+$/.test(expires)) throw refuse('X-Amz-Expires should be a number');
  if (seconds > week)
    throw refuse(
      'X-Amz-Expires must be less than a week (in seconds) that is, the given X-Amz-Expires must be less than 604800 seconds',
    );
  const end = parseDate(date) + seconds * 1000;
  if (Date.now() <= end) return;
  throw accessDenied('Request has expired', {
    'X-Amz-Expires': expires,
    Expires: new Date(end).toISOString(),
    ServerTime: new Date().toISOString(),
  });
}

function refuse(message: string): S3Error {
  return new S3Error(400, 'AuthorizationQueryParametersError', message);
}
