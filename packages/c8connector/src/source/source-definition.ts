/// <reference lib="esnext.disposable" preserve="true" />
import type { ConfigDeclaration, ConfigOf } from '../config/property.ts';
import type { Definition } from '../definition/definition.ts';
import type { ColumnValues } from '../interface/columns.ts';
import type { Log } from '../interface/log.ts';
import type { Exactness, Face, Lag } from '../interface/messages.ts';
import type { Partition, SessionPartitions, Until } from '../interface/progress.ts';
import type { Slot } from '../interface/source-slot.ts';
import type { Bookmark } from '../interface/state.ts';
import type { ReplicationMethod, Stream, StreamSchema, ValueSchema } from '../interface/stream.ts';
import type { Row, Value } from '../interface/value.ts';

/**
 * Some rows, and the bookmark after them. `lines` are `count` JSON objects, each ended by a newline, with exactly the selected columns in the order of
 * the schema; with `exact: 'text'`, decimals and JSON columns in them are strings. `columns` has a column for each one of the schema, in its order, laid out as `layoutsOf` says. A read cannot be resumed after a
 * page without a bookmark. A bigint or a Decimal in a bookmark comes back as its text when a double cannot hold it.
 */
export type Page = { readonly bookmark?: Bookmark } & (
  | { readonly rows: readonly Row[] }
  | {
      readonly lines: Uint8Array;
      readonly count: number;
      readonly exact?: Exactness;
      /** Called when nobody reads the lines any more, if that is known: their memory may be filled again. */
      readonly release?: () => void;
    }
  | {
      readonly columns: readonly ColumnValues[];
      readonly count: number;
      /** Returns the arrays of such a page, so that they can be filled again. */
      readonly reuse?: (columns: readonly ColumnValues[]) => void;
    }
);

/** What `open` of a source receives. */
export interface OpenContext<C> {
  readonly config: C;
  readonly log: Log;
}

/** What `discover` of a source receives. */
export interface DiscoverContext<C, R = undefined> {
  readonly config: C;
  /** What `open` gave; undefined when the source has none. */
  readonly resource: R;
  /** When given, only the streams with these ids are wanted: a source may use it to request less from its server, or ignore it. */
  readonly only?: readonly string[];
  readonly signal: AbortSignal;
  readonly log: Log;
}

/** What `read` of a source receives for one stream. */
export interface ReadContext<C, R = undefined> {
  readonly config: C;
  /** What `open` gave; undefined when the source has none. */
  readonly resource: R;
  /** One of the methods that the stream offers. */
  readonly method: ReplicationMethod;
  /** The column that says what is new; absent for a method that does not use one. */
  readonly replicationKey?: string;
  /**
   * Only rows whose replication key is not lower are wanted, and rows without a key. A value as in the rows of this column: a number, a bigint or a Decimal, or the text of a date or time. Absent
   * when all rows are wanted.
   */
  readonly since?: Value;
  /** The highest key when the read began, for a key that only the source can compare: no row beyond it is wanted. Absent for any other key. */
  readonly upTo?: Value;
  /** The bookmark of the last page that is durable; absent when the stream is read from its beginning. */
  readonly bookmark?: Bookmark;
  /** The part of the stream to copy, one of those that `partitions` returned; absent when the whole stream is to be read. */
  readonly partition?: Partition;
  /** The session in which the partition exists, if `partitions` returned one. When it no longer exists, throw a DataError `copy_lost` with the id in `details.stream`: the copy starts over. */
  readonly session?: string;
  /** The selected columns, in the order of the schema. */
  readonly columns: readonly string[];
  /** The schema of the selected columns. */
  readonly schema: StreamSchema;
  /** How decimals and JSON columns should stand in `lines`; the runtime converts lines that stand otherwise. */
  readonly exact: Exactness;
  /** The representation that the target prefers; the runtime converts pages of another one. */
  readonly face?: Face;
  /** No more rows than these are wanted: a hint, the runtime stops by itself. */
  readonly limit?: number;
  /** Milliseconds after which no more rows are wanted, as in a sample: a hint for time limits on the server, the runtime stops by itself. */
  readonly milliseconds?: number;
  readonly signal: AbortSignal;
  readonly log: Log;
}

