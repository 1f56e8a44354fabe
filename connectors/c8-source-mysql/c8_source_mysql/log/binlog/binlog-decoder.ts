import { DataError } from 'c8connector';
import { invalidAnswer } from 'c8connector-sql';
import type { Server } from '../../server.ts';
import { checksumSize, hasChecksum, isIgnorable, type RawEvent, readHeader } from './event-header.ts';
import { eventTypes as e, eventName, ignoredTypes } from './event-types.ts';
import type { EventContent, EventHeader, LogEvent } from './events.ts';
import { crc32Checksum, readFormat, readHeartbeat, readHeartbeatV2, readRotate } from './file-events.ts';
import { readQuery } from './query-event.ts';
import { readRows } from './rows-event.ts';
import { tableMaps } from './table-map.ts';
import { readGtid, readMariaDbGtid, readTaggedGtid, readXaPrepare } from './transaction-events.ts';
import { readPayload } from './transaction-payload.ts';

/** Decodes the events of one dump of a binary log, in their order. */
export interface BinlogDecoder {
  /**
   * The events of a packet of the dump, without its first byte 00: one, or those of a compressed transaction. They must be taken before the next packet, and refer to its bytes.
   *
   * @throws {ConnectionError} `server_answer_invalid` when an event is damaged, contradicts itself or is unknown.
   * @throws {DataError} `log_position_lost` when the server says that it has lost changes.
   */
  take(packet: Uint8Array): Iterable<LogEvent>;
}

/** A decoder for a new dump. The server decides whether its events have checksums: each is verified. */
export function binlogDecoder({ flavour }: Pick<Server, 'flavour'>): BinlogDecoder {
  const isMariaDb = flavour === 'MariaDB';
  const tables = tableMaps(isMariaDb);
  /** Undefined before the first description of a file. */
  let hasChecksums: boolean | undefined;

  function take(packet: Uint8Array): Iterable<LogEvent> {
    const raw = explained(packet, 0, () => readRaw(packet, hasChecksums));
    if (raw.type === e.transactionPayload) return takePayload(raw);
    return [explained(packet, raw.next, () => ({ ...headerOf(raw), ...contentOf(raw) }))];
  }

  function* takePayload(raw: RawEvent): Generator<LogEvent> {
    const events = readPayload(raw);
    for (;;) {
      const inner = explained(raw.bytes, raw.next, () => events.next());
      if (inner.done === true) return;
      yield explained(inner.value, raw.next, () => {
        const event = readHeader(inner.value, 0);
        return { ...headerOf(event), next: 0, ...contentOf(event) };
      });
    }
  }

  function contentOf(raw: RawEvent): EventContent {
    if (raw.type === e.format) {
      const [event, checksums] = readFormat(raw);
      hasChecksums = checksums;
      return event;
    }
    if (raw.type === e.tableMap) return { kind: 'table', table: tables(raw) };
    const rows = readRows(raw);
    return rows === undefined ? readOther(raw, isMariaDb) : { kind: 'rows', rows };
  }

  return { take };
}

/** Reads the header of an event, and verifies its checksum. */
function readRaw(packet: Uint8Array, hasChecksums: boolean | undefined): RawEvent {
  if (packet[4] === e.format) return readDescription(packet);
  if (hasChecksums === false) return readHeader(packet, 0);
  const isRight = hasChecksum(packet);
  // Before the first description of a file, nothing says whether there are any.
  const raw = readHeader(packet, isRight ? checksumSize : 0);
  if (hasChecksums === true && !isRight) throw wrongChecksum();
  return raw;
}

/** The description of a file has the place of a checksum, whatever the events before and after it have. The server changes the description for the dump, and its checksum only if the others are verified too. */
function readDescription(packet: Uint8Array): RawEvent {
  const raw = readHeader(packet, checksumSize);
  if (packet[raw.end - 1] === crc32Checksum && !hasChecksum(packet)) throw wrongChecksum();
  return raw;
}

function wrongChecksum(): RangeError {
  return new RangeError('its checksum is wrong');
}

function headerOf({ type, time, next, serverId }: RawEvent): EventHeader {
  return { type, time, next, serverId };
}

function readOther(raw: RawEvent, isMariaDb: boolean): EventContent {
  switch (raw.type) {
    case e.query:
      return readQuery(raw);
    case e.queryCompressed:
      return readQuery(raw, { isCompressed: true });
    case e.executeLoadQuery:
      return readQuery(raw, { isLoad: true });
    case e.rotate:
      return readRotate(raw);
    case e.xid:
      return { kind: 'xid' };
    case e.gtid:
    case e.anonymousGtid:
      return readGtid(raw, raw.type === e.anonymousGtid);
    case e.taggedGtid:
      return readTaggedGtid(raw);
    case e.mariaDbGtid:
      return readMariaDbGtid(raw);
    case e.xaPrepare:
      return readXaPrepare(raw);
    case e.heartbeat:
      return readHeartbeat(raw, isMariaDb);
    case e.heartbeatV2:
      return readHeartbeatV2(raw);
    case e.incident:
      throw lostChanges();
    default:
      if (ignoredTypes.has(raw.type) || isIgnorable(raw)) return { kind: 'other' };
      throw new RangeError('this type is unknown');
  }
}

/** Runs part of the decoding of an event; bytes that are not as they should be become an error that names it. */
function explained<T>(bytes: Uint8Array, next: number, decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const place = next === 0 ? '' : ` before the position ${next}`;
    throw invalidAnswer(`the event ${eventName(bytes[4] ?? 0)}${place} of the binary log: ${error.message}`);
  }
}

function lostChanges(): DataError {
  return new DataError('The binary log has an incident: the server could not write all changes to it.', {
    code: 'log_position_lost',
  });
}
