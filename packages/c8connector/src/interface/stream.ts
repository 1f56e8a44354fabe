/** JSON Schema of a value. The keys named here are those that the project reads; others are carried along unchanged. */
export interface ValueSchema {
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly contentEncoding?: string;
  /**
   * A number, or a text with the digits of one that a double cannot hold, such as the bounds of a bigint column; the same in the next ones. In Singer's text both are numbers, and
   * for a validator `stringifyValue(exactSchema(schema))` has them as such.
   */
  readonly minimum?: number | string;
  readonly maximum?: number | string;
  readonly exclusiveMinimum?: number | string | boolean;
  readonly exclusiveMaximum?: number | string | boolean;
  readonly multipleOf?: number | string;
  readonly maxLength?: number;
  readonly items?: ValueSchema | boolean;
  readonly properties?: Readonly<Record<string, ValueSchema>>;
  readonly anyOf?: readonly ValueSchema[];
  readonly $ref?: string;
  /** A type that JSON Schema cannot express, such as `numeric(10,2)`, `json` or `timestamptz`; see the type table in docs/types.md. */
  readonly 'x-c8-type'?: string;
  readonly [keyword: string]: unknown;
}

/** JSON Schema of the rows of a stream: `type: 'object'` with one property a column, in the order of the columns. */
export interface StreamSchema extends ValueSchema {
  readonly properties: Readonly<Record<string, ValueSchema>>;
}

/** How a stream is read, in Singer's words: all of it, what is new by a key, or the changes of the server's log. */
export type ReplicationMethod = 'FULL_TABLE' | 'INCREMENTAL' | 'LOG_BASED';

/** The default: a stream is copied as a whole. */
export const defaultMethod: ReplicationMethod = 'FULL_TABLE';

/** The replication methods that a stream supports, and the choices of a user. */
export interface StreamReplication {
  /** Not empty. The first one is used where the user chooses none. */
  readonly methods: readonly ReplicationMethod[];
  /** Columns that `INCREMENTAL` can go by; the only one is used where the user chooses none. Any column when left out. */
  readonly keys?: readonly string[];
  /**
   * Whether `INCREMENTAL` gives the rows in the order of the replication key. Then each page is progress; else only the end of the read is, and an interrupted one begins
   * again. Rows out of order are a ConnectorError `contract_broken`.
   */
  readonly isSorted?: boolean;
  /**
   * Those of `keys` whose order is the source's alone, such as texts under a collation: that of the rows counts, and values are not compared. Counts where the stream `isSorted`, and `read` must give no
   * row beyond its `upTo` then.
   */
  readonly ordered?: readonly string[];
  /** Whether the user may choose only the first method. */
  readonly isForced?: boolean;
  /** Reasons why methods are missing in `methods`, such as "the changes of a view are not in the log". */
  readonly reasons?: Readonly<Partial<Record<ReplicationMethod, string>>>;
}

/** A stream, as `discover` of an author returns it. Authors may add properties of their own for their `read`. */
export interface Stream {
  /** Unique within the source; the `tap_stream_id` of the catalog and the name in messages. */
  readonly id: string;
  readonly schema: StreamSchema;
  /** The columns that identify a row; [] or absent when there are none. */
  readonly keyProperties?: readonly string[];
  /** The plain name of the table; the id when left out. */
  readonly tableName?: string;
  readonly schemaName?: string;
  readonly databaseName?: string;
  readonly isView?: boolean;
  /** False for what would be read twice when everything is read, such as a partition beside its parent; true when left out. */
  readonly isSelectedByDefault?: boolean;
  /** Estimate, for progress only. */
  readonly rowCount?: number;
  /** A stream without it is copied as a whole. */
  readonly replication?: StreamReplication;
  /** The server's name for the type of each column, for the catalog's `sql-datatype`. */
  readonly columnTypes?: Readonly<Record<string, string>>;
}
