import { type Rows, selectRows } from 'c8connector-sql';
import type { PostgresStream } from './discover.ts';
import { quoteIdentifier } from './quote.ts';

/** `SELECT …` for columns of a table. */
export function selectText(stream: PostgresStream, columns: readonly string[], rows: Rows = {}): string {
  return selectRows(tableText(stream), columns.map(quoteIdentifier), rows, quoteIdentifier);
}

/** The name of a table, with its schema. */
export function tableText({ schemaName, tableName }: Pick<PostgresStream, 'schemaName' | 'tableName'>): string {
  return `${quoteIdentifier(schemaName)}.${quoteIdentifier(tableName)}`;
}
