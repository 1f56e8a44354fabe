import type { ChangedRow, ChangesBackend } from './changes-backend.ts';

/** The expected row of the log for a change: for an insert with all columns, for an update with those that were set, for a delete with none. */
export interface LoggedRow {
  readonly id: number;
  readonly isDeleted: boolean;
  readonly set: Partial<ChangedRow>;
}

/** A change that can be committed. */
export interface Step {
  readonly change: unknown;
  /** Records the change, once it is committed. */
  readonly note: () => void;
}

/** A table of one check, and its changes. */
export interface TestTable {
  /** Id of its stream. */
  readonly stream: string;
  /** Its current rows, by key. */
  readonly rows: ReadonlyMap<number, Partial<ChangedRow>>;
  /** The expected rows of its log since the table was created. */
  readonly logged: readonly LoggedRow[];
  insert(id: number, values?: Partial<ChangedRow>): Step;
  update(id: number, set: Partial<ChangedRow>): Step;
  delete(id: number): Step;
  truncate(): Step;
  addColumn(column: string): Step;
}

/** An empty table that the backend has created. */
export function testTable(backend: ChangesBackend, table: string, stream: string): TestTable {
  const rows = new Map<number, Partial<ChangedRow>>();
  const logged: LoggedRow[] = [];
  const remove = (id: number): void => {
    rows.delete(id);
    logged.push({ id, isDeleted: true, set: {} });
  };
  const put = (id: number, set: Partial<ChangedRow>): void => {
    rows.set(id, { ...rows.get(id), ...set });
    logged.push({ id, isDeleted: false, set });
  };
  return {
    stream,
    rows,
    logged,
    insert(id, values) {
      const row = { id, name: `name ${id}`, note: `note ${id}`, ...values };
      return { change: backend.insert(table, row), note: () => put(id, row) };
    },
    update(id, set) {
      const note = (): void => {
        const row = { ...rows.get(id), ...set };
        const isMoved = set.id !== undefined && set.id !== id;
        if (isMoved) remove(id);
        put(set.id ?? id, isMoved ? row : set);
      };
      return { change: backend.update(table, id, set), note };
    },
    delete: (id) => ({ change: backend.delete(table, id), note: () => remove(id) }),
    truncate: () => ({ change: backend.truncate?.(table), note: () => rows.clear() }),
    addColumn: (column) => ({ change: backend.addColumn?.(table, column), note: () => undefined }),
  };
}
