import type { Connection } from './connection.ts';
import type { MysqlStream } from './discover.ts';
import { ownQuery } from './own-query.ts';

/** The index of a table that its key is made of. */
export interface KeyIndex {
  readonly name: string;
  /** Whether it is a tree, in which the server finds ranges and their sizes. */
  readonly isTree: boolean;
}

interface IndexRow {
  readonly name: string;
  readonly type: string;
  readonly columns: string;
}

const indexQuery = `
select index_name as name, index_type as type, group_concat(to_base64(column_name) order by seq_in_index) as columns
from information_schema.statistics
where table_schema = ? and table_name = ? and non_unique = 0
group by index_name, index_type having max(sub_part is not null or column_name is null) = 0
order by index_name <> 'PRIMARY', index_name`;

/** The unique index with exactly the columns of the key, in their order; undefined when it no longer exists. One query. */
export async function keyIndex(
  { client }: Pick<Connection, 'client'>,
  { schemaName, tableName, keyProperties = [] }: MysqlStream,
): Promise<KeyIndex | undefined> {
  const rows = await ownQuery<IndexRow>(client, indexQuery, [schemaName, tableName]);
  const wanted = keyProperties.map((name) => Buffer.from(name).toString('base64')).join(',');
  const found = rows.find(({ columns }) => columns.replaceAll('\n', '') === wanted);
  return found && { name: found.name, isTree: found.type === 'BTREE' };
}

interface SizeRow {
  readonly engine: string | null;
  readonly bytes: number | string | null;
}

const sizeQuery =
  'select engine as engine, data_length as bytes from information_schema.tables where table_schema = ? and table_name = ?';

/** Engines that store the rows in the order of the primary key. */
const sortedEngines = /^(?:InnoDB|ROCKSDB)$/i;
/** The most bytes of a table that is cheap to read in any order. */
const fewBytes = 64 * 1024 * 1024;

/**
 * Whether the rows are stored in the order of the key, or are few, so that reading them in that order costs little more. In any other large table each row would need a lookup of its own, or the server would sort all of them. Two queries.
 */
export async function isInKeyOrder(connection: Pick<Connection, 'client'>, stream: MysqlStream): Promise<boolean> {
  const index = await keyIndex(connection, stream);
  const [size] = await ownQuery<SizeRow>(connection.client, sizeQuery, [stream.schemaName, stream.tableName]);
  if (index === undefined || size === undefined) return false;
  const isStoredSo = index.name === 'PRIMARY' && sortedEngines.test(size.engine ?? '');
  return isStoredSo || Number(size.bytes ?? 0) <= fewBytes;
}
