import type { PostgresStream } from './discover.ts';

/** `SELECT …` of the columns of a table; at most `limit` rows. */
export function selectText(stream: PostgresStream, columns: readonly string[], limit: number | undefined): string {
  const table = `${quoteIdentifier(stream.schemaName)}.${quoteIdentifier(stream.tableName)}`;
  const rows = limit === undefined ? '' : ` limit ${limit}`;
  return `select ${columns.map(quoteIdentifier).join(', ')} from ${table}${rows}`;
}

function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
