import { ConnectionError } from 'c8connector';
import type { Connection } from '../connection.ts';
import { type Command, type Driver, driverOf, type Packet } from '../driver.ts';
import { errorPacket, serverErrorOf } from '../result-set.ts';
import type { Server } from '../server.ts';

/** How many bytes of events may wait for the reader before the connection is paused, and the server with it. */
const highWaterMark = 1024 * 1024;
/** Milliseconds without a byte after which the connection is given up: the server sends a heartbeat each second. */
const silenceLimit = 60_000;

const endPacket = 0xfe;

/** A command of mysql2 whose answer is the events of the log. Disposing closes the connection, and the server ends its side with the next heartbeat. */
export class Dump implements Command, AsyncDisposable {
  readonly flavour: Server['flavour'];
  readonly #connection: Connection;
  readonly #stream: Driver['stream'];
  readonly #command: Buffer;
  readonly #timer: NodeJS.Timeout;
  #events: Buffer[] = [];
  #waiting = 0;
  #isOver = false;
  #error: unknown;
  #wake: () => void = () => undefined;
  #bytesRead = -1;
  #receivedAt = performance.now();

  /** Sends the command. Owns the connection from then on. */
  constructor(connection: Connection, command: Buffer) {
    this.flavour = connection.server.flavour;
    this.#connection = connection;
    const driver = driverOf(connection);
    this.#stream = driver.stream;
    this.#command = command;
    driver.addCommand(this);
    this.#timer = setInterval(() => this.#look(), 1000).unref();
  }

  /** The next event; undefined when there is none yet. Throws the error of the server, or of the connection. */
  next(): Buffer | undefined {
    const event = this.#events.shift();
    if (event === undefined) {
      if (this.#error !== undefined) throw this.#error;
      return undefined;
    }
    this.#waiting -= event.length;
    if (this.#events.length === 0) this.#stream.resume();
    return event;
  }

  /** Whether the server has no more events, of those that it had when it was asked to send only these. */
  isOver(): boolean {
    return this.#isOver && this.#events.length === 0 && this.#error === undefined;
  }

  /** Waits until `next` has something, but no longer than until the signal aborts. */
  async wait(signal?: AbortSignal): Promise<void> {
    if (this.#events.length > 0 || this.#isOver || this.#error !== undefined || signal?.aborted === true) return;
    await new Promise<void>((resolve) => {
      this.#wake = () => {
        signal?.removeEventListener('abort', this.#wake);
        resolve();
      };
      signal?.addEventListener('abort', this.#wake);
    });
  }

  /** Called by mysql2 when it is our turn, without a packet, and then with each one. Returns whether the command is over. */
  execute(packet: Packet | undefined, driver: Driver): boolean {
    if (packet === undefined) {
      this.#send(driver);
      return false;
    }
    const { buffer, offset, end } = packet;
    const first = buffer[offset];
    if (first === errorPacket) return this.#end(serverErrorOf(packet, driver));
    if (first === endPacket && end - offset < 9) return this.#end();
    // A copy, since the bytes of a packet are valid during the call only.
    this.#events.push(Buffer.from(buffer.subarray(offset + 1, end)));
    this.#waiting += end - offset;
    if (this.#waiting >= highWaterMark) this.#stream.pause();
    this.#wake();
    return false;
  }

  /** Called by mysql2 when the connection breaks. */
  onResult(error: Error): void {
    this.#end(error);
  }

  /** Breaks the connection: `next` throws the error. */
  fail(error: unknown): void {
    this.#end(error);
    this.#stream.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    await this.#connection[Symbol.asyncDispose]();
  }

  #send(driver: Driver): void {
    const message = Buffer.alloc(4 + this.#command.length);
    message.writeUIntLE(this.#command.length, 0, 3);
    this.#command.copy(message, 4);
    driver.sequenceId = 1;
    driver.write(message);
  }

  #end(error?: unknown): true {
    this.#error ??= error;
    this.#isOver = true;
    this.#wake();
    return true;
  }

  /** Notices a connection that is dead without the system noticing it. */
  #look(): void {
    if (this.#waiting > 0 || this.#stream.bytesRead !== this.#bytesRead) {
      this.#bytesRead = this.#stream.bytesRead;
      this.#receivedAt = performance.now();
      return;
    }
    if (performance.now() - this.#receivedAt > silenceLimit) this.fail(silent());
  }
}

function silent(): ConnectionError {
  return new ConnectionError(
    `The connection that reads the log is dead: the server sent nothing for ${silenceLimit / 1000} s.`,
    {
      code: 'connection_lost',
      isRetryable: true,
      remedy: 'Run again. If it happens again, check the firewalls, proxies and idle limits on the way to the server.',
    },
  );
}
