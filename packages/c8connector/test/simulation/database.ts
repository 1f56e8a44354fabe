import { type DatabaseLog, newDatabaseLog } from './database-log.ts';

/** How a table of the simulated database is read. */
export interface TableKind {
  readonly method: 'FULL_TABLE' | 'INCREMENTAL' | 'LOG_BASED';
  /** INCREMENTAL only: whether the rows come in the order of their keys. */
  readonly isSorted?: boolean;
  /** Not for INCREMENTAL: in how many parts it is copied; 1 when left out. */
  readonly partitions?: number;
  /** Which pages have a bookmark: all, none, or some. */
  readonly bookmarks: 'all' | 'some' | 'none';
}

/** A row. No value is ever written twice, so it says which state of the row this is. */
export interface TableRow {
  readonly id: number;
  /** Milliseconds since 1970: when it was written, or up to `lateness` earlier. Null where nobody knows. */
  readonly at: number | null;
  readonly value: number;
  /** Of a table with a log: a number that is in no other row, and that an update may leave as it is. Here its updates are distinguished from those of all else. */
  readonly note?: number;
  /** Of a table with a log, once the row was written since the table has this column. */
  readonly extra?: number;
}

/** A table, and all that it ever held. */
export interface Table {
  readonly id: string;
  readonly kind: TableKind;
  readonly rows: Map<number, TableRow>;
  /** By row: each change of it, undefined for a delete. */
  readonly history: Map<number, readonly Change[]>;
  hasExtraColumn: boolean;
  isPoisoned: boolean;
}

interface Change {
  readonly step: number;
  readonly value: number | undefined;
}

/** The database, which others write to at any time. */
export interface Database {
  readonly tables: ReadonlyMap<string, Table>;
  /** Milliseconds that a key may be behind the clock. */
  readonly lateness: number;
  /** Milliseconds to which keys are rounded down. */
  readonly precision: number;
  /** Of all tables that are read from it. */
  readonly log: DatabaseLog;
  /** Counts what happens in the world. */
  step: number;
}

export function newDatabase(
  kinds: Readonly<Record<string, TableKind>>,
  { lateness, precision }: Pick<Database, 'lateness' | 'precision'>,
): Database {
  const tables = Object.entries(kinds).map(([id, kind]): [string, Table] => [
    id,
    { id, kind, rows: new Map(), history: new Map(), hasExtraColumn: false, isPoisoned: false },
  ]);
  return { tables: new Map(tables), lateness, precision, log: newDatabaseLog(), step: 0 };
}

/** The ids of a table's rows are lower. */
export const rowIds = 25;

/** Puts a row in its place, or takes it away, and remembers when that was. */
export function changeRow(database: Database, table: Table, id: number, row: TableRow | undefined): void {
  database.step += 1;
  if (row === undefined) table.rows.delete(id);
  else table.rows.set(id, row);
  table.history.set(id, [...(table.history.get(id) ?? []), { step: database.step, value: row?.value }]);
}

/** Each value that a row had between two steps, undefined where it was not there for a moment. */
export function valuesBetween(table: Table, id: number, from: number, to: number): ReadonlySet<number | undefined> {
  const changes = table.history.get(id) ?? [];
  const before = changes.findLast(({ step }) => step <= from)?.value;
  return new Set([before, ...changes.filter(({ step }) => step > from && step <= to).map(({ value }) => value)]);
}
