import { invalidAnswer } from 'c8connector-sql';
import type { Connection as Client } from 'mysql2';
import { type ColumnDefinition, columnDefinition } from './column-definition.ts';
import type { Connection } from './connection.ts';
import { streamOf } from './reading.ts';

/** A packet of the server, as mysql2 passes it on: its content is in `buffer` from `offset` to `end`, during the call only. */
interface Packet {
  readonly buffer: Uint8Array;
  readonly offset: number;
  readonly end: number;
  asError(encoding: string): Error;
}

/** What mysql2 offers to a command, and its types lack. */
interface Commanding extends Client {
  addCommand(command: CopyOut): void;
  write(bytes: Uint8Array): void;
  sequenceId: number;
  readonly clientEncoding: string;
  readonly _mariadbExtendedMetadata: boolean;
}

/** Takes the columns of the result, before its rows, and then each row. `start` and `end` are valid during the call only. */
export interface RowTaker {
  begin(columns: readonly ColumnDefinition[]): void;
  add(bytes: Uint8Array, start: number, end: number): void;
}

/** Bytes of rows after which the connection is paused until they are asked for. */
const highWaterMark = 1024 * 1024;

const okPacket = 0x00;
const endPacket = 0xfe;
const errorPacket = 0xff;
const queryCommand = 0x03;

/**
 * One query whose rows are passed on as the server sends them, without an object for each. A command of mysql2, which handles the rest of the protocol: it owns the connection until `isDone`.
 */
export class CopyOut {
  readonly #text: string;
  readonly #awaiting: Connection['awaiting'];
  readonly #stream: ReturnType<typeof streamOf>;
  readonly #rows: RowTaker;
  #step: 'query' | 'header' | 'columns' | 'rows' = 'query';
  #columns: ColumnDefinition[] = [];
  #expected = 0;
  #taken = 0;
  #error: unknown;
  #isDone = false;
  #wake: () => void = () => undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(connection: Connection, text: string, rows: RowTaker) {
    this.#text = text;
    this.#awaiting = connection.awaiting;
    this.#stream = streamOf(connection);
    this.#rows = rows;
    (connection.client as Commanding).addCommand(this);
  }

  /** Whether all rows came. Throws the error of the server, of the connection or of a row. */
  isDone(): boolean {
    if (this.#error !== undefined) throw this.#error;
    return this.#isDone;
  }

  /** Reads on until there is something to take, for at most this many milliseconds. */
  async wait(milliseconds: number): Promise<void> {
    if (this.#isDone || this.#error !== undefined) return;
    const woken = new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    // An earlier timer is kept: to set one for each wait would take a noticeable part of the time of a copy.
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#wake();
    }, milliseconds).unref();
    this.#taken = 0;
    this.#stream.resume();
    await this.#awaiting(woken);
  }

  /** Called by mysql2 when it is our turn, without a packet, and then with each one. Returns whether the command is over. */
  execute(packet: Packet | undefined, client: Commanding): boolean {
    try {
      if (packet === undefined) this.#send(client);
      else if (packet.buffer[packet.offset] === errorPacket) return this.#end(packet.asError(client.clientEncoding));
      else return this.#take(packet, client);
    } catch (error) {
      this.#end(error);
      // What comes after a row that cannot be read is of no use.
      this.#stream.destroy();
    }
    return false;
  }

  /** Called by mysql2 when the connection breaks. */
  onResult(error: Error): void {
    this.#end(error);
  }

  #send(client: Commanding): void {
    const size = 1 + Buffer.byteLength(this.#text);
    const message = Buffer.alloc(4 + size);
    message.writeUIntLE(size, 0, 3);
    message[4] = queryCommand;
    message.write(this.#text, 5);
    client.sequenceId = 1;
    client.write(message);
    this.#step = 'header';
  }

  #take({ buffer, offset, end }: Packet, client: Commanding): boolean {
    const first = buffer[offset] as number;
    const isEnd = first === endPacket && end - offset < 9;
    switch (this.#step) {
      case 'rows':
        if (isEnd) return this.#end();
        this.#rows.add(buffer, offset, end);
        this.#taken += end - offset;
        if (this.#taken >= highWaterMark) {
          this.#stream.pause();
          this.#wake();
        }
        return false;
      case 'header':
        if (first === okPacket) throw invalidAnswer('a query has no rows');
        this.#expected =
          first < 0xfb ? first : first === 0xfc ? (buffer[offset + 1] ?? 0) + 256 * (buffer[offset + 2] ?? 0) : -1;
        this.#step = 'columns';
        return false;
      case 'columns':
        if (!isEnd) this.#columns.push(columnDefinition(buffer.subarray(offset, end), client._mariadbExtendedMetadata));
        else if (this.#columns.length !== this.#expected)
          throw invalidAnswer(`${this.#columns.length} columns came, but the server counted ${this.#expected}`);
        else {
          this.#rows.begin(this.#columns);
          this.#step = 'rows';
        }
        return false;
      case 'query':
        throw invalidAnswer('an answer before the query');
    }
  }

  #end(error?: unknown): true {
    this.#error ??= error;
    this.#isDone = true;
    clearTimeout(this.#timer);
    this.#wake();
    return true;
  }
}
