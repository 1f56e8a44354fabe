/** A row of a table that {@link ChangesBackend.create} made. */
export interface ChangedRow {
  /** The key, from 1 to 100,000. */
  readonly id: number;
  readonly name: string | null;
  /** At most 20,000 letters. */
  readonly note: string | null;
  /** Columns that `addColumn` added; absent in a row without a value for them. */
  readonly [column: string]: number | string | null;
}

/**
 * Changes tables of the real service behind a source, for the checks of its log. A change can be of any type, such as the text of a statement: `insert` and the others make it, and `commit` applies it.
 * The author chooses the types of the columns, since values are compared as text.
 */
export interface ChangesBackend<Change = unknown> {
  /** Creates an empty table with the columns `id`, which is its key, `name` and `note`. Its name consists of a to z, digits and underscores. Resolves with the id of its stream. */
  create(table: string): Promise<string>;
  insert(table: string, row: ChangedRow): Change;
  /** Sets some columns of the row with this key. Setting `id` changes the key. */
  update(table: string, id: number, set: Partial<ChangedRow>): Change;
  delete(table: string, id: number): Change;
  /** Truncates the table, if the service supports that. */
  truncate?(table: string): Change;
  /** Adds a nullable text column, if the service supports that. */
  addColumn?(table: string, column: string): Change;
  /** Applies the changes in order, in one transaction. Resolves once it is committed and in the log; with PostgreSQL that needs `synchronous_commit`. */
  commit(changes: readonly Change[]): Promise<unknown>;
  /** Removes the table; called at the end of each check. */
  drop?(table: string): Promise<unknown>;
  /** Seconds until the source confirms durable positions to the server: checks follow the log for this long. 1 when left out, at most 15. */
  readonly confirmsWithin?: number;
  /**
   * The position up to which the source has confirmed the log, in any form that can be compared for equality, such as a text. With it, a check verifies that nothing is confirmed while
   * nothing is durable, and that durable positions are confirmed in the end.
   */
  confirmed?(): Promise<unknown>;
}
