import { isDeepStrictEqual } from 'node:util';
import type { Client } from 'pg';
import { findTypes } from '../catalog.ts';
import type { PostgresStream } from '../discover.ts';
import { ownQuery } from '../own-query.ts';
import type { SchemaColumn } from '../schema.ts';
import { resolveType } from '../types.ts';
import type { Relation, RelationColumn } from './pgoutput.ts';

/** A column of a table as the log has it. */
export interface TableColumn extends SchemaColumn {
  /** Its place among the values of a row. */
  readonly place: number;
  /** Whether the log has it of the row before a change. */
  readonly isIdentity: boolean;
}

/** What the table has now. The log may come from another time. */
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
 * The columns of a table where the log stands, without those that the role may not read. One that is as it was discovered is NOT NULL as it was; of any other nobody knows that. Two queries, in a
 * transaction of `lend`.
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
  return columns.flatMap((column, place) => {
    const { name, isIdentity } = column;
    if (now.get(name)?.isReadable === false) return [];
    const type = resolveType(types, column.type, column.modifier, depthOf(column, now.get(name)));
    const before = known.get(name);
    const isKnown = before !== undefined && isDeepStrictEqual(before.type, type);
    return [{ name, type, isNullable: isKnown ? before.isNullable : true, place, isIdentity }];
  });
}

/** Arrays of a column that is gone, or had another type, are taken for what most are. */
function depthOf({ type }: RelationColumn, now: ColumnNow | undefined): number {
  return now?.type === type ? now.dimensions : 1;
}
