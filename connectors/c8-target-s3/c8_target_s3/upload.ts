import type { Bucket } from './client.ts';
import { abortMultipart, beginMultipart, completeMultipart, type Multipart, type Part, putPart } from './multipart.ts';
import { PartBuffer } from './part-buffer.ts';
import { putObject } from './put-object.ts';
import type { StoreOptions, Upload, WrittenObject } from './store.ts';
import type { NewObject } from './stored-object.ts';

interface UploadOptions extends StoreOptions {
  /** Bytes of each part except the last, and of the largest object that is sent in one request. */
  readonly partSize: number;
  /** Unused buffers for parts of this size, to reuse, since allocating this much memory each time is costly. */
  readonly free?: PartBuffer[];
}

const parallelParts = 2;
/** The most unused buffers that are kept: as many as one upload needs. */
const mostFree = parallelParts + 1;
/** The most parts that S3 accepts. */
const mostParts = 10_000;

/** The size of parts for an object of `size` bytes: the wanted size, or more if there would be too many parts. */
export function partSizeFor(size: number, wanted: number): number {
  return Math.max(wanted, Math.ceil(size / mostParts));
}

/**
 * An object that is being written, opened by {@link openUpload}. It has at most `parallelParts` parts that are being sent and one that is being filled. Call `write` any number of times, one call after the
 * other, then `close`. After an error of either, `abort` must be called, which disposing does.
 */
export class ObjectUpload implements Upload {
  readonly #bucket: Bucket;
  readonly #object: NewObject;
  readonly #options: UploadOptions;
  readonly #failed = new AbortController();
  readonly #signal: AbortSignal;
  readonly #parts: Part[] = [];
  readonly #sending = new Set<Promise<void>>();
  readonly #free: PartBuffer[];
  #filling: PartBuffer;
  #begun = 0;
  #multipart: Multipart | undefined;
  #isClosed = false;

  constructor(bucket: Bucket, object: NewObject, options: UploadOptions) {
    this.#bucket = bucket;
    this.#object = object;
    this.#options = options;
    this.#free = options.free ?? [];
    this.#filling = this.#newBuffer();
    this.#signal = AbortSignal.any([options.signal, this.#failed.signal]);
  }

  /** Copies the next bytes. Resolves when there is room for more; rejects if a part of this call or of an earlier one could not be sent. */
  async write(bytes: Uint8Array): Promise<void> {
    for (let rest = bytes; rest.length > 0; ) {
      // Only when there are more bytes, since an object that exactly fits one part is sent in one request.
      if (this.#filling.isFull) await this.#sendPart();
      rest = rest.subarray(this.#filling.fill(rest));
    }
  }

  /** Resolves once S3 has proved that it has the complete object. Until then it is not visible. */
  async close(): Promise<WrittenObject> {
    const written = await this.#finish();
    this.#isClosed = true;
    this.#release(this.#filling);
    return written;
  }

  #newBuffer(): PartBuffer {
    return this.#free.pop() ?? new PartBuffer(this.#options.partSize);
  }

  #release(buffer: PartBuffer): void {
    buffer.clear();
    if (this.#free.length < mostFree) this.#free.push(buffer);
  }

  async #finish(): Promise<WrittenObject> {
    if (this.#multipart === undefined)
      return await putObject(this.#bucket, this.#object, this.#filling.content(), this.#signal);
    await this.#sendPart();
    await Promise.all(this.#sending);
    this.#signal.throwIfAborted();
    return await completeMultipart(this.#multipart, this.#parts, this.#signal);
  }

  /** Aborts the upload and removes its parts. Does nothing after a `close` that resolved. Never rejects. */
  async abort(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#failed.abort();
    // A part that arrived after the upload was aborted would remain.
    await Promise.allSettled(this.#sending);
    const error = this.#multipart && (await abortMultipart(this.#multipart, this.#options.signal));
    if (error === undefined) return;
    const { key } = this.#object;
    this.#options.log.warn('An upload could not be aborted: its parts stay until a lifecycle rule removes them.', {
      key,
      error: String(error),
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.abort();
  }

  async #sendPart(): Promise<void> {
    this.#multipart ??= await beginMultipart(this.#bucket, this.#object, this.#signal);
    const upload = this.#multipart;
    const number = this.#begun + 1;
    this.#begun = number;
    const buffer = this.#filling;
    this.#filling = this.#newBuffer();
    const sent = putPart(upload, number, buffer.content(), this.#signal).then((part) => {
      this.#parts[number - 1] = part;
      this.#release(buffer);
      this.#sending.delete(sent);
    });
    this.#sending.add(sent);
    // The next call that awaits it gets the error.
    sent.catch(() => undefined);
    if (this.#sending.size >= parallelParts) await Promise.race(this.#sending);
  }
}

/** Begins an object. Nothing is sent before a part is full, so an object that fits into one part is sent in one request. */
export function openUpload(bucket: Bucket, object: NewObject, options: UploadOptions): ObjectUpload {
  return new ObjectUpload(bucket, object, options);
}
