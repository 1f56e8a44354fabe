import { DataError, type Row } from 'c8connector';
import type { ChangedRow, ChangesBackend } from '../../../src/index.ts';

/** One change as the log of the service has it: of an update the columns that were set, since it keeps large values apart. */
type Entry =
  | { readonly kind: 'insert'; readonly table: string; readonly row: Row }
  | { readonly kind: 'update'; readonly table: string; readonly id: number; readonly set: Row }
  | { readonly kind: 'delete'; readonly table: string; readonly id: number }
  | { readonly kind: 'truncate'; readonly table: string }
  | { readonly kind: 'columns'; readonly table: string; readonly columns: readonly string[] };

/** A change in the log, with the columns that its table has after it. */
export type Logged = Entry & { readonly columns: readonly string[] };

/** A transaction in the log. */
export interface Commit {
  readonly lsn: number;
  readonly at: string;
  readonly entries: readonly Logged[];
}

/** Tables in memory with one log, which is kept from the position on that its reader has confirmed. */
export interface LoggedService {
  readonly tables: ReadonlyMap<string, LoggedTable>;
  /** Position of the last commit. */
  lsn(): number;
  /** Keeps the log from now on, if it is not kept yet. */
  keep(): void;
  /** Allows the service to forget what lies before a position. */
  confirm(lsn: number): void;
  /** The commits after a position. Throws a DataError when some of them were forgotten. */
  behind(lsn: number): readonly Commit[];
  /** The columns that a table had at a position. */
  columnsAt(table: string, lsn: number): readonly string[];
  /** Resolves with the next commit, or when the signal aborts. */
  changed(signal: AbortSignal): Promise<void>;
  readonly changes: ChangesBackend<Entry>;
}

interface LoggedTable {
  columns: readonly string[];
  readonly rows: Map<number, Row>;
}

const firstColumns = ['id', 'name', 'note'];

export function loggedService(): LoggedService {
  const tables = new Map<string, LoggedTable>();
  const commits: Commit[] = [];
  let kept: number | undefined;
  let waiting: (() => void)[] = [];
  const lsn = (): number => commits.at(-1)?.lsn ?? 0;
  return {
    tables,
    lsn,
    keep() {
      kept ??= lsn();
    },
    confirm(position) {
      kept = Math.max(kept ?? 0, position);
    },
    behind(position) {
      if (kept === undefined || position < kept)
        throw new DataError(`the log begins at ${kept}, and ${position} is wanted`, { code: 'log_position_lost' });
      return commits.filter((commit) => commit.lsn > position);
    },
    columnsAt(table, position) {
      const entries = commits.filter((commit) => commit.lsn <= position).flatMap((commit) => commit.entries);
      return entries.findLast((entry) => entry.table === table)?.columns ?? firstColumns;
    },
    changed: (signal) =>
      new Promise((resolve) => {
        if (signal.aborted) resolve();
        signal.addEventListener('abort', () => resolve(), { once: true });
        waiting.push(resolve);
      }),
    changes: {
      async create(table) {
        tables.set(table, { columns: firstColumns, rows: new Map() });
        return table;
      },
      insert: (table, row) => ({ kind: 'insert', table, row }),
      update: (table, id, set) => ({ kind: 'update', table, id, set: set as ChangedRow }),
      delete: (table, id) => ({ kind: 'delete', table, id }),
      truncate: (table) => ({ kind: 'truncate', table }),
      addColumn: (table, column) => ({ kind: 'columns', table, columns: [...firstColumns, column] }),
      async commit(entries) {
        const logged = entries.map((entry) => ({
          ...applied(tables, entry),
          columns: tables.get(entry.table)?.columns ?? [],
        }));
        commits.push({ lsn: lsn() + 10, at: new Date().toISOString(), entries: logged });
        for (const wake of waiting) wake();
        waiting = [];
      },
      async drop(table) {
        tables.delete(table);
      },
      confirmed: async () => kept,
    },
  };
}

/** Does a change, and gives what the log has of it: of a row whose key changes all columns. */
function applied(tables: ReadonlyMap<string, LoggedTable>, entry: Entry): Entry {
  const table = tables.get(entry.table);
  if (table === undefined) throw new Error(`no table ${entry.table}`);
  const { rows } = table;
  if (entry.kind === 'columns') table.columns = entry.columns;
  else if (entry.kind === 'truncate') rows.clear();
  else if (entry.kind === 'delete') rows.delete(entry.id);
  else if (entry.kind === 'insert') rows.set(Number(entry.row.id), entry.row);
  else {
    const row: Row = { ...rows.get(entry.id), ...entry.set };
    rows.delete(entry.id);
    rows.set(Number(row.id), row);
    if (row.id !== entry.id) return { ...entry, set: row };
  }
  return entry;
}
