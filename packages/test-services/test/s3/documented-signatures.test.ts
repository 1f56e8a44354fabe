import type { IncomingMessage } from 'node:http';
import { expect, it } from 'vitest';
import { decodeChunks } from '../../src/s3/chunked-body.ts';
import type { S3Request } from '../../src/s3/request.ts';
import { canonicalRequest, sign, signingKey, stringToSign } from '../../src/s3/signature.ts';

// The examples of AWS's documentation: sig-v4-header-based-auth, sigv4-query-string-auth and sigv4-streaming.
const date = '20130524T000000Z';
const scope = '20130524/us-east-1/s3/aws4_request';
const key = signingKey('wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', scope);
const nothing = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

function signature(
  headers: Record<string, string>,
  query: Record<string, string>,
  path: string,
  payload: string,
): string {
  const headersDistinct = Object.fromEntries(
    Object.entries({ host: 'examplebucket.s3.amazonaws.com', ...headers }).map(([name, value]) => [name, [value]]),
  );
  const request = { method: 'GET', path, query: new Map(Object.entries(query)), http: { headersDistinct } };
  const names = Object.keys(headersDistinct).sort();
  const canonical = canonicalRequest(request as unknown as S3Request & { http: IncomingMessage }, names, payload);
  return sign(key, stringToSign(date, scope, canonical));
}

it('signs the documented GetObject with a range', () => {
  const headers = { range: 'bytes=0-9', 'x-amz-content-sha256': nothing, 'x-amz-date': date };
  expect(signature(headers, {}, '/test.txt', nothing)).toBe(
    'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
  );
});

it('signs the documented listing, whose query has values', () => {
  const headers = { 'x-amz-content-sha256': nothing, 'x-amz-date': date };
  expect(signature(headers, { 'max-keys': '2', prefix: 'J' }, '/', nothing)).toBe(
    '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
  );
});

it('signs the documented presigned URL', () => {
  const query = {
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': `AKIAIOSFODNN7EXAMPLE/${scope}`,
    'X-Amz-Date': date,
    'X-Amz-Expires': '86400',
    'X-Amz-SignedHeaders': 'host',
  };
  expect(signature({}, query, '/test.txt', 'UNSIGNED-PAYLOAD')).toBe(
    'aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
  );
});

async function decode(payload: string, seed: string, pieces: string[]): Promise<{ size: number; trailers: object }> {
  async function* source() {
    for (const piece of pieces) yield Buffer.from(piece);
  }
  const claim = { isPresigned: false, accessKey: '', scope, date, signedHeaders: [], signature: seed, payload, key };
  const trailers = new Map<string, string>();
  let size = 0;
  for await (const chunk of decodeChunks(source(), claim, trailers)) size += chunk.length;
  return { size, trailers: Object.fromEntries(trailers) };
}

const first = `10000;chunk-signature=%1\r\n${'a'.repeat(65_536)}\r\n`;
const second = `400;chunk-signature=%2\r\n${'a'.repeat(1024)}\r\n`;

it('accepts the documented signed chunks', async () => {
  const body = [
    first.replace('%1', 'ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648'),
    second.replace('%2', '0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497'),
    '0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9\r\n\r\n',
  ];
  const seed = '4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9';
  expect(await decode('STREAMING-AWS4-HMAC-SHA256-PAYLOAD', seed, body)).toEqual({ size: 66_560, trailers: {} });
});

it('accepts the documented signed chunks with a trailer, byte by byte', async () => {
  const body = [
    first.replace('%1', 'b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2'),
    second.replace('%2', '1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7'),
    '0;chunk-signature=2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992\r\n',
    'x-amz-checksum-crc32c:sOO8/Q==\r\n',
    'x-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n\r\n',
  ].join('');
  const seed = '106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e';
  expect(await decode('STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER', seed, [...body])).toEqual({
    size: 66_560,
    trailers: { 'x-amz-checksum-crc32c': 'sOO8/Q==' },
  });
});
