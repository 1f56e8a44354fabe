import type { Spool } from './spool.ts';
import type { Store, StoreOptions, WrittenObject } from './store.ts';
import type { NewObject } from './stored-object.ts';
import { temporaryFileLost } from './temporary-file.ts';

/** Bytes that are read from the file at a time. */
const chunkSize = 1024 * 1024;

/**
 * Puts a temporary file into the store. The object then exists completely, with proof, or not at all: if anything fails or the signal is aborted, the upload is aborted before this
 * rejects.
 */
export async function uploadFile(
  store: Store,
  spool: Spool,
  path: string,
  object: NewObject,
  options: StoreOptions,
): Promise<WrittenObject> {
  const size = spool.sizeOf(path);
  await using file = await spool.read(path);
  await using upload = store.upload(object, { ...options, size });
  const buffer = Buffer.allocUnsafe(Math.min(size, chunkSize));
  for (let at = 0; at < size; ) {
    options.signal.throwIfAborted();
    const { bytesRead } = await file.read(buffer, 0, Math.min(buffer.length, size - at), at);
    if (bytesRead === 0) throw temporaryFileLost(path, at, size);
    await upload.write(buffer.subarray(0, bytesRead));
    at += bytesRead;
  }
  return await upload.close();
}
