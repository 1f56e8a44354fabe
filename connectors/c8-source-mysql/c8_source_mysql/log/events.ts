/** The events of a binary log, as the decoder gives them to the reader. */

/** What each event has. */
export interface EventHeader {
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
  /** The metadata of the type: a length, or a number of digits. */
  readonly meta: number;
  readonly isNullable: boolean;
  /** Undefined if the log does not say it: MariaDB with `binlog_row_metadata = NO_LOG`. */
  readonly isUnsigned: boolean | undefined;
  /** The number of the collation of a text; undefined if the log does not say it. */
  readonly collation: number | undefined;
  /** The labels of ENUM and SET; undefined if the log does not say them. */
  readonly labels: readonly string[] | undefined;
  readonly isVisible: boolean | undefined;
}

/** A TABLE_MAP event: the rows events of this table id, until the next one with the same id, have these columns. */
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

export type LogEvent = EventHeader &
  (
    | { readonly kind: 'rotate'; readonly file: string; readonly position: number; readonly isArtificial: boolean }
    /** `time` of the header is when the file was created, which distinguishes it from an earlier file of the same name. */
    | { readonly kind: 'format'; readonly serverVersion: string }
    /** The beginning of a transaction, or of a statement of its own such as DDL. `gtid` is undefined for an anonymous one. */
    | {
        readonly kind: 'gtid';
        readonly gtid: string | undefined;
        /** MariaDB: a statement without BEGIN and COMMIT. */
        readonly isStandalone: boolean;
        /** Microseconds since 1970 at which the source committed it, where the log says so. */
        readonly committedAt: bigint | undefined;
        /** Rows that follow were only prepared: their commit, or their rollback, comes later as a QUERY. */
        readonly xa: 'prepare' | 'end' | undefined;
      }
    | { readonly kind: 'query'; readonly database: string; readonly text: string; readonly sqlMode: number | undefined }
    | { readonly kind: 'table'; readonly table: LogTableMap }
    | { readonly kind: 'rows'; readonly rows: LogRows }
    /** The commit of a transaction with an engine that has transactions. */
    | { readonly kind: 'xid' }
    | { readonly kind: 'xa_prepare'; readonly xid: string; readonly isOnePhase: boolean }
    | { readonly kind: 'heartbeat'; readonly file: string; readonly position: number }
    /** Events that no reader needs: the texts of statements, sets of GTIDs, the end of a server, checkpoints. */
    | { readonly kind: 'other'; readonly type: number }
  );

/**
 * The values of one row image as the server's own text, as the text protocol sends them (`text-row.ts`): bytes of a BINARY, a BIT and a GEOMETRY as they are, everything else as text in UTF-8. So the converters of a copy read them. Reused for
 * each row: valid until the next one.
 */
export interface RowText {
  bytes: Uint8Array;
  /** Where the value of each column begins in `bytes`, by index of the column; -1 for NULL, -2 for a column that the image does not contain. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

export const nullValue = -1;
export const absentValue = -2;
