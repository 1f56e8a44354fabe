import { isDeepStrictEqual } from 'node:util';
import type { Client } from 'pg';
import { findTypes } from '../catalog.ts';
import type { PostgresStream } from '../discover.ts';
import { ownQuery } from '../own-query.ts';
import type { SchemaColumn } from '../schema.ts';
import { resolveType } from '../types.ts';
import type { Relation, RelationColumn } from './pgoutput.ts';

/** A column of a table, as the log describes it. */
export interface TableColumn extends SchemaColumn {
  /** Its index among the values of a row. */
  readonly index: number;
  /** Whether the log contains its value before a change. */
  readonly isIdentity: boolean;
}

/** A column as the table has it now. The log may be older. */
interface ColumnNow {
  readonly name: string;
  readonly type: string;
  readonly dimensions: number;
  readonly isReadable: boolean;
}

const columnQuery = `
select a.attname as name, a.atttypid::text as type, a.attndims::int as dimensions,
  has_column_privilege(a.attrelid, a.attnum, 'SELECT') as "isReadable"
from pg_catalog.pg_attribute a
where a.attrelid = $1::oid and a.attnum > 0 and not a.attisdropped`;

/**
 * The columns of a table at this position of the log, without those that the role may not read. A column with the type that was discovered is NOT NULL if it was then; any other is taken as nullable.
 * Two queries, in a transaction of `lend`.
 */
export async function tableColumns(
  client: Client,
  { columns: discovered }: Pick<PostgresStream, 'columns'>,
  { oid, columns }: Relation,
): Promise<readonly TableColumn[]> {
  const rows = await ownQuery<ColumnNow>(client, columnQuery, [oid]);
  const types = await findTypes(client, [...new Set(columns.map(({ type }) => type))]);
  const now = new Map(rows.map((row) => [row.name, row]));
  const known = new Map(discovered.map((column) => [column.name, column]));
  return columns.flatMap((column, index) => {
    const { name, isIdentity } = column;
    if (now.get(name)?.isReadable === false) return [];
    const type = resolveType(types, column.type, column.modifier, depthOf(column, now.get(name)));
    const before = known.get(name);
    const isKnown = before !== undefined && isDeepStrictEqual(before.type, type);
    return [{ name, type, isNullable: isKnown ? before.isNullable : true, index, isIdentity }];
  });
}

/** The array dimensions of a column. If it was dropped or had another type, one dimension is assumed, as most arrays have. */
function depthOf({ type }: RelationColumn, now: ColumnNow | undefined): number {
  return now?.type === type ? now.dimensions : 1;
}
