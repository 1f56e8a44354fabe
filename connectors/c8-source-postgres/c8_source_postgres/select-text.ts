import type { PostgresStream } from './discover.ts';
import { quoteIdentifier } from './quote.ts';

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

/** The rows of one COPY; `position` are the columns whose values are its position. */
export interface WantedRows extends Rows {
  readonly position?: readonly string[];
}

/** `SELECT …` for columns of a table. */
export function selectText(stream: PostgresStream, columns: readonly string[], rows: Rows = {}): string {
  const { where = [], orderBy = [], isDescending = false, limit } = rows;
  const order = orderBy.map((name) => `${quoteIdentifier(name)}${isDescending ? ' desc' : ''}`);
  return [
    `select ${columns.map(quoteIdentifier).join(', ')} from ${tableText(stream)}`,
    ...(where.length > 0 ? [`where ${where.join(' and ')}`] : []),
    ...(order.length > 0 ? [`order by ${order.join(', ')}`] : []),
    ...(limit === undefined ? [] : [`limit ${limit}`]),
  ].join(' ');
}

/** The name of a table, with its schema. */
export function tableText({ schemaName, tableName }: Pick<PostgresStream, 'schemaName' | 'tableName'>): string {
  return `${quoteIdentifier(schemaName)}.${quoteIdentifier(tableName)}`;
}
