import type { ColumnValues, SubMicroseconds } from './columns.ts';
import type { State } from './state.ts';
import type { StreamSchema } from './stream.ts';
import type { Row } from './value.ts';

/**
 * How decimals, and every column that is stored as JSON text, stand in lines. `number`: as JSON. `text`: as JSON strings that hold the server's
 * text, since DuckDB's JSON reader sends numbers through a double.
 */
export type Exactness = 'number' | 'text';

/** The form of rows: JSON lines, objects, or typed arrays. */
export type Face = 'lines' | 'rows' | 'columns';

/** Stands before the first records that it describes, and again at each change. */
export interface SchemaMessage {
  readonly type: 'SCHEMA';
  readonly stream: string;
  /** Holds the selected columns only, in their order. */
  readonly schema: StreamSchema;
  readonly keyProperties: readonly string[];
  readonly bookmarkProperties?: readonly string[];
}

/**
 * RECORDS: at most 2 MB of rows of one stream, with three faces. It is created from one of them; the others are computed on first use. `Batch` makes such messages.
 */
export interface RecordsMessage {
  readonly type: 'RECORDS';
  readonly stream: string;
  /** The schema of the last SCHEMA message of the stream. */
  readonly schema: StreamSchema;
  readonly version?: number | undefined;
  /** When the rows were read, ISO 8601 in UTC with microseconds. */
  readonly extractedAt: string;
  /** How decimals and JSON columns are in the lines. */
  readonly exact: Exactness;
  /** Number of rows. */
  readonly count: number;
  /** The form from which the batch was created. */
  readonly face: Face;
  /** Size of the lines, or of the columns; an estimate where there are only rows. */
  readonly bytes: number;
  /** UTF-8, one JSON object per line, each line with a newline at its end. */
  lines(): Uint8Array;
  /** Decimals and JSON columns as values, whatever `exact` says. */
  rows(): readonly Row[];
  /**
   * A column for each of the schema, in its order, laid out by its type; an absent value is null. Throws a DataError `value_unstorable` for a value that its column cannot hold with all its
   * digits; `keyProperties` are for its message. `subMicroseconds` says what becomes of digits below a microsecond where columns are made of lines or rows; `fail` when left out. A batch keeps the columns
   * that it made.
   */
  columns(keyProperties?: readonly string[], subMicroseconds?: SubMicroseconds): readonly ColumnValues[];
  /** For each row the list of the columns that it lacks, which a log leaves as they were and `columns()` has as null; undefined when no row lacks one. */
  absentColumns(): ColumnValues | undefined;
  /** Returns the arrays of such columns, of this or an earlier batch, for reuse. Call it, if present, once they are no longer read. */
  readonly reuse?: ((columns: readonly ColumnValues[]) => void) | undefined;
  /** Lets the source fill the memory of the lines again. Call it, if present, when neither the lines nor another face of this batch will be asked for. A target that does not call it is only slower. */
  readonly release?: (() => void) | undefined;
  /** The same rows with decimals and JSON columns standing in the lines as `exact` asks. */
  with(exact: Exactness): RecordsMessage;
}

/** Every row of the stream whose version is lower may be removed. */
export interface ActivateVersionMessage {
  readonly type: 'ACTIVATE_VERSION';
  readonly stream: string;
  /** Milliseconds since 1970 at the start of the copy. */
  readonly version: number;
}

/** How far a source is behind the end of the log that it follows, if it knows. */
export interface Lag {
  /** Age of the newest change that was read, while there are newer ones; 0 once there are none. */
  readonly milliseconds?: number;
  /** Bytes of the log that were not read yet. */
  readonly bytes?: number;
}

/**
 * Covers everything that came before it. Of a Singer program: Singer's state, one cumulative value. Of a unit: a patch for each of its streams, see `UnitState`.
 */
export interface StateMessage {
  readonly type: 'STATE';
  readonly value: State;
  /** Of a unit that follows a log: for the events of the run. It is not part of a state. */
  readonly lag?: Lag;
}

/** Asks a target to make everything before it durable, and then to yield `state`, unchanged. */
export interface FlushMessage {
  readonly type: 'FLUSH';
  /** That of the newest STATE before it. Undefined while no STATE came yet: the target flushes and yields it all the same, and nothing is stored. */
  readonly state: State | undefined;
  /**
   * Whether the rows before it end exactly at `state`. A target with `recover` commits at such a FLUSH only; what it wrote since the last one is what `recover` removes.
   * Others need not look at it.
   */
  readonly isCheckpoint: boolean;
}

/** What a source yields, in this order for each stream: SCHEMA, RECORDS and STATE in turn, ACTIVATE_VERSION. */
export type SourceMessage = SchemaMessage | RecordsMessage | ActivateVersionMessage | StateMessage;

/** What a target receives. Streams may be interleaved. A FLUSH is always the last message. */
export type TargetMessage = SchemaMessage | RecordsMessage | ActivateVersionMessage | FlushMessage;
