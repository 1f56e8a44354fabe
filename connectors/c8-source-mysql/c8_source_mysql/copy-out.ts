import { invalidAnswer, rowTooLarge } from 'c8connector-sql';
import type { Connection } from './connection.ts';
import { type Command, type Driver, driverOf, type Packet, sendQuery } from './driver.ts';
import { PacketTooLarge } from './packet-guard.ts';
import { errorPacket, type ResultSet, type RowTaker, resultSet, serverErrorOf } from './result-set.ts';

export type { RowTaker } from './result-set.ts';

/** Bytes of rows after which the connection is paused until they are asked for. */
const highWaterMark = 1024 * 1024;

/**
 * One query whose rows are passed on as the server sends them, without an object for each. A command of mysql2, which handles the rest of the protocol: it owns the connection until `isDone`.
 */
export class CopyOut implements Command {
  readonly #text: string;
  readonly #name: string | undefined;
  readonly #awaiting: Connection['awaiting'];
  readonly #stream: Driver['stream'];
  readonly #rows: RowTaker;
  #result: ResultSet | undefined;
  #taken = 0;
  #error: unknown;
  #isDone = false;
  #wake: () => void = () => undefined;
  #timer: NodeJS.Timeout | undefined;

  /** `stream` is for errors. */
  constructor(connection: Connection, text: string, rows: RowTaker, stream?: string) {
    this.#text = text;
    this.#name = stream;
    this.#awaiting = connection.awaiting;
    const driver = driverOf(connection);
    this.#stream = driver.stream;
    this.#rows = rows;
    driver.addCommand(this);
  }

  /** Whether all rows came. Throws the error of the server, of the connection or of a row. */
  isDone(): boolean {
    // Rows after the end mean that the end was not the end.
    const error = this.#error ?? (this.#isDone ? this.#stream.errored : undefined);
    if (error) throw error;
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

  execute(packet: Packet | undefined, driver: Driver): boolean {
    try {
      if (packet === undefined) return this.#begin(driver);
      if (packet.buffer[packet.offset] === errorPacket) return this.#end(serverErrorOf(packet, driver));
      return this.#take(packet);
    } catch (error) {
      this.#end(error);
      // What comes after a row that cannot be read is of no use.
      this.#stream.destroy();
    }
    return false;
  }

  onResult(error: Error): void {
    const isRow = error instanceof PacketTooLarge && this.#name !== undefined;
    this.#end(isRow ? rowTooLarge(error.bytes, this.#name as string, undefined) : error);
  }

  #begin(driver: Driver): false {
    this.#result = resultSet(this.#rows, {
      isExtended: driver._mariadbExtendedMetadata,
      stream: this.#name,
    });
    sendQuery(driver, this.#text);
    return false;
  }

  #take(packet: Packet): boolean {
    const taken = this.#result?.take(packet);
    if (taken === undefined) throw invalidAnswer('an answer before the query');
    if (taken === 'ok') throw invalidAnswer('no rows for a query', { stream: this.#name });
    if (taken === 'end') return this.#end();
    if (taken === 'row') {
      this.#taken += packet.end - packet.offset;
      if (this.#taken >= highWaterMark) {
        this.#stream.pause();
        this.#wake();
      }
    }
    return false;
  }

  #end(error?: unknown): true {
    this.#error ??= error;
    this.#isDone = true;
    clearTimeout(this.#timer);
    // The last rows may have paused it.
    this.#stream.resume();
    this.#wake();
    return true;
  }
}
