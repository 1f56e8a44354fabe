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
 * Some rows, and where to go on after them. `lines` are `count` JSON objects, each ended by a newline, holding exactly the selected columns in the order of
 * the schema; with `exact: 'text'` decimals and JSON columns are in them as strings. `columns` has a column for each of the schema, in its order, laid out as `layoutsOf` says. A page without a bookmark cannot be resumed after. What is not JSON in a bookmark, a bigint or a Decimal, comes back as its text where a double cannot hold it.
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
      /** Takes arrays of such a page back, to fill them again. */
      readonly reuse?: (columns: readonly ColumnValues[]) => void;
    }
);

/** What `open` of a source is given. */
export interface OpenContext<C> {
  readonly config: C;
  readonly log: Log;
}

/** What `discover` of a source is given. */
export interface DiscoverContext<C, R = undefined> {
  readonly config: C;
  /** What `open` gave; undefined when the source has none. */
  readonly resource: R;
  /** When given, only these stream ids are wanted: a source that can ask its server for less may do so, others ignore it. */
  readonly only?: readonly string[];
  readonly signal: AbortSignal;
  readonly log: Log;
}

/** What `read` of a source is given for one stream. */
export interface ReadContext<C, R = undefined> {
  readonly config: C;
  /** What `open` gave; undefined when the source has none. */
  readonly resource: R;
  /** One of the methods that the stream offers. */
  readonly method: ReplicationMethod;
  /** The column that says what is new; absent for a method that does not go by one. */
  readonly replicationKey?: string;
  /**
   * Only rows whose replication key is not lower are wanted; those without a key too. A value as in the rows of this column: a number, a bigint or a Decimal, or the text of a date or time. Absent
   * when all rows are.
   */
  readonly since?: Value;
  /** The highest key that there was when the read began, for a key whose order is the source's own: no row beyond it is wanted. Absent for any other key. */
  readonly upTo?: Value;
  /** The bookmark of the last page that is durable; absent when the stream is read from its beginning. */
  readonly bookmark?: Bookmark;
  /** The part of the stream to copy, one of those that `partitions` gave; absent when all of it is to be read. */
  readonly partition?: Partition;
  /** The session in which the partition exists, where `partitions` gave one. A DataError `copy_lost` with the id in `details.stream` says that it is gone: the copy starts over. */
  readonly session?: string;
  /** The selected columns, in the order of the schema. */
  readonly columns: readonly string[];
  /** The schema of the selected columns. */
  readonly schema: StreamSchema;
  /** How decimals and JSON columns should stand in `lines`; the runtime converts lines that stand otherwise. */
  readonly exact: Exactness;
  /** What the target makes most of; a page of another form is turned into it. */
  readonly face?: Face;
  /** No more rows than these are wanted: a hint, the runtime stops by itself. */
  readonly limit?: number;
  /** Milliseconds after which nobody waits for rows any more, as in a sample: a hint for limits of the server's own, the runtime stops by itself. */
  readonly milliseconds?: number;
  readonly signal: AbortSignal;
  readonly log: Log;
}

/** What `partitions` of a source is given for one stream. */
export interface PartitionContext<C, R = undefined> extends Omit<DiscoverContext<C, R>, 'only'> {
  /** The schema of the selected columns. */
  readonly schema: StreamSchema;
}

/** What `highest` of a source is given for one stream. */
export interface HighestContext<C, R = undefined> extends DiscoverContext<C, R> {
  readonly replicationKey: string;
}

/** What `begin` of a log is given. */
export interface LogBeginContext<C, R = undefined> {
  readonly config: C;
  /** What `open` gave; undefined when the source has none. */
  readonly resource: R;
  /** Random id of the connection, the same in all its runs: for the name of what the server keeps for it. Undefined in a Singer program, which knows none. */
  readonly connection?: string | undefined;
  /** Id of the stream that is begun, one of those that are followed. */
  readonly stream: string;
  /** The selected columns of that stream. */
  readonly columns: readonly string[];
  readonly signal: AbortSignal;
  readonly log: Log;
}

/** A stream of a log as it is read: what was discovered of it, or what the log said of it since. */
export interface LoggedStream<S extends Stream> {
  readonly stream: S;
  /** Only changes behind this position are wanted. */
  readonly bookmark: Bookmark;
  /** The selected columns, in the order of the schema. */
  readonly columns: readonly string[];
  /** The schema of the selected columns, without those that the runtime adds. */
  readonly schema: StreamSchema;
  /** The selected ones among the columns of another schema of the stream, in their order: those of lines after a page `{ stream, schema }`. */
  select(schema: StreamSchema): readonly string[];
}

/** What `read` of a log is given. */
export interface LogReadContext<C, R = undefined> extends Omit<LogBeginContext<C, R>, 'stream' | 'columns'> {
  /** `now`: the read ends by itself where the log ends when it begins. `forever`: it goes on until the signal aborts. */
  readonly until: 'now' | 'forever';
  /**
   * The positions that are durable, by stream: of all streams of the connection that follow the log or will, also of those that this read does not give. The server may forget
   * what lies before the least of them, and no more. Undefined while nothing may be confirmed. Call it from a timer of the source's own: confirmations then
   * do not wait for a slow target.
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
      /** Called when nobody reads the lines any more, if that is known: their memory may be filled again. */
      readonly release?: () => void;
    }
);

