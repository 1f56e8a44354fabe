import { createHash } from 'node:crypto';
import { type Column, findColumns, type Table } from '../catalog.ts';
import type { MysqlConfig } from '../config.ts';
import type { Connection } from '../connection.ts';
import type { MysqlStream } from '../discover.ts';
import { ownQuery } from '../own-query.ts';
import { quoteIdentifier } from '../quote.ts';
import type { SchemaColumn } from '../schema.ts';
import type { LogColumn, LogTableMap } from './binlog/events.ts';
import { type TextColumn, textColumn } from './binlog/text-column.ts';
import { type Declaration, isOfType, typeOfLog } from './column-log-type.ts';

/** A column of a table, as the log describes it. */
export interface TableColumn extends SchemaColumn {
  /** Its index among the values of a row. */
  readonly index: number;
  /** How its values are decoded where the log does not say it. */
  readonly text: TextColumn;
}

/** A column as the catalog has it now, also one that the user may not read. */
interface CatalogColumn extends Declaration {
  readonly name: string;
  readonly isNullable: 'YES' | 'NO';
  readonly collation: string | null;
  readonly charset: string | null;
  /** Undefined if the user may not read it. */
  readonly readable: Column | undefined;
}

/** What the catalog knows about a table now. The log may be older. */
export interface CatalogTable {
  /** All columns in their order, invisible ones too. */
  readonly columns: readonly CatalogColumn[];
  /** Whether the user may read only some columns. The others are then not listed at all. */
  readonly hidesColumns: boolean;
  /** A hash of the names and types of all columns. */
  readonly layout: string;
}

/** ER_TABLEACCESS_DENIED_ERROR. */
const deniedTable = 1142;

const columnQuery = `
select c.column_name as name, c.data_type as dataType, c.column_type as columnType, c.character_octet_length as octets,
  c.is_nullable as isNullable, c.collation_name as collation, c.character_set_name as charset
from information_schema.columns c
where c.table_schema = ? and c.table_name = ?
order by c.ordinal_position`;

/** Looks up the columns of a table. Four queries. */
export async function catalogTable(
  connection: Connection,
  { schemaName, tableName }: Pick<MysqlStream, 'schemaName' | 'tableName'>,
  config: MysqlConfig,
): Promise<CatalogTable> {
  const rows = await ownQuery<Omit<CatalogColumn, 'readable'>>(connection.client, columnQuery, [schemaName, tableName]);
  const table = {
    schema: schemaName,
    name: tableName,
    isView: false,
    engine: null,
    estimate: null,
    isVersioned: false,
  };
  const readable = new Map(
    [...(await findColumns(connection, [table], config)).values()].flat().map((column) => [column.name, column]),
  );
  const columns = rows.map((row) => ({ ...row, readable: readable.get(row.name) }));
  const hidesColumns = await isPartlyReadable(connection, table);
  return { columns, hidesColumns, layout: layoutOf(columns) };
}

/** Whether the user has privileges on columns only: the server then hides the statement that creates the table. */
async function isPartlyReadable({ client }: Connection, { schema, name }: Table): Promise<boolean> {
  try {
    await ownQuery(client, `show create table ${quoteIdentifier(schema)}.${quoteIdentifier(name)}`);
    return false;
  } catch (error) {
    const { errno, sqlState } = error as { readonly errno?: unknown; readonly sqlState?: unknown };
    if (typeof sqlState !== 'string') throw error;
    return errno === deniedTable;
  }
}

function layoutOf(columns: readonly CatalogColumn[]): string {
  const parts = columns.map(({ name, columnType, isNullable, collation }) => [name, columnType, isNullable, collation]);
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 12);
}

/** Whether the log names its columns. */
export function isNamed({ columns }: Pick<LogTableMap, 'columns'>): boolean {
  return columns.every(({ name }) => name !== undefined);
}

/** Why the values of a log without names cannot be matched with the columns of the catalog; undefined if they can. */
export function mismatchOf({ columns }: LogTableMap, { columns: now }: CatalogTable): string | undefined {
  if (columns.length !== now.length)
    return `the log has ${columns.length} columns, and the table now has ${now.length} that the user may see`;
  const other = columns.findIndex((column, index) => !isOfType(now[index] as CatalogColumn, column));
  return other < 0 ? undefined : `the column ${now[other]?.name} has another type than in the log`;
}

/** The columns of a table at this position of the log, without those that the user may not read. A column that has the type of the catalog is described as the catalog does. */
export function tableColumns(
  { columns }: LogTableMap,
  { columns: now, hidesColumns }: CatalogTable,
  config: MysqlConfig,
): readonly TableColumn[] {
  const byName = new Map(now.map((column) => [column.name, column]));
  return columns.flatMap((column, index) => {
    const current = column.name === undefined ? now[index] : byName.get(column.name);
    const name = column.name ?? current?.name;
    // A column that is not in the catalog was dropped, or is hidden.
    const isHidden = current === undefined ? hidesColumns : current.readable === undefined;
    if (name === undefined || isHidden) return [];
    const place = { name, isNullable: column.isNullable, index };
    if (current?.readable !== undefined && isCurrentType(current, column))
      return [{ ...place, type: current.readable.type, text: textColumn(declared(current)) }];
    const text = {
      dataType: '',
      isUnsigned: column.isUnsigned === true,
      charset: undefined,
      labels: undefined,
      decimals: undefined,
    };
    return [{ ...place, type: typeOfLog(column, config), text }];
  });
}

/** A document of MariaDB is a longtext in the log. */
function declared({ columnType, charset }: CatalogColumn): Pick<Column, 'typeName' | 'charset'> {
  return { typeName: columnType, charset: charset ?? undefined };
}

/** Also bytes and text of one type differ. */
function isCurrentType(current: CatalogColumn, column: LogColumn): boolean {
  const isBytes = current.collation === null || current.collation === 'binary';
  const isOtherText =
    column.collation !== undefined && column.labels === undefined && (column.collation === 63) !== isBytes;
  return isOfType(current, column) && !isOtherText;
}
