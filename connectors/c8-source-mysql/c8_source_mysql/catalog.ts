import { streamId, type TableFilter } from 'c8connector-sql';
import type { Connection as Client } from 'mysql2';
import { type AnnouncedType, announcedType } from './announced-type.ts';
import type { Connection } from './connection.ts';
import { findJson, nameOfColumn } from './json-columns.ts';
import { ownQuery } from './own-query.ts';
import { type ColumnType, resolveType, type TypeSettings } from './resolve-type.ts';
import type { MysqlType } from './types.ts';

/** A table or view that the user may read. */
export interface Table {
  /** The name of its database. */
  readonly schema: string;
  readonly name: string;
  readonly isView: boolean;
  /** The storage engine; null for a view. */
  readonly engine: string | null;
  /** Rows, as the engine estimates them; null for a view. */
  readonly estimate: number | null;
  /** Whether it is system-versioned, so that its past rows are in the log as well. */
  readonly isVersioned: boolean;
}

/** A column that the user may read. */
export interface Column {
  readonly name: string;
  readonly type: MysqlType;
  readonly isNullable: boolean;
  /** The server's declaration of the type, such as `int(10) unsigned`. */
  readonly typeName: string;
  /** The character set of a text; undefined for other types. */
  readonly charset: string | undefined;
  readonly collation: string | undefined;
  /** The position in the table, from 1 on. The log has invisible columns too. */
  readonly ordinal: number;
  /** How the result of a query describes it, to detect a later change. */
  readonly announced: AnnouncedType;
}

const tableQuery = `
select table_schema as \`schema\`, table_name as name, table_type in ('VIEW', 'SYSTEM VIEW') as isView, engine as engine,
  case when table_type = 'VIEW' then null else table_rows end as estimate, table_type = 'SYSTEM VERSIONED' as isVersioned,
  @@lower_case_table_names as letters
from information_schema.tables
where table_type in ('BASE TABLE', 'VIEW', 'SYSTEM VERSIONED')
  and (? or table_schema in (?)) and (? or table_name in (?) or concat(table_schema, '.', table_name) in (?))
  and (? or concat(table_schema, '-', table_name) in (?))
order by table_schema, table_name`;

interface TableRow extends Omit<Table, 'isView' | 'isVersioned'> {
  readonly isView: number;
  readonly isVersioned: number;
  /** 0 if names that differ in case are different ones. */
  readonly letters: number;
}

/** The matching tables. The server lists only those on which the user has a privilege. One query. */
export async function findTables(client: Client, filter: TableFilter): Promise<readonly Table[]> {
  const { schemas, tables, ids } = filter;
  const condition = (names: readonly string[] | undefined) => [names === undefined, several(names ?? [], '')] as const;
  const [anyTable, tableNames] = condition(tables);
  const values = [...condition(schemas), anyTable, tableNames, tableNames, ...condition(ids)];
  const rows = await ownQuery<TableRow>(client, tableQuery, values);
  const matches = matcher(filter, rows[0]?.letters === 0);
  return rows
    .filter(matches)
    .map(({ letters, ...row }) => ({ ...row, isView: row.isView === 1, isVersioned: row.isVersioned === 1 }));
}

/** A list for IN, which must not be empty. If all of its names differ only in case or accents, MariaDB takes them for one name and finds only one of their tables, so another name is added. */
function several<T>(names: readonly T[], none: T): readonly T[] {
  return names.length === 1 ? names : [...names, none];
}

/** Whether the filter has exactly these names: MariaDB also finds those that differ in case or accents. */
function matcher({ schemas, tables, ids }: TableFilter, isExact: boolean): (table: TableRow) => boolean {
  const fold = (name: string) => (isExact ? name : name.toLowerCase());
  const setOf = (names: readonly string[] | undefined) => names && new Set(names.map(fold));
  const [inSchemas, inTables, inIds] = [setOf(schemas), setOf(tables), setOf(ids)];
  return (table) => {
    const { schema, name } = table;
    const isWanted = inTables === undefined || inTables.has(fold(name)) || inTables.has(fold(`${schema}.${name}`));
    return isWanted && inSchemas?.has(fold(schema)) !== false && inIds?.has(fold(streamId(table))) !== false;
  };
}

