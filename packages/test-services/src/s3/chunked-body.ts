import { createHash } from 'node:crypto';
import type { Authorization } from './authorization.ts';
import { byteReader, incompleteBody } from './byte-reader.ts';
import { S3Error } from './s3-error.ts';
import { sameSignature, sha256, sign } from './signature.ts';

// aws-chunked: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html and sigv4-streaming-trailers.html

const smallestChunk = 8192;

export function isChunked(payload: string): boolean {
  return payload.startsWith('STREAMING-');
}

export const streamingPayloads: readonly string[] = [
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
  'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
];

/** The bytes inside the framing; `trailers` is filled before the end. A wrong signature shows only after its chunk was given. */
export async function* decodeChunks(
  source: AsyncIterable<Buffer>,
  authorization: Authorization,
  trailers: Map<string, string>,
): AsyncGenerator<Buffer> {
  const reader = byteReader(source);
  const signatures = authorization.payload.includes('HMAC') ? chunkSignatures(authorization) : undefined;
  for (let previous = smallestChunk; ; ) {
    const { size, signature } = parseChunkHeader((await reader.line()) ?? '');
    if (size > 0 && previous < smallestChunk) throw invalidChunkSize();
    const hash = createHash('sha256');
    for (let left = size; left > 0; ) {
      const piece = await reader.some(left);
      if (signatures) hash.update(piece);
      left -= piece.length;
      yield piece;
    }
    signatures?.checkChunk(hash.digest('hex'), signature);
    if (size === 0) break;
    if ((await reader.line()) !== '') throw incompleteBody();
    previous = size;
  }
  let trailerSignature = '';
  for (let line = await reader.line(); line; line = await reader.line()) {
    const [, name = '', value = ''] = /^([^:]+):(.*)$/.exec(line) ?? [];
    if (name === '') throw malformedTrailer();
    if (name.toLowerCase() === 'x-amz-trailer-signature') trailerSignature = value.trim();
    else trailers.set(name.toLowerCase(), value.trim());
  }
  if (authorization.payload.endsWith('-TRAILER')) signatures?.checkTrailers(trailers, trailerSignature);
}

function parseChunkHeader(line: string): { size: number; signature: string } {
  const [, size, signature = ''] = /^([0-9a-f]+)(?:;chunk-signature=([0-9a-f]{64}))?$/i.exec(line) ?? [];
  if (size === undefined) throw incompleteBody();
  return { size: Number.parseInt(size, 16), signature };
}

interface ChunkSignatures {
  checkChunk(hash: string, given: string): void;
  checkTrailers(trailers: ReadonlyMap<string, string>, given: string): void;
}

/** Each chunk is signed together with the signature before it, the first with that of the headers. */
function chunkSignatures({ key, date, scope, signature }: Authorization): ChunkSignatures {
  let previous = signature;

  function check(kind: string, hashes: string[], given: string): void {
    const expected = sign(key, [`AWS4-HMAC-SHA256-${kind}`, date, scope, previous, ...hashes].join('\n'));
    if (!sameSignature(expected, given)) {
      throw new S3Error(
        403,
        'SignatureDoesNotMatch',
        'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
      );
    }
    previous = given;
  }
  return {
    checkChunk: (hash, given) => check('PAYLOAD', [sha256(''), hash], given),
    checkTrailers(trailers, given) {
      const sorted = [...trailers].sort(([left], [right]) => (left < right ? -1 : 1));
      check('TRAILER', [sha256(sorted.map(([name, value]) => `${name}:${value}\n`).join(''))], given);
    },
  };
}

export function malformedTrailer(): S3Error {
  const message =
    'The request contained trailing data that was not well-formed or did not conform to our published schema.';
  return new S3Error(400, 'MalformedTrailerError', message);
}

function invalidChunkSize(): S3Error {
  return new S3Error(
    403,
    'InvalidChunkSizeError',
    'Only the last chunk is allowed to have a size less than 8192 bytes',
  );
}
