import type { Bucket } from './client.ts';
import { abortMultipart, beginMultipart, completeMultipart, type Multipart, type Part, putPart } from './multipart.ts';
import { PartBuffer } from './part-buffer.ts';
import { putObject } from './put-object.ts';
import type { StoreOptions, Upload, WrittenObject } from './store.ts';
import type { NewObject } from './stored-object.ts';

interface UploadOptions extends StoreOptions {
  /** Bytes of each part but the last, and of the largest object that goes in one request. */
  readonly partSize: number;
  /** Buffers of parts of this size that are not in use: memory of this size is costly to get anew each time. */
  readonly free?: PartBuffer[];
}

const parallelParts = 2;
/** Buffers that are kept: those of one upload. */
const mostFree = parallelParts + 1;
/** S3 takes no more. */
const mostParts = 10_000;

/** Bytes of the parts of an object of so many bytes: those that are wanted, or more where there would be too many parts. */
export function partSizeFor(size: number, wanted: number): number {
  return Math.max(wanted, Math.ceil(size / mostParts));
}

/**
 * An object on its way, made by {@link openUpload}. Holds at most `parallelParts` parts that are being sent and one that is being filled. The calls follow each other: `write`
 * any number of times, then `close`. After an error of either one `abort` is due, which disposing does.
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

  /** Copies the next bytes. Resolves when there is room for more; rejects when a part could not be sent, of this call or of one before. */
  async write(bytes: Uint8Array): Promise<void> {
    for (let rest = bytes; rest.length > 0; ) {
      // Not before there is more: what just fits one part is one request.
      if (this.#filling.isFull) await this.#sendPart();
      rest = rest.subarray(this.#filling.fill(rest));
    }
  }

  /** Resolves once S3 has proved that it holds the object, whole. Until then nobody sees it. */
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

  /** Ends the upload, with nothing left of its parts; nothing happens after a `close` that resolved. Never rejects. */
  async abort(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#failed.abort();
    // A part that arrives after the upload was aborted would stay.
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
    // Whoever waits next gets the error.
    sent.catch(() => undefined);
    if (this.#sending.size >= parallelParts) await Promise.race(this.#sending);
  }
}

/** Begins an object. Nothing is sent before a part is full: an object that fits into one part is one request. */
export function openUpload(bucket: Bucket, object: NewObject, options: UploadOptions): ObjectUpload {
  return new ObjectUpload(bucket, object, options);
}
