/** Which rows of a table a query returns, and in which order. */
export interface Rows {
  /** Conditions, combined with AND. */
  readonly where?: readonly string[];
  /** Columns by which the rows are ordered, the lowest values first. */
  readonly orderBy?: readonly string[];
  /** Whether the highest values come first instead. */
  readonly isDescending?: boolean;
  readonly limit?: number | undefined;
}

/** The rows of one query; `position` are the columns whose values are its position. */
export interface WantedRows extends Rows {
  readonly position?: readonly string[];
}

/** `SELECT …` from a table. `table` and `columns` are SQL already; `quote` makes an identifier of the name of a column. */
export function selectRows(
  table: string,
  columns: readonly string[],
  rows: Rows,
  quote: (name: string) => string,
): string {
  const { where = [], orderBy = [], isDescending = false, limit } = rows;
  const order = orderBy.map((name) => `${quote(name)}${isDescending ? ' desc' : ''}`);
  return [
    `select ${columns.join(', ')} from ${table}`,
    ...(where.length > 0 ? [`where ${where.join(' and ')}`] : []),
    ...(order.length > 0 ? [`order by ${order.join(', ')}`] : []),
    ...(limit === undefined ? [] : [`limit ${limit}`]),
  ].join(' ');
}
