import { ConfigError } from 'c8connector';
import type { FoundPublication, PublishedTables } from './found-publication.ts';
import { quoted } from './names.ts';

/** A table that is to be followed. */
export interface FollowedTable {
  readonly id: string;
  readonly oid: string;
  readonly schemaName: string;
  readonly tableName: string;
  /** Its wanted columns. */
  readonly columns: readonly string[];
}

/** @throws {ConfigError} `config_invalid` for a publication that leaves out a kind of change, or publishes the changes of a table under other names. */
export function refuseIncomplete(
  name: string,
  { isComplete, isByRoot }: Pick<FoundPublication, 'isComplete' | 'isByRoot'>,
): void {
  if (isComplete && isByRoot) return;
  const setting = isComplete ? 'publish_via_partition_root = true' : `publish = 'insert, update, delete, truncate'`;
  const what = isComplete
    ? 'publishes the changes of a partitioned table under the names of its partitions'
    : 'does not publish all changes';
  throw new ConfigError(`The publication ${name} ${what}.`, {
    code: 'config_invalid',
    remedy: `Run ALTER PUBLICATION ${quoted(name)} SET (${setting}).`,
    details: { property: 'publication' },
  });
}

/** What a publication leaves out of a table. */
export interface LeftOut {
  readonly table: FollowedTable;
  readonly message: string;
  readonly remedy: string;
}

/** The tables of which a publication leaves out rows, by a condition, or wanted columns, by a list. */
export function findLeftOut(
  name: string,
  published: PublishedTables,
  tables: readonly FollowedTable[],
): readonly LeftOut[] {
  return tables.flatMap((table) => {
    const { filter = null, missing = [] } = published.get(table.oid) ?? {};
    const columns = missing.filter((column) => table.columns.includes(column));
    if (filter === null && columns.length === 0) return [];
    const what = filter === null ? `the columns ${columns.join(', ')}` : `the rows that do not match ${filter}`;
    return [
      {
        table,
        message: `The publication ${name} leaves out ${what} of ${table.id}: their changes would be missed.`,
        remedy: publishWholeText(name, table, filter === null ? ', or deselect these columns' : ''),
      },
    ];
  });
}

function publishWholeText(name: string, { schemaName, tableName }: FollowedTable, otherwise: string): string {
  const table = `${quoted(schemaName)}.${quoted(tableName)}`;
  const alter = `ALTER PUBLICATION ${quoted(name)}`;
  return `Run ${alter} DROP TABLE ${table}; ${alter} ADD TABLE ${table};${otherwise} and copy the stream again if it was read before.`;
}

/** @throws {ConfigError} `config_invalid`, of one stream. */
export function refuseLeftOut(name: string, published: PublishedTables, tables: readonly FollowedTable[]): void {
  const [first] = findLeftOut(name, published, tables);
  if (first === undefined) return;
  throw new ConfigError(first.message, {
    code: 'config_invalid',
    remedy: first.remedy,
    details: { property: 'publication', stream: first.table.id },
  });
}
