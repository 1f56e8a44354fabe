import { readPresigned } from './presigned-url.ts';
import { type S3Request, sentHeaders } from './request.ts';
import { accessDenied, invalidArgument, invalidRequest, S3Error } from './s3-error.ts';
import { canonicalRequest, sameSignature, sign, signingKey, stringToSign } from './signature.ts';

export interface Credentials {
  readonly region: string;
  readonly accessKey: string;
  readonly secretAccessKey: string;
}

/** What the request claims, from its Authorization header or the query of its presigned URL. */
export interface Claim {
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

/** A request whose signature holds; its body may still have to prove itself with the rest of this. */
export interface Authorization extends Claim {
  readonly key: Buffer;
}

const allowedSkew = 15 * 60_000;

export function authorize(request: S3Request, credentials: Credentials): Authorization {
  const presigned = readPresigned(request);
  const claim = presigned ?? readHeader(request);
  checkScope(claim, credentials.region, presigned !== undefined);
  if (!presigned) checkSkew(claim.date);
  if (claim.accessKey !== credentials.accessKey) {
    const message = 'The AWS Access Key Id you provided does not exist in our records.';
    throw new S3Error(403, 'InvalidAccessKeyId', message, { AWSAccessKeyId: claim.accessKey });
  }
  const unsigned = sentHeaders(request).filter((name) => mustBeSigned(name) && !claim.signedHeaders.includes(name));
  if (unsigned.length > 0) {
    const details = { HeadersNotSigned: unsigned.join(', ') };
    throw accessDenied('There were headers present in the request which were not signed', details);
  }
  const canonical = canonicalRequest(request, claim.signedHeaders, claim.payload);
  const text = stringToSign(claim.date, claim.scope, canonical);
  const key = signingKey(credentials.secretAccessKey, claim.scope);
  if (!sameSignature(sign(key, text), claim.signature)) {
    throw new S3Error(
      403,
      'SignatureDoesNotMatch',
      'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
      {
        AWSAccessKeyId: claim.accessKey,
        StringToSign: text,
        SignatureProvided: claim.signature,
        CanonicalRequest: canonical,
      },
    );
  }
  if (request.headers.has('x-amz-security-token')) {
    // The one key pair here is a permanent one, which has no session.
    throw new S3Error(400, 'InvalidToken', 'The provided token is malformed or otherwise invalid.');
  }
  return { ...claim, key };
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
  return { accessKey, scope, date, signedHeaders: signedHeaders.split(';'), signature, payload };
}

function checkScope(claim: Claim, region: string, presigned: boolean): void {
  const [day, claimedRegion, service, terminal] = claim.scope.split('/');
  const refuse = presigned ? malformedQuery : malformed;
  if (service !== 's3' || terminal !== 'aws4_request') throw refuse('incorrect service or terminal');
  if (day !== claim.date.slice(0, 8)) throw refuse('the date of the Credential is not that of x-amz-date');
  if (claimedRegion !== region) {
    throw refuse(`the region '${claimedRegion}' is wrong; expecting '${region}'`, { Region: region });
  }
}

function checkSkew(date: string): void {
  const time = parseDate(date);
  if (Number.isNaN(time)) throw accessDenied('AWS authentication requires a valid Date or x-amz-date header');
  if (Math.abs(Date.now() - time) <= allowedSkew) return;
  const message = 'The difference between the request time and the current time is too large.';
  throw new S3Error(403, 'RequestTimeTooSkewed', message, {
    RequestTime: date,
    ServerTime: new Date().toISOString(),
    MaxAllowedSkewMilliseconds: String(allowedSkew),
  });
}

/** Milliseconds since 1970 of `20260131T235959Z`. */
export function parseDate(date: string): number {
  return Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}

function mustBeSigned(header: string): boolean {
  return header === 'host' || header.startsWith('x-amz-');
}

function malformed(reason: string, details?: Readonly<Record<string, string>>): S3Error {
  const message = `The authorization header is malformed; ${reason}`;
  return new S3Error(400, 'AuthorizationHeaderMalformed', message, details);
}

export function malformedQuery(reason: string, details?: Readonly<Record<string, string>>): S3Error {
  const message = `Error parsing the X-Amz-Credential parameter; ${reason}`;
  return new S3Error(400, 'AuthorizationQueryParametersError', message, details);
}