/**
 * What a log gives. Rows: an insert or an update holds the columns that the log has, absent ones are unchanged; a delete holds the columns that identify the row and `_sdc_deleted_at`, the time of its
 * commit in ISO 8601. A row whose key changes is a delete of the old key and an insert. `schema`: the columns of the stream from here on, all of them. `truncated`: the table was emptied.
 * `bookmark`: the streams that it names are read up to here; it may stand inside a transaction, and should come often, also while nothing changes. `bookmarks`: the same, where those of the streams differ.
 * `lag`: how far it is behind the end of the log, for those who watch the run.
 */
export type LogPage =
  | LogRows
  | { readonly stream: string; readonly schema: StreamSchema; readonly keyProperties?: readonly string[] }
  | { readonly stream: string; readonly truncated: true }
  | { readonly bookmark: Bookmark; readonly streams: readonly string[]; readonly lag?: Lag }
  | { readonly bookmarks: Readonly<Record<string, Bookmark>>; readonly lag?: Lag };

/** What the functions of a slot are given. */
export type SlotContext<C> = Omit<LogBeginContext<C>, 'resource' | 'connection' | 'stream' | 'columns'> & {
  /** Random id of the connection, by which `begin` of the log named what it made. */
  readonly connection: string;
};

/** What the server keeps for a connection beyond its runs. */
export interface SlotDefinition<C> {
  /** Looks at it and changes nothing; undefined when there is none. Throws a ConnectionError `server_busy` when it is in use. */
  find(context: SlotContext<C>): Promise<Slot | undefined>;
  /** Drops it, all of it or nothing. Throws like `find`, and a ConfigError `slot_missing` when there is none. */
  drop(context: SlotContext<C>): Promise<void>;
}

/** How a source follows the log of its server. */
export interface LogDefinition<C, S extends Stream, R = undefined> {
  /** Columns of its own that each row of the log has, such as `_sdc_lsn`; null in copied rows. */
  readonly columns?: Readonly<Record<string, ValueSchema>>;
  /**
   * Makes sure that the server keeps its log from now on for these streams, all that are followed, and gives the position at which it stands. Called before each copy of a stream that is
   * followed afterwards; the position is durable before the copy begins.
   */
  begin(streams: readonly S[], context: LogBeginContext<C, R>): Promise<Bookmark> | Bookmark;
  /**
   * The changes of several streams at once, in the order of the log, from the least of their bookmarks on. Of a stream only what lies after its own bookmark is given. Throws an error with the id in
   * `details.stream` when one stream alone cannot be read: the others go on without it. Throws a DataError `log_position_lost` when the server does not have the log from a bookmark
   * on any more.
   */
  read(streams: readonly LoggedStream<S>[], context: LogReadContext<C, R>): AsyncIterable<LogPage>;
  /** Until when the log is followed, where the call does not say it; `now` when left out. */
  until?(config: C): Until;
  /** For a server that keeps its log for each of its readers until it is told that one comes no more. */
  readonly slot?: SlotDefinition<C>;
}

/** What an author writes for a source; see `defineSource`. */
export interface SourceDefinition<P extends ConfigDeclaration, S extends Stream, R = undefined> extends Definition<P> {
  /**
   * Makes what the streams of a run share, such as a pool of connections. Called once a run, before all else, and disposed of at its end, however it ends. It should connect to nothing
   * yet: a failure then belongs to the stream that meets it.
   */
  open?(context: OpenContext<ConfigOf<P>>): R & AsyncDisposable;
  /** Called once a run. */
  discover(context: DiscoverContext<ConfigOf<P>, R>): Promise<readonly S[]> | readonly S[];
  /**
   * Called once for each selected stream. Open what it needs with `await using`: ending early disposes. A DataError `stream_changed` with the id in `details.stream`,
   * thrown before the first page, says that the columns are not those of `stream` any more: it is discovered again then, and read once more.
   */
  read(stream: S, context: ReadContext<ConfigOf<P>, R>): AsyncIterable<Page> | Iterable<Page>;
  /**
   * The parts in which a stream can be copied side by side, one after the other: the first begins and the last ends open, and each begins where the one before ends. Asked once, when a copy is
   * begun; what it gives is kept with the progress. [] for a stream that is better copied in one piece. With a `session`, the parts exist within that alone.
   */
  partitions?(
    stream: S,
    context: PartitionContext<ConfigOf<P>, R>,
  ): Promise<readonly Partition[] | SessionPartitions> | readonly Partition[] | SessionPartitions;
  /**
   * The highest value of the replication key that the stream has now; null or undefined when it has none. Asked before each read by that key: a bookmark never goes beyond it, so that a row
   * that comes with a lower key while others are read is not missed by the next read. Without it a key that is a date or a time is held to the clock, and others to nothing.
   */
  highest?(stream: S, context: HighestContext<ConfigOf<P>, R>): Promise<Value | undefined> | Value | undefined;
  /** Follows the changes of streams that offer LOG_BASED: they are copied once, and then read from the log. */
  readonly log?: LogDefinition<ConfigOf<P>, S, R>;
}
