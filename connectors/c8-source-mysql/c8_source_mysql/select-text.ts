import { type Rows, selectRows } from 'c8connector-sql';
import type { MysqlStream } from './discover.ts';
import { quoteIdentifier } from './quote.ts';

/** `SELECT …` for columns of a table. A float is selected as a double, since its own text has only six digits, or those of its declaration. */
export function selectText(stream: MysqlStream, columns: readonly string[], rows: Rows = {}): string {
  const rounded = new Set(
    stream.columns.flatMap(({ name, type }) => (type.kind === 'float' && type.isRounded ? [name] : [])),
  );
  const expression = (name: string) => (rounded.has(name) ? `${quoteIdentifier(name)} + 0e0` : quoteIdentifier(name));
  return selectRows(tableText(stream), columns.map(expression), rows, quoteIdentifier);
}

/** The name of a table, with its database. */
export function tableText({ schemaName, tableName }: Pick<MysqlStream, 'schemaName' | 'tableName'>): string {
  return `${quoteIdentifier(schemaName)}.${quoteIdentifier(tableName)}`;
}
