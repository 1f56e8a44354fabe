import type { Random } from './random.ts';

/** How a table of the simulated database is read. */
export interface TableKind {
  readonly method: 'FULL_TABLE' | 'INCREMENTAL';
  /** INCREMENTAL only: whether the rows come in the order of their keys. */
  readonly isSorted?: boolean;
  /** FULL_TABLE only: in how many parts it is copied; 1 when left out. */
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
  return { tables: new Map(tables), lateness, precision, step: 0 };
}

/** The ids of a table's rows are lower. */
export const rowIds = 25;

/** Inserts, updates or deletes one row of some table. */
export function writeSomething(database: Database, random: Random, deletes = 0.2): void {
  const [first, ...others] = database.tables.values();
  if (first === undefined) return;
  const table = random.pick([first, ...others]);
  const id = random.below(rowIds);
  const isThere = table.rows.has(id);
  if (isThere && random.chance(deletes)) {
    change(database, table, id, undefined);
    return;
  }
  const late = random.chance(0.3) ? (random.chance(0.5) ? database.lateness : random.below(database.lateness)) : 0;
  const at = Math.floor((Date.now() - late) / database.precision) * database.precision;
  const before = table.rows.get(id)?.at;
  // An update never lowers the key of its row, nor takes it away.
  const key = typeof before !== 'number' && random.chance(0.1) ? null : Math.max(at, before ?? 0);
  change(database, table, id, { id, at: key, value: database.step + 1 });
}

function change(database: Database, table: Table, id: number, row: TableRow | undefined): void {
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
