import type { S3Request } from './request.ts';
import { accessDenied, invalidArgument, invalidRequest, S3Error } from './s3-error.ts';

/** What the request claims, from its Authorization header or the query of its presigned URL. */
export interface Claim {
  /** Whether it comes from a presigned URL, whose time was checked while it was read. */
  readonly isPresigned: boolean;
  readonly accessKey: string;
  /** `20260131/us-east-1/s3/aws4_request` */
  readonly scope: string;
  /** `20260131T235959Z` */
  readonly date: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** The value of x-amz-content-sha256. */
  readonly payload: string;
}

/** The claim of a request. Throws the S3Error for one that cannot be read, and for a presigned URL that has expired. */
export function readClaim(request: S3Request): Claim {
  return readPresigned(request) ?? readHeader(request);
}

function readHeader(request: S3Request): Claim {
  const header = request.headers.get('authorization');
  if (header === undefined) throw accessDenied();
  if (!header.startsWith('AWS4-HMAC-SHA256')) {
    throw invalidArgument('Unsupported Authorization Type', 'Authorization', header);
  }
  const parts = /^AWS4-HMAC-SHA256\s+Credential=([^/,]+)\/([^,]+),\s*SignedHeaders=([^,]+),\s*Signature=([0-9a-f]+)$/;
  const [, accessKey, scope, signedHeaders, signature] = parts.exec(header) ?? [];
  if (!accessKey || !scope || !signedHeaders || !signature) throw malformed('the Credential is mal-formed');
  const date = request.headers.get('x-amz-date');
  if (date === undefined) throw accessDenied('AWS authentication requires a valid Date or x-amz-date header');
  const payload = request.headers.get('x-amz-content-sha256');
  if (payload === undefined) throw invalidRequest('Missing required header for this request: x-amz-content-sha256');
  return { isPresigned: false, accessKey, scope, date, signedHeaders: signedHeaders.split(';'), signature, payload };
}

const week = 7 * 24 * 60 * 60;

/** `undefined` when the URL is not a presigned one. */
function readPresigned(request: S3Request): Claim | undefined {
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
  return { isPresigned: true, accessKey, scope, date, signedHeaders: signedHeaders.split(';'), signature, payload };
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

/** Milliseconds since 1970 of `20260131T235959Z`. */
export function parseDate(date: string): number {
  return Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}

/** The refusal of an Authorization header that cannot be right. */
export function malformed(reason: string, details?: Readonly<Record<string, string>>): S3Error {
  const message = `The authorization header is malformed; ${reason}`;
  return new S3Error(400, 'AuthorizationHeaderMalformed', message, details);
}

/** The same for a presigned URL. */
export function malformedQuery(reason: string, details?: Readonly<Record<string, string>>): S3Error {
  const message = `Error parsing the X-Amz-Credential parameter; ${reason}`;
  return new S3Error(400, 'AuthorizationQueryParametersError', message, details);
}
