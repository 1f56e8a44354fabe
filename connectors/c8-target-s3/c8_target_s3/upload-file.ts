import type { Bucket } from './client.ts';
import type { Spool } from './spool.ts';
import type { NewObject } from './stored-object.ts';
import { temporaryFileLost } from './temporary-file.ts';
import { openUpload, type UploadOptions } from './upload.ts';

/** Bytes that are read at a time. */
const chunkSize = 1024 * 1024;

/**
 * Puts a temporary file into the bucket. The object is there whole, and proved to be, or not at all: when anything fails or the signal is aborted, the upload is aborted on the
 * server before this rejects.
 */
export async function uploadFile(
  bucket: Bucket,
  spool: Spool,
  path: string,
  object: NewObject,
  options: UploadOptions,
): Promise<void> {
  const size = spool.sizeOf(path);
  await using file = await spool.read(path);
  await using upload = openUpload(bucket, object, options);
  const buffer = Buffer.allocUnsafe(Math.min(size, chunkSize));
  for (let at = 0; at < size; ) {
    options.signal.throwIfAborted();
    const { bytesRead } = await file.read(buffer, 0, Math.min(buffer.length, size - at), at);
    if (bytesRead === 0) throw temporaryFileLost(path, at, size);
    await upload.write(buffer.subarray(0, bytesRead));
    at += bytesRead;
  }
  await upload.close();
}
