import type { Log } from 'c8connector';
import type { Undeleted } from './delete-objects.ts';
import type { NewObject } from './stored-object.ts';

/** An object that a store lists. */
export interface ListedObject {
  readonly key: string;
  readonly bytes: number;
}

/** A written object, as the store has proved to have it. */
export interface WrittenObject {
  readonly bytes: number;
  /** Without quotes. */
  readonly etag: string;
  /** The checksum of all its bytes, in base64 as S3 writes it. */
  readonly crc32: string;
}

/** An object that is being written: `write` any number of times, one call after the other, then `close`. Disposing aborts the upload unless it is closed. */
export interface Upload extends AsyncDisposable {
  /** Copies the next bytes. Resolves when there is room for more. */
  write(bytes: Uint8Array): Promise<void>;
  /** Resolves once the object is complete and durable. Until then it is not visible. */
  close(): Promise<WrittenObject>;
}

/** What an upload and a conditional write need besides the object. */
export interface StoreOptions {
  /** Ends the call, which then rejects with an AbortError. */
  readonly signal: AbortSignal;
  readonly log: Log;
}

/**
 * The store of the objects, which is all that files, flushes, manifests and recovery know of S3. An object exists completely or not at all, and a list reflects all that was written or deleted before it was requested.
 */
export interface Store extends Disposable {
  /** Begins an object of `size` bytes. Nothing is sent yet. */
  upload(object: NewObject, options: StoreOptions & { readonly size: number }): Upload;
  /**
   * Writes a small object unless one of its name exists, and resolves with whether it did. It may resolve with false although it wrote the object, if the answer was lost and the request repeated. A store
   * without such a condition logs a warning, and checks before it writes.
   */
  putIfAbsent(object: NewObject, body: Uint8Array, options: StoreOptions): Promise<boolean>;
  /** All objects whose keys begin with the prefix, in the order of the bytes of their keys. */
  list(prefix: string, signal: AbortSignal): AsyncIterable<ListedObject>;
  /** The bytes of a small object; undefined if it does not exist. */
  read(key: string, signal: AbortSignal): Promise<Uint8Array | undefined>;
  /** Deletes objects, and resolves with those that may still exist. An object that did not exist counts as deleted. */
  delete(keys: readonly string[], signal: AbortSignal): Promise<readonly Undeleted[]>;
  /** Aborts unfinished uploads whose keys `isLeft` accepts. Does nothing if these credentials may not list uploads. */
  abortUploads(prefix: string, isLeft: (key: string) => boolean, options: StoreOptions): Promise<void>;
  /** Whether an error proves that nothing was stored. */
  provesNothingStored(error: unknown): boolean;
}
