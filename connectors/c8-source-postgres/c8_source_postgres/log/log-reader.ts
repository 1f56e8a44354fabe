import type { Lag, LogPage } from 'c8connector';
import { invalidAnswer } from 'c8connector-sql';
import type { LogTable } from './log-table.ts';
import { type Begin, type Change, type LogMessage, pgoutputDecoder, type Relation } from './pgoutput.ts';
import { bookmarkOf, type Position } from './position.ts';
import type { StreamPositions } from './stream-positions.ts';
import { openTransaction, type Transaction } from './transaction.ts';

/** A page is emitted once its rows have this many bytes. */
const pageBytes = 1024 * 1024;
/** Milliseconds between two positions while no rows arrive. */
const idleInterval = 1000;

/** What the caller must do before the next message can be taken. */
export type Needed =
  /** Look up the columns of a table and pass them to `describe`. */
  | { readonly relation: Relation }
  /** A NOT NULL column of a table has a null: describe the table with that column as nullable, and take the message again. */
  | { readonly oid: string; readonly table: LogTable; readonly nullable: string };

/** Turns the messages of the log into pages. */
export interface LogReader {
  /** Takes a message of the output plugin. */
  take(body: Buffer): Needed | undefined;
  /** Takes a keepalive: everything before `end` has been sent. */
  takeKeepalive(end: bigint): void;
  /** Sets the columns of a table from here on. If they changed, a page reports it. */
  describe(oid: string, table: LogTable, isChanged: boolean): void;
  /** Completes the current pages: all buffered rows, and the position that they reach. */
  close(now: number): void;
  /** Returns the completed pages, each once. */
  pages(): LogPage[];
  isFull(): boolean;
  /** Whether the requested end is reached. */
  isAtEnd(): boolean;
  /** The byte position up to which everything was read. */
  lsn(): bigint;
}

export interface LogReaderRequest {
  readonly progress: StreamPositions;
  /** Where the read began. */
  readonly from: bigint;
  /** Where it ends; undefined when the log is followed without end. */
  readonly end: bigint | undefined;
  readonly server: Pick<Position, 'system' | 'timeline' | 'publication' | 'altered'>;
  /** What a position records about the table of a stream. */
  marksOf(stream: string): Pick<Position, 'table' | 'entry'>;
  /** How far a position is behind the log. */
  lagAt(lsn: bigint, committedAt: bigint | undefined): Lag | undefined;
  /** Called when a row with a new key lacks a large value. */
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
  let reportedAt = Number.NEGATIVE_INFINITY;

  function moveTo(position: bigint): void {
    if (position > lsn) lsn = position;
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

  /** The table of a change; undefined if the table is not read, or its stream already has the change. */
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

  /** Within an open transaction, the position counts how many of its changes were read. */
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
    takeKeepalive(position) {
      if (transaction === undefined) moveTo(position);
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
      if (ready.length === 0 && !isAtEnd && now - reportedAt < idleInterval) return;
      const streams = progress.advance(position());
      if (streams.length === 0) return;
      reportedAt = now;
      const lag = lagAt(lsn, committedAt);
      const reached = position();
      const bookmarks = Object.fromEntries(
        streams.map((stream) => [stream, bookmarkOf({ ...reached, ...marksOf(stream) })]),
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
