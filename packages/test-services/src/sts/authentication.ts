import type { AccessKey } from '../s3/access-keys.ts';
import type { S3Request } from '../s3/request.ts';
import { canonicalRequest, sameSignature, sha256, sign, signingKey, stringToSign } from '../s3/signature.ts';
import { StsError } from './sts-error.ts';

/** Checks the signature of a request. Throws the StsError that STS answers to a wrong one. */
export function authenticate(request: S3Request, body: string, user: AccessKey, region: string): void {
  const header = request.headers.get('authorization') ?? '';
  const parts = /^AWS4-HMAC-SHA256 Credential=([^/,]+)\/([^,]+), SignedHeaders=([^,]+), Signature=([0-9a-f]+)$/;
  const [, accessKey, scope = '', signedHeaders = '', signature = ''] = parts.exec(header) ?? [];
  if (accessKey === undefined) {
    throw new StsError(403, 'MissingAuthenticationToken', 'Request is missing Authentication Token');
  }
  if (accessKey !== user.accessKey) {
    throw new StsError(403, 'InvalidClientTokenId', 'The security token included in the request is invalid.');
  }
  const date = request.headers.get('x-amz-date') ?? '';
  if (scope !== `${date.slice(0, 8)}/${region}/sts/aws4_request`) {
    throw new StsError(403, 'SignatureDoesNotMatch', `Credential should be scoped to a valid region. ${scope}`);
  }
  const canonical = canonicalRequest(request, signedHeaders.split(';'), sha256(body));
  const expected = sign(signingKey(user.secretAccessKey, scope), stringToSign(date, scope, canonical));
  if (sameSignature(expected, signature)) return;
  const message =
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.';
  throw new StsError(403, 'SignatureDoesNotMatch', message);
}
