/** A column of a row, as wal2json writes it. */
export interface Wal2jsonColumn {
  readonly name: string;
  /** With its modifier: `numeric(10,2)`. */
  readonly type: string;
  readonly typeoid: number;
  readonly value: string | boolean | null;
}

/** The beginning of a transaction, B, or its end, C. */
export interface Wal2jsonBoundary<A extends 'B' | 'C' = 'B' | 'C'> {
  readonly action: A;
  /** Where the commit record begins, as PostgreSQL writes it. */
  readonly lsn: string;
  /** The position after that record. */
  readonly nextlsn: string;
  /** In UTC: `2026-11-29 09:22:12.521113+00`. */
  readonly timestamp: string;
}

/** A row that was inserted, updated or deleted, or a table that was truncated. */
export interface Wal2jsonChange {
  readonly action: 'I' | 'U' | 'D' | 'T';
  readonly schema: string;
  readonly table: string;
  /** The new row, without large values that did not change. */
  readonly columns?: readonly Wal2jsonColumn[];
  /** What identifies the old row: the columns of its replica identity. Absent if the table has none. */
  readonly identity?: readonly Wal2jsonColumn[];
}

/** A message of wal2json, format version 2; undefined for a message that is not about rows. */
export type Wal2jsonMessage = Wal2jsonBoundary<'B'> | Wal2jsonBoundary<'C'> | Wal2jsonChange | undefined;

/** The options of START_REPLICATION for these messages. */
export const wal2jsonOptions = `"format-version" '2', "include-lsn" 'true', "include-timestamp" 'true', "include-types" 'true', "include-typmod" 'true', "include-type-oids" 'true', "include-transaction" 'true'`;

/** A number as a value. No text can match: `"value":` has unescaped quotes, and within a text every quote has a backslash before it. */
const number = /([{,]"value":)(-?\d[^,}\]]*)/g;

/** Reads a message. Numbers keep their digits. Throws a SyntaxError if it is not JSON. */
export function readWal2json(body: Buffer): Wal2jsonMessage {
  const message = JSON.parse(body.toString('utf8').replace(number, '$1"$2"')) as { readonly action?: unknown };
  return isKnown(message.action) ? (message as Wal2jsonMessage) : undefined;
}

function isKnown(action: unknown): boolean {
  return typeof action === 'string' && /^[BCIUDT]$/.test(action);
}
