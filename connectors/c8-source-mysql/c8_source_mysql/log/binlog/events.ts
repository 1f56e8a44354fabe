/** The events of a binary log, as the decoder gives them to the reader. */

/** What each event has. */
export interface EventHeader {
  /** The number of its type in the log; for messages. */
  readonly type: number;
  /** When it was logged, in seconds since 1970; 0 for an artificial event. */
  readonly time: number;
  /** The position after it in its file; 0 when the event is not in the file: artificial, or inside a compressed transaction. */
  readonly next: number;
  readonly serverId: number;
}

/** A column as a TABLE_MAP event describes it. */
export interface LogColumn {
  /** Undefined without `binlog_row_metadata = FULL`. */
  readonly name: string | undefined;
  /** The number of its type in the log, such as 15 for varchar; real type, after the one of ENUM and SET is resolved. */
  readonly type: number;
  /**
   * The metadata of the type: the most bytes of a CHAR, BINARY, VARCHAR or VARBINARY, the bytes of an ENUM or a SET, the bits of a BIT, the digits of a fraction of a second, `precision << 8 | scale` of a decimal, and for a BLOB, TEXT,
   * GEOMETRY, JSON or VECTOR the bytes of its length. 0 for any other type.
   */
  readonly meta: number;
  readonly isNullable: boolean;
  /** Undefined if the log does not say it: MariaDB with `binlog_row_metadata = NO_LOG`; and for what is not a number. */
  readonly isUnsigned: boolean | undefined;
  /** The number of the collation of a text, also that of the labels of ENUM and SET; undefined if the log does not say it. */
  readonly collation: number | undefined;
  /** The labels of ENUM and SET; undefined if the log does not say them. */
  readonly labels: readonly string[] | undefined;
  /** Undefined without `binlog_row_metadata = FULL`, and on MariaDB. */
  readonly isVisible: boolean | undefined;
}

/** A TABLE_MAP event: the rows events of this table id, until the next one with the same id, have these columns. As long as nothing changes, each such event of a table has the same object. */
export interface LogTableMap {
  readonly id: number;
  readonly database: string;
  readonly name: string;
  readonly columns: readonly LogColumn[];
  /** Indexes of the columns of the primary key; undefined without `binlog_row_metadata = FULL`. */
  readonly primaryKey: readonly number[] | undefined;
}

/** A rows event. Its bytes are valid until the next event is taken. */
export interface LogRows {
  readonly operation: 'insert' | 'update' | 'delete';
  readonly tableId: number;
  /** Where the row images are, decompressed. */
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  /** The columns that the images before and after contain, by index; for an insert only `after`, for a delete only `before`. */
  readonly before: readonly boolean[] | undefined;
  readonly after: readonly boolean[] | undefined;
  /** Whether images after may be partial (`binlog_row_value_options`, event 39 of MySQL). */
  readonly isPartial: boolean;
}

/** What an event has besides its header. */
export type EventContent =
  | { readonly kind: 'rotate'; readonly file: string; readonly position: number; readonly isArtificial: boolean }
  /** `time` of the header is when the file was created, which distinguishes it from an earlier file of the same name. */
  | { readonly kind: 'format'; readonly serverVersion: string }
  /** The beginning of a transaction, or of a statement of its own such as DDL. `gtid` is undefined for an anonymous one. */
  | {
      readonly kind: 'gtid';
      readonly gtid: string | undefined;
      /** MariaDB: a statement without BEGIN and COMMIT. */
      readonly isStandalone: boolean;
      /** Microseconds since 1970 at which this server committed it, where the log says so. */
      readonly committedAt: bigint | undefined;
      /** MariaDB: rows that follow were only prepared, or a transaction that was prepared earlier ends. On MySQL the event `xa_prepare` and the text of a query say that. */
      readonly xa: 'prepare' | 'end' | undefined;
    }
  | {
      readonly kind: 'query';
      /** The database of the session. */
      readonly database: string;
      readonly text: string;
      readonly sqlMode: number | undefined;
      /** MySQL: the databases of all tables that the statement uses, also in triggers, views and functions. */
      readonly used: readonly string[] | 'all' | undefined;
    }
  | { readonly kind: 'table'; readonly table: LogTableMap }
  | { readonly kind: 'rows'; readonly rows: LogRows }
  /** The commit of a transaction with an engine that has transactions. */
  | { readonly kind: 'xid' }
  /** The rows since the GTID are only prepared. `xid` is written as in the QUERY that ends it later: `X'7831',X'',1`. */
  | { readonly kind: 'xa_prepare'; readonly xid: string; readonly isOnePhase: boolean }
  | { readonly kind: 'heartbeat'; readonly file: string; readonly position: number }
  /** Events that no reader needs: the texts of statements, sets of GTIDs, the end of a server, checkpoints. */
  | { readonly kind: 'other' };

export type EventKind<K extends EventContent['kind']> = Extract<EventContent, { readonly kind: K }>;

export type LogEvent = EventHeader & EventContent;

/**
 * The values of one row image as the server's own text, as the text protocol sends them (`text-row.ts`): bytes of a BINARY, a BIT and a GEOMETRY as they are, everything else as text in UTF-8. So the converters of a copy read them. Reused for
 * each row: valid until the next one.
 */
export interface RowText {
  bytes: Uint8Array;
  /** Where the value of each column begins in `bytes`, by index of the column; -1 for NULL, -2 for a column that the image does not contain, or that is not wanted. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

/** What `starts` has for NULL, and for a column that the image does not contain or that is not wanted. */
export const nullValue = -1;
export const absentValue = -2;