/** What `partitions` of a source receives for one stream. */
export interface PartitionContext<C, R = undefined> extends Omit<DiscoverContext<C, R>, 'only'> {
  /** The schema of the selected columns. */
  readonly schema: StreamSchema;
}

/** What `highest` of a source receives for one stream. */
export interface HighestContext<C, R = undefined> extends DiscoverContext<C, R> {
  readonly replicationKey: string;
}

/** What `begin` of a log receives. */
export interface LogBeginContext<C, R = undefined> {
  readonly config: C;
  /** What `open` gave; undefined when the source has none. */
  readonly resource: R;
  /** Random id of the connection, the same in all its runs: for the name of what the server keeps for it. Undefined in a Singer program, which has none. */
  readonly connection?: string | undefined;
  /** Id of the stream that is begun, one of those that follow the log. */
  readonly stream: string;
  /** The selected columns of that stream. */
  readonly columns: readonly string[];
  readonly signal: AbortSignal;
  readonly log: Log;
}

/** A stream of a log: as it was discovered, or as the log has described it since. */
export interface LoggedStream<S extends Stream> {
  readonly stream: S;
  /** Only changes after this position are wanted. */
  readonly bookmark: Bookmark;
  /** The selected columns, in the order of the schema. */
  readonly columns: readonly string[];
  /** The schema of the selected columns, without those that the runtime adds. */
  readonly schema: StreamSchema;
  /** The selected columns of another schema of the stream, in its order: those that lines contain after a page `{ stream, schema }`. */
  select(schema: StreamSchema): readonly string[];
}

/** What `read` of a log receives. */
export interface LogReadContext<C, R = undefined> extends Omit<LogBeginContext<C, R>, 'stream' | 'columns'> {
  /** `now`: the read ends by itself at the position where the log ended when the read began. `forever`: it continues until the signal aborts. */
  readonly until: 'now' | 'forever';
  /**
   * The durable positions, by stream: of all streams of the connection that follow the log or will, also of those that this read does not return. The server may delete
   * its log before the lowest of them, and no more. Undefined while nothing may be confirmed. Call it from a timer of your own, so that confirmations do not wait for a
   * slow target.
   */
  durable(): Promise<Readonly<Record<string, Bookmark>> | undefined>;
  /** How decimals and JSON columns should stand in `lines`; the runtime converts lines that stand otherwise. */
  readonly exact: Exactness;
}

/** Rows of one stream. */
type LogRows = { readonly stream: string } & (
  | { readonly rows: readonly Row[] }
  | {
      readonly lines: Uint8Array;
      readonly count: number;
      readonly exact?: Exactness;
      /** Called when the lines are no longer read, if that is known: their memory may be reused. */
      readonly release?: () => void;
    }
);

/**
 * What a log returns. Rows: an insert or an update has the columns that the log has, and absent ones are unchanged; a delete has the columns that identify the row and `_sdc_deleted_at`, the time of its
 * commit in ISO 8601. A row whose key changes is a delete of the old key and an insert. `schema`: all columns of the stream from here on. `truncated`: the table was emptied.
 * `bookmark`: the named streams have been read up to here; it may be inside a transaction, and should come often, also while nothing changes. `bookmarks`: the same, with a different one for each stream.
 * `lag`: how far the read is behind the end of the log, to show in a run.
 */
export type LogPage =
  | LogRows
  | { readonly stream: string; readonly schema: StreamSchema; readonly keyProperties?: readonly string[] }
  | { readonly stream: string; readonly truncated: true }
  | { readonly bookmark: Bookmark; readonly streams: readonly string[]; readonly lag?: Lag }
  | { readonly bookmarks: Readonly<Record<string, Bookmark>>; readonly lag?: Lag };

