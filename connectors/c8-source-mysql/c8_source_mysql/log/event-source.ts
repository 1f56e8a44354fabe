import type { MysqlConfig } from '../config.ts';
import { binlogDecoder } from './binlog/binlog-decoder.ts';
import { eventTypes } from './binlog/event-types.ts';
import type { LogEvent } from './binlog/events.ts';
import type { EventPlace } from './log-reader.ts';
import { randomServerId } from './server-id.ts';
import { settledPackets, typeOf } from './settled-packets.ts';
import { type DumpRequest, startDump } from './start-dump.ts';

/** The decoded events of a dump. Disposing ends it. */
export interface EventSource extends AsyncDisposable {
  /** The next event, whose bytes are valid until the next call; undefined when there is none yet. Throws the error of the server, or of the connection. */
  next(): { readonly event: LogEvent; readonly place: EventPlace } | undefined;
  /** Whether a brief dump has no more events. */
  isOver(): boolean;
  /** Breaks the connection: `next` throws the error. */
  fail(error: unknown): void;
  /** Waits until `next` has something, but no longer than until the signal aborts. */
  wait(signal: AbortSignal): Promise<void>;
}

const sizeOfHeader = 19;
const nextAt = 13;

/** Begins a dump. Errors are those of `startDump`. */
export async function eventSource(
  config: MysqlConfig,
  request: DumpRequest,
  signal: AbortSignal,
): Promise<EventSource> {
  const dump = await startDump(config, request, signal);
  const decoder = binlogDecoder(dump);
  const packets =
    dump.flavour === 'MariaDB'
      ? settledPackets(dump, decoder, (from) =>
          startDump(config, { from, serverId: randomServerId(), isBrief: true }, signal),
        )
      : dump;
  let events: Iterator<LogEvent> | undefined;
  let packet: Buffer | undefined;
  return {
    next() {
      for (;;) {
        const taken = events?.next();
        if (packet !== undefined && taken !== undefined && taken.done !== true)
          return { event: taken.value, place: placeOf(packet, taken.value) };
        packet = packets.next();
        events = packet === undefined ? undefined : decoder.take(packet)[Symbol.iterator]();
        if (packet === undefined) return undefined;
      }
    },
    isOver: () => packets.isOver(),
    fail: (error) => dump.fail(error),
    wait: (signal) => packets.wait(signal),
    [Symbol.asyncDispose]: () => packets[Symbol.asyncDispose](),
  };
}

/** A compressed transaction has one place for all of its events. */
function placeOf(packet: Buffer, { next }: LogEvent): EventPlace {
  const isPayload = packet.length >= sizeOfHeader && typeOf(packet) === eventTypes.transactionPayload;
  return { size: packet.length, next: isPayload ? packet.readUInt32LE(nextAt) : next };
}
