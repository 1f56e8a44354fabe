import { type Diversion, invalidAnswer, largestRow } from 'c8connector-sql';
import type { Connection as PgConnection } from 'pg';
import type { Connection } from '../connection.ts';
import { type Frame, type Frames, frames } from './frames.ts';
import { serverError } from './server-error.ts';

/** How many bytes of memory may wait for the reader before the connection is paused, and the server with it. A chunk may fill a small part of its own. */
const highWaterMark = 1024 * 1024;
/** Milliseconds that the server has to end the stream. */
const endTimeout = 2000;

/** The message that ends the stream, and the one that ends the connection. */
const copyDone = Buffer.from([0x63, 0, 0, 0, 4]);
const terminate = Buffer.from([0x58, 0, 0, 0, 4]);

/** Messages of the server outside of the stream that need no answer: notices, settings, the end of a command. */
const ignored: ReadonlySet<number> = new Set(Buffer.from('NSAZC'));

const copyBothResponse = 0x57;
const copyData = 0x64;
const errorResponse = 0x45;

/**
 * A command that has become a stream in both directions. Takes the bytes of the connection itself, since pg knows no such streams. Disposing ends the stream, so that the server releases the
 * slot, and closes the connection.
 */
export class CopyBoth implements AsyncDisposable {
  readonly #connection: PgConnection;
  readonly #diversion: Diversion;
  readonly #frames: Frames;
  #chunks: Buffer[] = [];
  #waiting = 0;
  #error: Error | undefined;
  #isOver = false;
  #isEnding = false;
  #receivedAt = performance.now();
  #wake: () => void = () => undefined;

  private constructor({ client, incoming }: Connection) {
    const { connection } = client;
    const { stream } = connection;
    this.#connection = connection;
    client.on('error', (error) => this.fail(error));
    stream.once('close', () => this.fail(new Error('Connection terminated')));
    this.#diversion = incoming.divert(({ buffer, byteOffset, length }) =>
      this.#take(Buffer.from(buffer, byteOffset, length)),
    );
    this.#frames = frames(2 * largestRow, (problem) => invalidAnswer(problem), this.#diversion.release);
  }

  /** Starts the command, and resolves once the stream has begun. Owns the connection from then on. Rejects with the error of the server. */
  static async open(connection: Connection, command: string): Promise<CopyBoth> {
    const copy = new CopyBoth(connection);
    copy.#connection.query(command);
    try {
      let frame = copy.#nextFrame();
      for (; frame === undefined; frame = copy.#nextFrame()) await copy.wait();
      if (frame.letter !== copyBothResponse) throw invalidAnswer(`message ${frame.letter} where the log should begin`);
      return copy;
    } catch (error) {
      copy.#isOver = true;
      await copy[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** The body of the next message of the stream, which stays as it is until the next call; undefined when there is none yet. Throws the error of the server, or of the connection. */
  next(): Buffer | undefined {
    const frame = this.#nextFrame();
    if (frame === undefined || frame.letter === copyData) return frame?.body;
    this.#isOver = true;
    throw new Error('Connection terminated: the server has ended the log');
  }

  /** Waits until `next` has something, but no longer than until the signal aborts. */
  async wait(signal?: AbortSignal): Promise<void> {
    if (this.#chunks.length > 0 || this.#error !== undefined || signal?.aborted === true) return;
    await new Promise<void>((resolve) => {
      this.#wake = () => {
        signal?.removeEventListener('abort', this.#wake);
        resolve();
      };
      signal?.addEventListener('abort', this.#wake);
    });
  }

  send(message: Buffer): void {
    if (this.#connection.stream.writable) this.#connection.stream.write(message);
  }

  /** Milliseconds since the last bytes came; 0 while some wait to be taken. */
  silence(): number {
    return this.#waiting > 0 ? 0 : performance.now() - this.#receivedAt;
  }

  /** Breaks the connection: `next` throws the error. */
  fail(error: Error): void {
    this.#error ??= error;
    this.#connection.stream.destroy();
    this.#wake();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { stream } = this.#connection;
    const closed = new Promise<void>((resolve) => {
      if (stream.destroyed) resolve();
      stream.once('close', () => resolve());
      setTimeout(resolve, endTimeout).unref();
    });
    // Later messages are ignored.
    this.#isEnding = true;
    stream.resume();
    if (!this.#isOver) this.send(copyDone);
    this.send(terminate);
    await closed;
    stream.destroy();
  }

  #take(chunk: Buffer): void {
    if (this.#isEnding) {
      this.#diversion.release(chunk);
      return;
    }
    this.#receivedAt = performance.now();
    this.#chunks.push(chunk);
    this.#waiting += chunk.buffer.byteLength;
    if (this.#waiting >= highWaterMark) this.#connection.stream.pause();
    this.#wake();
  }

  /** The next message that is not ignored. */
  #nextFrame(): Frame | undefined {
    for (;;) {
      const frame = this.#frames.next();
      if (frame?.letter === errorResponse) throw serverError(frame.body);
      if (frame !== undefined && !ignored.has(frame.letter)) return frame;
      if (frame !== undefined) continue;
      const chunk = this.#chunks.shift();
      if (chunk === undefined) break;
      this.#waiting -= chunk.buffer.byteLength;
      if (this.#chunks.length === 0) this.#connection.stream.resume();
      this.#frames.take(chunk);
    }
    if (this.#error !== undefined) throw this.#error;
    return undefined;
  }
}