/** What the functions of a slot receive. */
export type SlotContext<C> = Omit<LogBeginContext<C>, 'resource' | 'connection' | 'stream' | 'columns'> & {
  /** Random id of the connection, which `begin` of the log used in the name of what it created. */
  readonly connection: string;
};

/** What the server keeps for a connection beyond its runs. */
export interface SlotDefinition<C> {
  /** Describes it and changes nothing; undefined when there is none. Throws a ConnectionError `server_busy` when it is in use. */
  find(context: SlotContext<C>): Promise<Slot | undefined>;
  /** Drops it, all of it or nothing. Throws like `find`, and a ConfigError `slot_missing` when there is none. */
  drop(context: SlotContext<C>): Promise<void>;
}

/** How a source follows the log of its server. */
export interface LogDefinition<C, S extends Stream, R = undefined> {
  /** Columns of its own that each row of the log has, such as `_sdc_lsn`; null in copied rows. */
  readonly columns?: Readonly<Record<string, ValueSchema>>;
  /**
   * Ensures that the server keeps its log from now on for these streams, which are all that follow it, and returns its current position. Called before each copy of a stream that follows the log
   * afterwards; the position is durable before the copy begins.
   */
  begin(streams: readonly S[], context: LogBeginContext<C, R>): Promise<Bookmark> | Bookmark;
  /**
   * The changes of several streams at once, in the order of the log, from the lowest of their bookmarks on. For each stream, only changes after its own bookmark are returned. Throws an error with the id in
   * `details.stream` when only that stream cannot be read: the others continue without it. Throws a DataError `log_position_lost` when the server no longer has the log from a bookmark
   * on.
   */
  read(streams: readonly LoggedStream<S>[], context: LogReadContext<C, R>): AsyncIterable<LogPage>;
  /** Until when the log is followed, unless the call says so; `now` when left out. */
  until?(config: C): Until;
  /** For a server that keeps its log for each reader until that reader is removed. */
  readonly slot?: SlotDefinition<C>;
}

/** What an author writes for a source; see `defineSource`. */
export interface SourceDefinition<P extends ConfigDeclaration, S extends Stream, R = undefined> extends Definition<P> {
  /**
   * Makes what the streams of a run share, such as a pool of connections. Called once per run, before everything else, and disposed of when the run ends in any way. It should not connect
   * yet, so that a failure belongs to the stream that meets it.
   */
  open?(context: OpenContext<ConfigOf<P>>): R & AsyncDisposable;
  /** Called once a run. */
  discover(context: DiscoverContext<ConfigOf<P>, R>): Promise<readonly S[]> | readonly S[];
  /**
   * Called once for each unit of a selected stream. Open what it needs with `await using`: ending early disposes of it. When the columns are no longer those of `stream`, throw a DataError `stream_changed` with
   * the id in `details.stream` before the first page: the stream is then discovered again, and read once more.
   */
  read(stream: S, context: ReadContext<ConfigOf<P>, R>): AsyncIterable<Page> | Iterable<Page>;
  /**
   * The parts in which a stream can be copied concurrently, in order: the first has no lower and the last no upper bound, and each begins where the one before ends. Called once, when a copy
   * begins; the result is stored with the progress. [] for a stream that is better copied in one piece. With a `session`, the parts exist only within that session.
   */
  partitions?(
    stream: S,
    context: PartitionContext<ConfigOf<P>, R>,
  ): Promise<readonly Partition[] | SessionPartitions> | readonly Partition[] | SessionPartitions;
  /**
   * The highest value of the replication key that the stream has now; null or undefined when it has none. Called before each read by that key: the bookmark never goes beyond it, so that the next read
   * does not miss a row with a lower key that was inserted during this one. Without this function, the bookmark of a key that is a date or a time never goes beyond the current time, and others have no limit.
   */
  highest?(stream: S, context: HighestContext<ConfigOf<P>, R>): Promise<Value | undefined> | Value | undefined;
  /** Follows the changes of streams that offer LOG_BASED: they are copied once, and then read from the log. */
  readonly log?: LogDefinition<ConfigOf<P>, S, R>;
}
