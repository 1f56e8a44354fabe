import { invalidAnswer } from 'c8connector-sql';
import type { BinlogDecoder } from './binlog/binlog-decoder.ts';
import { eventTypes } from './binlog/event-types.ts';
import type { LogEvent } from './binlog/events.ts';
import { isRows, type Outline, transactionOutline } from './outline.ts';
import type { Place } from './position.ts';

/** The events of a dump. */
export interface PacketSource extends AsyncDisposable {
  next(): Buffer | undefined;
  isOver(): boolean;
  wait(signal?: AbortSignal): Promise<void>;
}

/** Bytes of a transaction that are kept until its end is known. */
const mostHeld = 1024 * 1024;
const typeAt = 4;
const nextAt = 13;

/** The type of an event. */
export function typeOf(packet: Buffer): number {
  return packet[typeAt] ?? 0;
}

/**
 * The events of a dump of MariaDB without the rows that were undone: a transaction is passed on when it has ended. One that is larger than a megabyte is not kept:
 * it is first read to its end with another dump, which `open` begins.
 */
export function settledPackets(
  source: PacketSource,
  decoder: BinlogDecoder,
  open: (place: Place) => Promise<PacketSource>,
): PacketSource {
  let file = '';
  /** Events that may be passed on. */
  const ready: Buffer[] = [];
  /** Those of a transaction whose end is not known. */
  let held: Buffer[] = [];
  let size = 0;
  /** Of the transaction that is being read. */
  let outline: Outline | undefined;
  let isKnown = false;
  let index = 0;

  const decoded = (packet: Buffer): LogEvent | undefined => [...decoder.take(packet)][0];

  /** Passes an event on, unless it is about rows that were undone. */
  function pass(packet: Buffer, known: Outline): void {
    if (!isRows(typeOf(packet)) || !known.isUndone(index++)) ready.push(packet);
  }

  function end(): void {
    outline = undefined;
    isKnown = false;
    index = 0;
    size = 0;
  }

  function release(known: Outline): void {
    for (const packet of held) pass(packet, known);
    held = [];
  }

  function takePacket(packet: Buffer): void {
    const type = typeOf(packet);
    const event = type === eventTypes.rotate || type === eventTypes.mariaDbGtid ? decoded(packet) : undefined;
    if (event?.kind === 'rotate') file = event.file;
    if (event?.kind === 'gtid' && !event.isStandalone) outline ??= transactionOutline();
    if (outline === undefined) {
      ready.push(packet);
      return;
    }
    if (isKnown) {
      pass(packet, outline);
      if (transactionEnds(packet)) end();
      return;
    }
    held.push(packet);
    size += packet.length;
    if (!outline.take(type, () => decoded(packet))) return;
    release(outline);
    end();
  }

  function transactionEnds(packet: Buffer): boolean {
    return transactionOutline().take(typeOf(packet), () => decoded(packet));
  }

  async function lookAhead(signal: AbortSignal | undefined): Promise<void> {
    const [first] = held;
    if (first === undefined) return;
    const known = transactionOutline();
    await using ahead = await open({ file, pos: first.readUInt32LE(nextAt) - first.length });
    while (signal?.aborted !== true) {
      const packet = ahead.next();
      if (packet !== undefined && known.take(typeOf(packet), () => decoded(packet))) {
        outline = known;
        isKnown = true;
        release(known);
        return;
      }
      if (packet !== undefined) continue;
      if (ahead.isOver()) throw invalidAnswer('a transaction of the log has no end');
      await ahead.wait(signal);
    }
  }

  const isTooLarge = () => !isKnown && size > mostHeld;

  return {
    next() {
      for (;;) {
        const packet = ready.shift();
        if (packet !== undefined) return packet;
        const next = isTooLarge() ? undefined : source.next();
        if (next === undefined) return undefined;
        takePacket(next);
      }
    },
    isOver: () => ready.length === 0 && held.length === 0 && source.isOver(),
    async wait(signal) {
      if (isTooLarge()) await lookAhead(signal);
      else await source.wait(signal);
    },
    [Symbol.asyncDispose]: () => source[Symbol.asyncDispose](),
  };
}
