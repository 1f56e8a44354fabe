import type { PostgresStream } from './discover.ts';
import { quoteIdentifier } from './quote.ts';

/** Which rows of a table a query gives, and in which order. */
export interface Rows {
  /** Conditions that all hold. */
  readonly where?: readonly string[];
  /** Columns whose order the rows have, the lowest values first. */
  readonly orderBy?: readonly string[];
  /** The highest values first. */
  readonly isDescending?: boolean;
  readonly limit?: number | undefined;
}

/** Rows that one COPY gives; `position` are the columns whose values say how far it is. */
export interface WantedRows extends Rows {
  readonly position?: readonly string[];
}

/** `SELECT …` of the columns of a table. */
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
