import { createHash } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import type { Authorization } from './authorization.ts';
import { type BodyChecksum, expectedChecksum } from './body-checksum.ts';
import { incompleteBody } from './byte-reader.ts';
import { decodeChunks, isChunked, streamingPayloads } from './chunked-body.ts';
import type { S3Request } from './request.ts';
import { invalidArgument, notImplemented, S3Error } from './s3-error.ts';

export interface ReceivedBody {
  readonly size: number;
  /** Hexadecimal. */
  readonly md5: string;
  readonly checksum: BodyChecksum;
}

export interface Incoming {
  readonly request: S3Request;
  readonly authorization: Authorization;
  readonly response: ServerResponse;
}

const largestPut = 5 * 1024 ** 3;
const largestDocument = 2 * 1024 ** 2;

/** Streams the body to a file and removes that again unless everything the client declared about the body holds. */
export async function receiveFile(incoming: Incoming, path: string): Promise<ReceivedBody> {
  const file = await open(path, 'wx');
  try {
    return await receive(incoming, largestPut, (chunk) => file.appendFile(chunk));
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}

export async function receiveDocument(incoming: Incoming): Promise<string> {
  const chunks: Buffer[] = [];
  await receive(incoming, largestDocument, async (chunk) => void chunks.push(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

async function receive(
  { request, authorization, response }: Incoming,
  limit: number,
  write: (chunk: Buffer) => Promise<void>,
): Promise<ReceivedBody> {
  const { payload } = authorization;
  checkForm(payload);
  const length = declaredLength(request, payload);
  if (length > limit) {
    throw new S3Error(400, 'EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size', {
      ProposedSize: String(length),
      MaxSizeAllowed: String(limit),
    });
  }
  const trailers = new Map<string, string>();
  const expectation = expectedChecksum(request);
  if (request.headers.get('expect')?.toLowerCase() === '100-continue') response.writeContinue();

  // A refusal in the middle must not break the connection: the answer has to get through.
  const source: AsyncIterableIterator<Buffer> = request.http.iterator({ destroyOnReturn: false });
  const md5 = createHash('md5');
  const sha256 = createHash('sha256');
  const literal = payload.length === 64;
  let size = 0;
  try {
    for await (const chunk of isChunked(payload) ? decodeChunks(source, authorization, trailers) : source) {
      size += chunk.length;
      if (size > length) throw incompleteBody();
      md5.update(chunk);
      if (literal) sha256.update(chunk);
      expectation.update(chunk);
      await write(chunk);
    }
  } finally {
    await source.return?.();
  }
  if (size !== length) throw incompleteBody();
  if (literal) checkPayload(payload, sha256.digest('hex'));
  const digest = md5.digest();
  checkMd5(request, digest);
  return { size, md5: digest.toString('hex'), checksum: expectation.finish(trailers) };
}

function checkForm(payload: string): void {
  if (/^[0-9a-f]{64}$/.test(payload) || payload === 'UNSIGNED-PAYLOAD' || streamingPayloads.includes(payload)) return;
  const message =
    'x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER or a valid sha256 value.';
  throw invalidArgument(message, 'x-amz-content-sha256', payload);
}

function declaredLength(request: S3Request, payload: string): number {
  const header = isChunked(payload) ? 'x-amz-decoded-content-length' : 'content-length';
  const length = request.headers.get(header);
  if (length !== undefined && /^\d+$/.test(length)) return Number(length);
  // Real S3 takes bodies of unknown length in no other form.
  if (!isChunked(payload) && request.headers.has('transfer-encoding')) throw notImplemented('Transfer-Encoding');
  if (request.method === 'POST' && !isChunked(payload)) return 0;
  throw new S3Error(411, 'MissingContentLength', 'You must provide the Content-Length HTTP header.');
}

function checkPayload(given: string, computed: string): void {
  if (given === computed) return;
  const message = "The provided 'x-amz-content-sha256' header does not match what was computed.";
  throw new S3Error(400, 'XAmzContentSHA256Mismatch', message, {
    ClientComputedContentSHA256: given,
    S3ComputedContentSHA256: computed,
  });
}

function checkMd5(request: S3Request, computed: Buffer): void {
  const given = request.headers.get('content-md5');
  if (given === undefined || given === computed.toString('base64')) return;
  if (Buffer.from(given, 'base64').length !== 16) {
    throw new S3Error(400, 'InvalidDigest', 'The Content-MD5 you specified was invalid.', { 'Content-MD5': given });
  }
  throw new S3Error(400, 'BadDigest', 'The Content-MD5 you specified did not match what we received.', {
    ExpectedDigest: given,
    CalculatedDigest: computed.toString('base64'),
  });
}
