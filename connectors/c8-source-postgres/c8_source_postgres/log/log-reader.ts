import type { Lag, LogPage } from 'c8connector';
import { invalidAnswer } from '../invalid-answer.ts';
import type { LogTable } from './log-table.ts';
import { type Begin, type Change, type LogMessage, pgoutputDecoder, type Relation } from './pgoutput.ts';
import { bookmarkOf, type Position } from './position.ts';
import type { StreamPositions } from './stream-positions.ts';
import { openTransaction, type Transaction } from './transaction.ts';

/** Bytes of rows that are handed on at the latest. */
const pageBytes = 1024 * 1024;
/** Milliseconds between two positions while no row comes. */
const idleInterval = 1000;

/** What is to be done before the next message can be taken. */
export type Needed =
  /** The columns of a table are to be looked up, and given to `describe`. */
  | { readonly relation: Relation }
  /** A table has a null in a column that was NOT NULL: it is to be described with that column as one that can be null, and the message taken again. */
  | { readonly oid: string; readonly table: LogTable; readonly nullable: string };

/** Makes pages of the messages of the log. */
export interface LogReader {
  /** Takes a message of the output plugin. */
  take(body: Buffer): Needed | undefined;
  /** All before `end` was sent that there is. */
  takeKeepalive(end: bigint): void;
  /** The columns of a table from here on. A page says so where they are others. */
  describe(oid: string, table: LogTable, isChanged: boolean): void;
  /** Ends the pages under way: all rows that are held, and how far they reach. */
  close(now: number): void;
  /** The pages that are ready, once. */
  pages(): LogPage[];
  isFull(): boolean;
  /** The end that was asked for is reached. */
  isAtEnd(): boolean;
  /** The byte position up to which all was read. */
  lsn(): bigint;
}

export interface LogReaderRequest {
  readonly progress: StreamPositions;
  /** Where the read began. */
  readonly from: bigint;
  /** Where it ends; undefined for one without end. */
  readonly end: bigint | undefined;
  readonly server: Pick<Position, 'system' | 'timeline' | 'publication' | 'altered'>;
  /** What a position says of the table of a stream. */
  marksOf(stream: string): Pick<Position, 'table' | 'entry'>;
  /** How far a position is behind the log. */
  lagAt(lsn: bigint, committedAt: bigint | undefined): Lag | undefined;
  /** A row with a new key lacks a large value. */
  onCut(stream: string): void;
}

export function logReader({ progress, from, end, server, marksOf, lagAt, onCut }: LogReaderRequest): LogReader {
  const decode = pgoutputDecoder();
  const tables = new Map<number, LogTable>();
  let ready: LogPage[] = [];
  let held = 0;
  let transaction: Transaction | undefined;
  let lsn = from;
  let committedAt: bigint | undefined;
  let isAtEnd = false;
  let saidAt = Number.NEGATIVE_INFINITY;

  function moveTo(place: bigint): void {
    if (place > lsn) lsn = place;
    if (end !== undefined && lsn >= end) isAtEnd = true;
  }

  function begin(message: Begin): void {
    if (end !== undefined && message.lsn >= end) {
      moveTo(end);
      return;
    }
    transaction = openTransaction(message, progress);
    committedAt = message.committedAt;
  }

  /** A change of a table that is read, and that its stream does not have yet. */
  function tableOf(oid: number): LogTable | undefined {
    const table = tables.get(oid);
    return table !== undefined && opened().isNew(oid, table.stream) ? table : undefined;
  }

  function takeRows(table: LogTable | undefined): void {
    const page = table?.take();
    if (page !== undefined) ready.push(page);
  }

  function change(message: Change, body: Buffer): Needed | undefined {
    const open = opened();
    open.changes += 1;
    const table = tableOf(message.oid);
    if (table === undefined) return undefined;
    const nullable = table.nullOf(message);
    if (nullable !== undefined) {
      open.changes -= 1;
      return { oid: String(message.oid), table, nullable: nullable.name };
    }
    const before = table.size();
    if (table.add(message, body, open.endings)) onCut(table.stream);
    held += table.size() - before;
    return undefined;
  }

  function truncate(oids: readonly string[]): void {
    opened().changes += 1;
    for (const oid of oids) {
      const table = tableOf(Number(oid));
      takeRows(table);
      if (table !== undefined) ready.push({ stream: table.stream, truncated: true });
    }
  }

  function opened(): Transaction {
    if (transaction === undefined) throw invalidAnswer('a change in the log is not inside a transaction');
    return transaction;
  }

  /** The position of a transaction that is open says how many of its changes were read. */
  function position(): Position {
    if (transaction === undefined) return { lsn, change: 0, ...server };
    return { lsn: transaction.begin.lsn, change: transaction.changes, ...server };
  }

  return {
    take(body) {
      const message = decoded(decode, body);
      if (message.kind === 'begin') begin(message);
      else if (message.kind === 'truncate') truncate(message.oids);
      else if (message.kind === 'relation') return { relation: message };
      else if (message.kind === 'commit') {
        transaction = undefined;
        moveTo(message.end);
      } else if (message.kind !== 'other' && !isAtEnd) return change(message, body);
      return undefined;
    },
    takeKeepalive(place) {
      if (transaction === undefined) moveTo(place);
    },
    describe(oid, table, isChanged) {
      takeRows(tables.get(Number(oid)));
      tables.set(Number(oid), table);
      const { stream, schema, keyProperties } = table;
      if (isChanged) ready.push({ stream, schema, keyProperties });
    },
    close(now) {
      for (const table of tables.values()) takeRows(table);
      held = 0;
      if (ready.length === 0 && !isAtEnd && now - saidAt < idleInterval) return;
      const streams = progress.advance(position());
      if (streams.length === 0) return;
      saidAt = now;
      const lag = lagAt(lsn, committedAt);
      const place = position();
      const bookmarks = Object.fromEntries(
        streams.map((stream) => [stream, bookmarkOf({ ...place, ...marksOf(stream) })]),
      );
      ready.push({ bookmarks, ...(lag !== undefined && { lag }) });
    },
    pages() {
      const pages = ready;
      ready = [];
      return pages;
    },
    isFull: () => held >= pageBytes,
    isAtEnd: () => isAtEnd,
    lsn: () => lsn,
  };
}

function decoded(decode: (body: Buffer) => LogMessage, body: Buffer): LogMessage {
  try {
    return decode(body);
  } catch (error) {
    throw invalidAnswer(
      `a message of the log cannot be decoded (${error instanceof Error ? error.message : String(error)})`,
    );
  }
}
