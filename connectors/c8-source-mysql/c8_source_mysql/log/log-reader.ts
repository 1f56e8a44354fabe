import type { Lag } from 'c8connector';
import { invalidAnswer } from 'c8connector-sql';
import type { Server } from '../server.ts';
import type { EventHeader, EventKind, LogEvent, LogTableMap } from './binlog/events.ts';
import type { Gtids } from './gtids.ts';
import type { LogPages } from './log-pages.ts';
import { bookmarkOf, comparePlaces, type Place, type Position, type Prepared } from './position.ts';
import { type Effect, type Statement, statementOf } from './statement.ts';
import type { StreamPositions } from './stream-positions.ts';
import { beginTransaction, type Transaction } from './transaction.ts';

/** Milliseconds between two positions while no rows arrive. */
const idleInterval = 1000;
/** A dump cannot begin beyond this position: only the end of a file with a very large transaction is there. */
const highestStart = 0xffff_ffff;

/** What the caller must do before the next event can be taken. */
export type Needed =
  /** Look up the columns of a table and describe it. */
  | { readonly stream: string; readonly map: LogTableMap }
  /** Read an XA transaction again, which is committed before `before`: pass its events to `replay`. Where it is must be found out if it was prepared before the read began. */
  | XaCommit;

export interface XaCommit {
  readonly xid: string;
  readonly prepared: Prepared | undefined;
  readonly before: Place;
}

/** Where an event is in its file. */
export interface EventPlace {
  readonly size: number;
  /** The position after it; 0 if it is not in a file. Events inside a compressed transaction have the one after all of them. */
  readonly next: number;
}

/** Turns the events of the log into pages. */
export interface LogReader {
  take(event: LogEvent, place: EventPlace): Needed | undefined;
  /** Takes an event of an XA transaction that is read again. */
  replay(event: LogEvent): Needed | undefined;
  /** Ends the XA transaction that was read again. */
  endReplay(): void;
  /** Completes the current pages: all buffered rows, and the position that they reach. */
  close(now: number): void;
  /** Whether the requested end is reached. */
  isAtEnd(): boolean;
}

export interface LogReaderRequest {
  readonly pages: LogPages;
  readonly progress: StreamPositions;
  /** Where the read begins. With changes, the transaction that begins there was read in part. */
  readonly from: Position;
  /** The transactions before that; undefined without GTIDs. */
  readonly gtids: Gtids | undefined;
  /** Where it ends; undefined when the log is followed without end. */
  readonly end: Place | undefined;
  readonly flavour: Server['flavour'];
  /** The streams that a statement concerns. */
  concerned(effect: Effect): readonly string[];
  /** Called before anything of a file is taken, with the time at which it was created. Throws if it is not the expected one. */
  onFile(file: string, created: number): void;
  /** Called for what a statement did to a stream that needs it. Throws if the stream cannot be read any further. */
  onEffect(stream: string, kind: Effect['kind']): void;
  /** Throws, since the transaction of which a part was read does not begin where it did. */
  refusePart(): never;
  /** Throws, since the rows of a transaction that arrived are undone. */
  refuseRollback(): never;
  /** What a position records about the table of a stream. */
  marksOf(stream: string): Pick<Position, 'layout'>;
  /** How far a position is behind the log. */
  lagAt(place: Place, committedAt: bigint | undefined): Lag | undefined;
}

