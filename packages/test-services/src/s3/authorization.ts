import type { AccessKey } from './access-keys.ts';
import { type Claim, malformed, malformedQuery, parseDate, readClaim } from './claim.ts';
import { type S3Request, sentHeaders } from './request.ts';
import { accessDenied, S3Error } from './s3-error.ts';
import { canonicalRequest, sameSignature, sign, signingKey, stringToSign } from './signature.ts';

export interface Credentials {
  readonly region: string;
  /** By their id. */
  readonly keys: ReadonlyMap<string, AccessKey>;
  /** Milliseconds since 1970 by the clock of the server. */
  readonly now: () => number;
}

/** A request whose signature holds; its body may still have to prove itself with the rest of this. */
export interface Authorization extends Claim {
  readonly key: Buffer;
}

const allowedSkew = 15 * 60_000;

/** Checks the signature of a request. Throws the S3Error that S3 answers to a wrong one. */
export function authorize(request: S3Request, credentials: Credentials): Authorization {
  const claim = readClaim(request);
  checkScope(claim, credentials.region);
  if (!claim.isPresigned) checkSkew(claim.date, credentials.now());
  const known = findKey(credentials, claim.accessKey, request.headers.get('x-amz-security-token'));
  if (known === undefined) {
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
  const key = signingKey(known.secretAccessKey, claim.scope);
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
  return { ...claim, key };
}

/** Undefined for one that is unknown, which the key of a session is without its token. */
function findKey({ keys, now }: Credentials, id: string, token: string | undefined): AccessKey | undefined {
  const known = keys.get(id);
  if (known === undefined || (known.session !== undefined && token === undefined)) return undefined;
  if (token === undefined) return known;
  if (known.session?.token !== token) {
    throw new S3Error(400, 'InvalidToken', 'The provided token is malformed or otherwise invalid.');
  }
  if (known.session.expires.getTime() > now()) return known;
  throw new S3Error(400, 'ExpiredToken', 'The provided token has expired.');
}

function checkScope(claim: Claim, region: string): void {
  const [day, claimedRegion, service, terminal] = claim.scope.split('/');
  const refuse = claim.isPresigned ? malformedQuery : malformed;
  if (service !== 's3' || terminal !== 'aws4_request') throw refuse('incorrect service or terminal');
  if (day !== claim.date.slice(0, 8)) throw refuse('the date of the Credential is not that of x-amz-date');
  if (claimedRegion !== region) {
    throw refuse(`the region '${claimedRegion}' is wrong; expecting '${region}'`, { Region: region });
  }
}

function checkSkew(date: string, now: number): void {
  const time = parseDate(date);
  if (Number.isNaN(time)) throw accessDenied('AWS authentication requires a valid Date or x-amz-date header');
  if (Math.abs(now - time) <= allowedSkew) return;
  const message = 'The difference between the request time and the current time is too large.';
  throw new S3Error(403, 'RequestTimeTooSkewed', message, {
    RequestTime: date,
    ServerTime: new Date(now).toISOString(),
    MaxAllowedSkewMilliseconds: String(allowedSkew),
  });
}

function mustBeSigned(header: string): boolean {
  return header === 'host' || header.startsWith('x-amz-');
}
