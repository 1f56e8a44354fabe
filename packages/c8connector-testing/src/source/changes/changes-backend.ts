/** A row of a table that {@link ChangesBackend.create} made. */
export interface ChangedRow {
  /** The key, from 1 to 100,000. */
  readonly id: number;
  readonly name: string | null;
  /** At most 20,000 letters. */
  readonly note: string | null;
  /** Columns that `addColumn` added; absent in a row that does not give them. */
  readonly [column: string]: number | string | null;
}

/**
 * Changes tables of the real service behind a source, for the checks of its change log. A change is whatever the author likes, such as the text of a statement: `insert` and the others make it, `commit` does it. The types of
 * the columns are the author's: what is read is compared by its text.
 */
export interface ChangesBackend<Change = unknown> {
  /** Makes an empty table with the columns `id`, which is its key, `name` and `note`. Its name is made of a to z, digits and underscores. Resolves with the id of its stream. */
  create(table: string): Promise<string>;
  insert(table: string, row: ChangedRow): Change;
  /** Sets some columns of the row with this key. With `id` among them the row gets another key. */
  update(table: string, id: number, set: Partial<ChangedRow>): Change;
  delete(table: string, id: number): Change;
  /** Empties the table at once, where the service can. */
  truncate?(table: string): Change;
  /** Adds a column of texts that may be null, where the service can. */
  addColumn?(table: string, column: string): Change;
  /** Does the changes in their order, in one transaction. Resolves once it is committed and is in the log; with PostgreSQL that needs `synchronous_commit`. */
  commit(changes: readonly Change[]): Promise<unknown>;
  /** Removes the table; called at the end of each check. */
  drop?(table: string): Promise<unknown>;
  /** Seconds after which the source confirms to the server what is durable: checks follow the log for as long. 1 when left out, at most 15. */
  readonly confirmsWithin?: number;
  /**
   * How far the source has allowed the server to forget its log, in any form that is equal only where it means the same, such as a text. With it a check sees that nothing is confirmed while
   * nothing is durable, and that what is durable is confirmed in the end.
   */
  confirmed?(): Promise<unknown>;
}