/** A reader of the events from `request.from` on, in their order. */
export function logReader(request: LogReaderRequest): LogReader {
  const { pages, progress, from, gtids, end, flavour } = request;
  const prepared = new Map((from.prepared ?? []).map((each) => [each.xid, each]));
  let transaction: Transaction | undefined;
  let place: Place = from;
  let announced: Place = from;
  let { created } = from;
  let committedAt: bigint | undefined;
  let isAtEnd = false;
  let isPartExpected = from.change > 0;
  /** Until the first file is described, nothing is known about the place. */
  let hasFile = false;
  let reportedAt = Number.NEGATIVE_INFINITY;
  /** The XA transaction that is read again, and the position after its commit. */
  let replayed = { xid: '', next: 0 };

  function moveTo({ file, pos }: Place): void {
    if (pos <= highestStart && comparePlaces({ file, pos }, place) >= 0) place = { file, pos };
    if (end !== undefined && comparePlaces(place, end) >= 0) isAtEnd = true;
  }

  /** The current transaction. In a log without GTIDs it begins with its first statement. */
  function opened({ time }: EventHeader, { size, next }: EventPlace): Transaction {
    transaction ??= beginTransaction(startOf(size, next, undefined), BigInt(time) * 1_000_000n, progress);
    return transaction;
  }

  function startOf(size: number, next: number, gtid: string | undefined): Transaction['start'] {
    return { file: place.file, pos: next > size ? next - size : place.pos, gtid };
  }

  function begin(event: EventHeader & EventKind<'gtid'>, { size, next }: EventPlace): void {
    if (transaction?.isOpen === true) throw invalidAnswer('a transaction of the log begins inside another one');
    if (transaction !== undefined) finish(place.pos);
    if (isAtEnd) return;
    const time = event.committedAt ?? BigInt(event.time) * 1_000_000n;
    const start = startOf(size, next, event.gtid);
    if (isPartExpected && comparePlaces(start, from) !== 0) request.refusePart();
    isPartExpected = false;
    transaction = beginTransaction(start, time, progress);
    transaction.isOpen = flavour === 'MariaDB' && !event.isStandalone;
    transaction.isPrepared = event.xa === 'prepare';
    committedAt = time;
  }

  function finish(next: number): void {
    const gtid = transaction?.start.gtid;
    if (gtid !== undefined) gtids?.add(gtid);
    transaction = undefined;
    moveTo({ file: place.file, pos: next });
  }

  function prepare({ xid, isOnePhase }: EventKind<'xa_prepare'>, open: Transaction, next: number): Needed | undefined {
    const { file, pos } = open.start;
    const own = { xid, file, pos, ...(gtids !== undefined && { gtid: gtids.text() }) };
    if (isOnePhase) return beginReplay(own, xid, open, next);
    if (open.changes > 0) prepared.set(xid, own);
    finish(next);
    return undefined;
  }

  function beginReplay(own: Prepared | undefined, xid: string, open: Transaction, next: number): Needed {
    open.changes = 0;
    open.isPrepared = false;
    replayed = { xid, next };
    return { prepared: own, xid, before: { file: place.file, pos: next } };
  }

  function query(event: EventHeader & EventKind<'query'>, at: EventPlace): Needed | undefined {
    const statement = statementOf(event);
    const open = opened(event, at);
    applyEffects(statement, open);
    switch (statement.kind) {
      case 'begin':
        open.isOpen = true;
        open.isPrepared ||= statement.xid !== undefined;
        return undefined;
      case 'rollback to':
      case 'rollback':
        // Undone rows of MariaDB do not arrive, and MySQL logs none.
        if (flavour === 'MySQL' && open.changes > 0 && !open.isPrepared) request.refuseRollback();
        if (statement.kind === 'rollback') finish(at.next);
        return undefined;
      case 'xa commit': {
        const xid = statement.xid ?? '';
        return beginReplay(prepared.get(xid), xid, open, at.next);
      }
      case 'xa rollback':
        prepared.delete(statement.xid ?? '');
        finish(at.next);
        return undefined;
      default:
        if (statement.kind === 'commit' || !open.isOpen) finish(at.next);
        return undefined;
    }
  }

  function applyEffects({ effects }: Statement, open: Transaction): void {
    if (effects.length === 0) return;
    open.changes += 1;
    for (const effect of effects) {
      for (const stream of request.concerned(effect)) {
        if (!open.isNew(stream)) continue;
        if (effect.kind === 'truncated') pages.truncate(stream);
        else request.onEffect(stream, effect.kind);
      }
    }
  }

  function rows(event: EventHeader & EventKind<'rows'>): void {
    if (transaction === undefined) throw invalidAnswer('rows of the log are not inside a transaction');
    transaction.changes += 1;
    if (!transaction.isPrepared) pages.add(event, transaction);
  }

  function startFile({ time, next }: EventHeader): void {
    if (transaction?.isOpen === true) throw invalidAnswer('a file of the log ends inside a transaction');
    transaction = undefined;
    pages.forget();
    request.onFile(announced.file, time);
    place = { file: announced.file, pos: Math.max(announced.pos, next) };
    created = time;
    hasFile = true;
    moveTo(place);
  }

  /** Within an open transaction, the position counts how many of its changes were read. */
  function position(): Position {
    const own = [...prepared.values()];
    const { file, pos } = transaction?.start ?? place;
    const change = transaction === undefined || transaction.isPrepared ? 0 : transaction.changes;
    return {
      ...{ file, pos, change, server: from.server, created },
      ...(gtids !== undefined && { gtid: gtids.text() }),
      ...(own.length > 0 && { prepared: own }),
    };
  }

  return {
    take(event, at) {
      if (isAtEnd && event.kind !== 'format') return undefined;
      switch (event.kind) {
        case 'rotate':
          if (event.isArtificial) announced = { file: event.file, pos: event.position };
          return undefined;
        case 'format':
          startFile(event);
          return undefined;
        case 'gtid':
          begin(event, at);
          return undefined;
        case 'query':
          return query(event, at);
        case 'table': {
          const stream = pages.map(event.table);
          return stream === undefined ? undefined : { stream, map: event.table };
        }
        case 'rows':
          rows(event);
          return undefined;
        case 'xid':
          finish(at.next);
          return undefined;
        case 'xa_prepare':
          return prepare(event, opened(event, at), at.next);
        case 'heartbeat':
          if (transaction === undefined) moveTo({ file: event.file, pos: event.position });
          return undefined;
        case 'other':
          if (transaction === undefined && at.next > 0) moveTo({ file: place.file, pos: at.next });
          return undefined;
      }
    },
    replay(event) {
      if (event.kind === 'rows') rows(event);
      const stream = event.kind === 'table' ? pages.map(event.table) : undefined;
      return stream === undefined || event.kind !== 'table' ? undefined : { stream, map: event.table };
    },
    endReplay() {
      prepared.delete(replayed.xid);
      finish(replayed.next);
    },
    close(now) {
      pages.close();
      if (!hasFile) return;
      if (pages.isEmpty() && !isAtEnd && now - reportedAt < idleInterval) return;
      const reached = position();
      const streams = progress.advance(reached);
      if (streams.length === 0) return;
      reportedAt = now;
      const lag = request.lagAt(place, committedAt);
      const bookmarks = Object.fromEntries(
        streams.map((stream) => [stream, bookmarkOf({ ...reached, ...request.marksOf(stream) })]),
      );
      pages.push({ bookmarks, ...(lag !== undefined && { lag }) });
    },
    isAtEnd: () => isAtEnd,
  };
}
