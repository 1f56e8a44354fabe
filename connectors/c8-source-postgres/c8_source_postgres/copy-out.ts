import type { Diversion, Incoming } from 'c8connector-sql';
import type { Connection as PgConnection } from 'pg';
import type { Connection } from './connection.ts';

/** How many bytes of memory may wait for the reader before the connection is paused, and with it the server. A chunk may use only a small part of its memory. */
const highWaterMark = 512 * 1024;

/**
 * One COPY TO STDOUT on a connection of pg. Takes the bytes of the connection before pg parses them, since an object for each row makes
 * a copy slow; pg handles the rest of the protocol. Owns the connection until `finish` has resolved.
 */
export class CopyOut {
  readonly #text: string;
  readonly #awaiting: Connection['awaiting'];
  readonly #incoming: Incoming;
  #connection: PgConnection | undefined;
  #diversion: Diversion | undefined;
  /** The chunk that `next` returned last. */
  #given: Uint8Array | undefined;
  #chunks: Uint8Array[] = [];
  #waiting = 0;
  #error: Error | undefined;
  #tag = '';
  #isReady = false;
  #wake: () => void = () => undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(connection: Connection, text: string) {
    this.#text = text;
    this.#awaiting = connection.awaiting;
    this.#incoming = connection.incoming;
    connection.client.query(this);
  }

  /** The next bytes of the connection, undefined when there are none yet. They are valid until the next call. */
  next(): Uint8Array | undefined {
    if (this.#given !== undefined) this.#diversion?.release(this.#given);
    this.#given = undefined;
    const chunk = this.#chunks.shift();
    if (chunk === undefined) {
      if (this.#error !== undefined) throw this.#error;
      return undefined;
    }
    this.#given = chunk;
    this.#waiting -= chunk.buffer.byteLength;
    if (this.#chunks.length === 0) this.#connection?.stream.resume();
    return chunk;
  }

  /** Waits until `next` has bytes or an error, for at most this many milliseconds. May return earlier without either. */
  async wait(milliseconds: number): Promise<void> {
    if (this.#chunks.length > 0 || this.#error !== undefined) return;
    const woken = new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    if (Number.isFinite(milliseconds)) this.#arm(milliseconds);
    await this.#awaiting(woken);
  }

  /** Wakes the reader after this many milliseconds at the latest. An earlier timer is kept: to set one for each chunk takes 3 % of the time of a copy. */
  #arm(milliseconds: number): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#wake();
    }, milliseconds).unref();
  }

  /**
   * Gives the connection back to pg, with the bytes that do not belong to the copy. Resolves with the command tag, such as `COPY 5`; rejects with the error of the
   * server when they contain one.
   */
  async finish(rest: Uint8Array): Promise<string> {
    const stream = this.#connection?.stream;
    this.#diversion?.end();
    for (const chunk of [rest, ...this.#chunks.splice(0)]) stream?.emit('data', Buffer.from(chunk));
    stream?.resume();
    while (!this.#isReady) {
      if (this.#error !== undefined) throw this.#error;
      await this.wait(Number.POSITIVE_INFINITY);
    }
    return this.#tag;
  }

  /** Called by pg when it is our turn. */
  submit(connection: PgConnection): void {
    this.#connection = connection;
    this.#diversion = this.#incoming.divert((chunk) => this.#take(chunk));
    connection.query(this.#text);
  }

  /** Called by pg when the server refuses, or the connection breaks. */
  handleError(error: Error): void {
    this.#error = error;
    this.#wake();
  }

  /** Called by pg when the server has ended the command. */
  handleCommandComplete({ text }: { readonly text: string }): void {
    this.#tag = text;
  }

  /** Called by pg when the connection is free again. */
  handleReadyForQuery(): void {
    this.#isReady = true;
    this.#wake();
  }

  #take(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.#waiting += chunk.buffer.byteLength;
    if (this.#waiting >= highWaterMark) this.#connection?.stream.pause();
    this.#wake();
  }
}