/** A column as information_schema has it. */
interface ColumnRow extends ColumnType {
  readonly schema: string;
  readonly table: string;
  readonly name: string;
  readonly isNullable: 'YES' | 'NO';
  readonly collation: string | null;
  readonly ordinal: number;
  readonly privileges: string;
  /** PRI of the primary key, or of what serves as one, UNI if it is unique on its own. */
  readonly index: string;
}

const columnQuery = `
select table_schema as \`schema\`, table_name as \`table\`, column_name as name, ordinal_position as ordinal, is_nullable as isNullable,
  lower(data_type) as dataType, column_type as columnType, character_maximum_length as maxLength, numeric_precision as numericPrecision,
  numeric_scale as numericScale, character_set_name as charset, collation_name as collation, privileges as privileges,
  column_key as \`index\`
from information_schema.columns
where (table_schema, table_name) in (?)
order by table_schema, table_name, ordinal_position`;

/** The columns that the user may read, in their order. One query; on MariaDB one more for every sixty tables with a longtext. */
export async function findColumns(
  connection: Connection,
  tables: readonly Table[],
  settings: TypeSettings,
): Promise<ReadonlyMap<Table, readonly Column[]>> {
  if (tables.length === 0) return new Map();
  const names = tables.map(({ schema, name }) => [schema, name]);
  const all = await ownQuery<ColumnRow>(connection.client, columnQuery, [several(names, ['', ''])]);
  const rows = groupedBy(
    all.filter(({ privileges }) => /\bselect\b/.test(privileges)),
    ({ schema, table }) => keyOf(schema, table),
  );
  const found = tables.map((table) => ({ table, rows: rows.get(keyOf(table.schema, table.name)) ?? [] }));
  const json = await findJson(connection, found);
  return new Map(
    found.map(({ table, rows }) => [
      table,
      rows.map((row) => columnOf({ ...row, isJson: json.has(nameOfColumn(row)) }, table, settings)),
    ]),
  );
}

function columnOf(row: ColumnRow & { readonly isJson: boolean }, { isView }: Table, settings: TypeSettings): Column {
  return {
    name: row.name,
    // 1 and 2 are two keys, and both would be true.
    type: resolveType(row, /^(?:PRI|UNI)$/.test(row.index) ? { tinyint1_as_boolean: false } : settings),
    isNullable: row.isNullable === 'YES',
    typeName: row.isJson ? 'json' : row.columnType,
    charset: row.charset ?? undefined,
    collation: row.collation ?? undefined,
    ordinal: row.ordinal,
    announced: announcedType(row, isView),
  };
}

interface KeyRow {
  readonly schema: string;
  readonly table: string;
  readonly index: string;
  readonly column: string | null;
  readonly prefix: number | null;
}

/** The columns of the unique indexes, the primary key first, then those with the fewest columns. */
const keyQuery = `
select table_schema as \`schema\`, table_name as \`table\`, index_name as \`index\`, column_name as \`column\`, sub_part as prefix
from information_schema.statistics
where (table_schema, table_name) in (?) and non_unique = 0
order by table_schema, table_name, index_name <> 'PRIMARY',
  count(*) over (partition by table_schema, table_name, index_name), index_name, seq_in_index`;

/** The key of each table: the first unique index whose columns are all readable and NOT NULL. One query. */
export async function findKeys(
  client: Client,
  columns: ReadonlyMap<Table, readonly Column[]>,
): Promise<ReadonlyMap<Table, readonly string[]>> {
  if (columns.size === 0) return new Map();
  const names = [...columns.keys()].map(({ schema, name }) => [schema, name]);
  const rows = await ownQuery<KeyRow>(client, keyQuery, [several(names, ['', ''])]);
  const indexes = groupedBy(rows, ({ schema, table }) => keyOf(schema, table));
  return new Map(
    [...columns].flatMap(([table, found]) => {
      const certain = new Set(found.flatMap(({ name, isNullable }) => (isNullable ? [] : [name])));
      const ofTable = groupedBy(indexes.get(keyOf(table.schema, table.name)) ?? [], ({ index }) => index);
      const key = [...ofTable.values()].find((parts) =>
        parts.every(({ column, prefix }) => column !== null && prefix === null && certain.has(column)),
      );
      return key === undefined ? [] : [[table, key.map(({ column }) => column ?? '')] as const];
    }),
  );
}

function keyOf(schema: string, name: string): string {
  return JSON.stringify([schema, name]);
}

function groupedBy<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}
