import type { Log } from 'c8connector';
import type { Undeleted } from './delete-objects.ts';
import type { NewObject } from './stored-object.ts';

/** An object that a store lists. */
export interface ListedObject {
  readonly key: string;
  readonly bytes: number;
}

/** What a store has proved to hold of an object that was written. */
export interface WrittenObject {
  readonly bytes: number;
  /** Without quotes. */
  readonly etag: string;
  /** Of all its bytes, as S3 writes it: base64. */
  readonly crc32: string;
}

/** An object on its way. The calls follow each other: `write` any number of times, then `close`. Disposing gives it up, unless it is closed. */
export interface Upload extends AsyncDisposable {
  /** Copies the next bytes. Resolves when there is room for more. */
  write(bytes: Uint8Array): Promise<void>;
  /** Resolves once the object is there, whole and durable. Until then nobody sees it. */
  close(): Promise<WrittenObject>;
}

/** What an upload and a conditional write need beside the object. */
export interface StoreOptions {
  /** Ends what is under way, which rejects with an AbortError then. */
  readonly signal: AbortSignal;
  readonly log: Log;
}

/**
 * Where objects are kept: all that files, flushes, manifests and recovery know of S3. An object is whole or not there, and a list shows what was written or deleted before it was asked for.
 */
export interface Store extends Disposable {
  /** Begins an object of so many bytes. Nothing is sent yet. */
  upload(object: NewObject, options: StoreOptions & { readonly size: number }): Upload;
  /**
   * Writes a small object unless there is one of its name, and resolves with whether it did. False may be the answer to a repetition of a request that had written it. A store that knows no such
   * condition logs a warning, and looks before it writes.
   */
  putIfAbsent(object: NewObject, body: Uint8Array, options: StoreOptions): Promise<boolean>;
  /** All objects whose keys begin with the prefix, in the order of the bytes of their keys. */
  list(prefix: string, signal: AbortSignal): AsyncIterable<ListedObject>;
  /** The bytes of a small object; undefined when there is none. */
  read(key: string, signal: AbortSignal): Promise<Uint8Array | undefined>;
  /** Resolves with what may still be there. One that was not there counts as deleted. */
  delete(keys: readonly string[], signal: AbortSignal): Promise<readonly Undeleted[]>;
  /** Aborts the uploads that a process has left unfinished, by their keys. Does nothing where these credentials may not list them. */
  abortUploads(prefix: string, isLeft: (key: string) => boolean, options: StoreOptions): Promise<void>;
  /** Whether an error proves that nothing at all was stored. */
  provesNothingStored(error: unknown): boolean;
}
