import { type FileHandle, open } from 'node:fs/promises';
import type { Bucket } from './client.ts';

/** An object to be: its name, and what S3 keeps about it. */
export interface NewObject {
  readonly key: string;
  readonly contentType: string;
  /** ASCII only. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** Up to this size an object goes in one request; above it in parts of this size. */
const partSize = 8 * 1024 * 1024;
const parallelParts = 2;

/**
 * Puts a file into the bucket. The object appears whole or not at all: when a part fails or the signal is aborted, the upload is aborted on the server before
 * this rejects.
 */
export async function uploadFile(bucket: Bucket, path: string, object: NewObject, signal: AbortSignal): Promise<void> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    await (size <= partSize
      ? putWhole(bucket, file, size, object, signal)
      : putParts(bucket, file, size, object, signal));
  } finally {
    await file.close();
  }
}

async function putWhole(bucket: Bucket, file: FileHandle, size: number, object: NewObject, signal: AbortSignal) {
  signal.throwIfAborted();
  const body = await readRange(file, Buffer.allocUnsafe(size), 0, size);
  await bucket.call('s3:PutObject', object.key, ({ PutObjectCommand }, client) =>
    client.send(new PutObjectCommand({ ...address(bucket, object), ...description(object), Body: body }), {
      abortSignal: withGrace(signal),
    }),
  );
}

/** A part as CompleteMultipartUpload names it. */
interface Part {
  readonly PartNumber: number;
  readonly ETag: string | undefined;
  readonly ChecksumCRC32: string | undefined;
}

/** A multipart upload that was begun. */
interface Upload {
  readonly bucket: Bucket;
  readonly object: NewObject;
  readonly id: string | undefined;
}

async function putParts(bucket: Bucket, file: FileHandle, size: number, object: NewObject, outer: AbortSignal) {
  const upload = await createUpload(bucket, object);
  const failed = new AbortController();
  const signal = AbortSignal.any([outer, failed.signal]);
  const parts: Part[] = [];
  let next = 0;
  const lane = async () => {
    const buffer = Buffer.allocUnsafe(partSize);
    while (next * partSize < size) {
      const index = next++;
      signal.throwIfAborted();
      const start = index * partSize;
      const body = await readRange(file, buffer, start, Math.min(partSize, size - start));
      parts[index] = await putPart(upload, index + 1, body, signal);
    }
  };
  try {
    await allOrFirstError(Array.from({ length: parallelParts }, lane), failed);
    signal.throwIfAborted();
    await completeUpload(upload, parts, signal);
  } catch (error) {
    await abortUpload(upload);
    throw error;
  }
}

async function createUpload(bucket: Bucket, object: NewObject): Promise<Upload> {
  const request = { ...address(bucket, object), ...description(object), ChecksumAlgorithm: 'CRC32' } as const;
  const { UploadId } = await bucket.call('s3:PutObject', object.key, ({ CreateMultipartUploadCommand }, client) =>
    client.send(new CreateMultipartUploadCommand(request), {
      // Not the signal of the run: an upload whose answer nobody waits for could not be aborted.
      abortSignal: AbortSignal.timeout(30_000),
    }),
  );
  return { bucket, object, id: UploadId };
}

async function putPart({ bucket, object, id }: Upload, PartNumber: number, Body: Buffer, abortSignal: AbortSignal) {
  const part = { ...address(bucket, object), UploadId: id, PartNumber, Body, ChecksumAlgorithm: 'CRC32' } as const;
  const { ETag, ChecksumCRC32 } = await bucket.call('s3:PutObject', object.key, ({ UploadPartCommand }, client) =>
    client.send(new UploadPartCommand(part), { abortSignal }),
  );
  return { PartNumber, ETag, ChecksumCRC32 };
}

async function completeUpload({ bucket, object, id }: Upload, parts: Part[], signal: AbortSignal): Promise<void> {
  const request = { ...address(bucket, object), UploadId: id, MultipartUpload: { Parts: parts } };
  await bucket.call('s3:PutObject', object.key, ({ CompleteMultipartUploadCommand }, client) =>
    client.send(new CompleteMultipartUploadCommand(request), { abortSignal: withGrace(signal) }),
  );
}

/** The other lanes end before this rejects, so that no part arrives after the upload was aborted. */
async function allOrFirstError(lanes: readonly Promise<void>[], failed: AbortController): Promise<void> {
  try {
    await Promise.all(lanes);
  } catch (error) {
    failed.abort(error);
    await Promise.allSettled(lanes);
    throw error;
  }
}

/** Has a deadline and repetitions of its own, since it also runs after everything else was asked to stop. Its own failure would hide the first one. */
async function abortUpload({ bucket, object, id }: Upload): Promise<void> {
  const abortSignal = AbortSignal.timeout(8_000);
  for (let attempt = 0; attempt < 3 && !abortSignal.aborted; attempt++) {
    try {
      await bucket.call('s3:AbortMultipartUpload', object.key, ({ AbortMultipartUploadCommand }, client) =>
        client.send(new AbortMultipartUploadCommand({ ...address(bucket, object), UploadId: id }), { abortSignal }),
      );
      return;
    } catch {
      // A lifecycle rule of the bucket removes what stays; GETTING_STARTED.md has it.
    }
  }
}

/**
 * A request that makes an object is not cut off at once: the server may still carry it out, after the object was deleted. Most are answered within the grace.
 */
function withGrace(signal: AbortSignal): AbortSignal {
  const late = new AbortController();
  const begin = () => setTimeout(() => late.abort(signal.reason), 5_000).unref();
  if (signal.aborted) begin();
  else signal.addEventListener('abort', begin, { once: true });
  return late.signal;
}

function address(bucket: Bucket, { key }: NewObject) {
  return { Bucket: bucket.name, Key: key };
}

function description({ contentType, metadata }: NewObject) {
  return { ContentType: contentType, Metadata: { ...metadata } };
}

async function readRange(file: FileHandle, buffer: Buffer, start: number, length: number): Promise<Buffer> {
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(buffer, filled, length - filled, start + filled);
    if (bytesRead === 0) throw new Error('A temporary file became shorter while it was sent.');
    filled += bytesRead;
  }
  return buffer.subarray(0, length);
}
