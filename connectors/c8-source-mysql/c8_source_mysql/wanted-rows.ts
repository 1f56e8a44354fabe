import type { ReadContext } from 'c8connector';
import {
  copyLost,
  type KeyDialect,
  newRows,
  type ReplicationColumns,
  rangeRows,
  type WantedRows,
} from 'c8connector-sql';
import type { MysqlConfig } from './config.ts';
import type { MysqlStream } from './discover.ts';
import { compareText, type KeyColumn, keyColumns, missingDates, ownKey } from './key-columns.ts';
import type { ConnectionPool } from './pool.ts';
import { quoteIdentifier } from './quote.ts';

/** What a read must return. */
type Wanted = Pick<
  ReadContext<MysqlConfig, ConnectionPool>,
  'replicationKey' | 'since' | 'upTo' | 'bookmark' | 'partition' | 'limit'
>;

/**
 * The rows that a read must return, in as many queries as necessary, run one after another. A whole table is read in the order of its key when it `isInKeyOrder`: that costs little more, and an interrupted copy can
 * be resumed.
 *
 * @throws {DataError} `copy_lost` when an interrupted copy used another key.
 */
export function wantedRows(
  stream: MysqlStream,
  wanted: Wanted,
  { isInKeyOrder }: { readonly isInKeyOrder: boolean },
): readonly WantedRows[] {
  const { replicationKey, partition, bookmark, limit } = wanted;
  if (replicationKey !== undefined) return newRows(replicationColumns(stream, replicationKey), wanted, dialect);
  const key = ownKey(stream);
  if (partition === undefined && bookmark === undefined && (limit !== undefined || !isInKeyOrder || key === undefined))
    return [{ limit }];
  if (key === undefined) throw copyLost(stream.id, 'the table no longer has a key');
  return [rangeRows(stream.id, key, { ...(partition ?? { from: null, to: null }), bookmark }, dialect)];
}

const dialect: KeyDialect<KeyColumn> = {
  quote: quoteIdentifier,
  compare: compareText,
  missing: missingDates,
};

function replicationColumns(stream: MysqlStream, replicationKey: string): ReplicationColumns<KeyColumn> {
  const [column] = keyColumns(stream, [replicationKey]) ?? [];
  if (column === undefined) throw new Error(`the column ${replicationKey} of ${stream.id} has no order`);
  const { keyProperties = [] } = stream;
  const others = keyProperties.filter((name) => name !== replicationKey);
  const own = keyColumns(stream, others) ?? [];
  const hasKey = keyProperties.length > 0 && own.length === others.length;
  const isNullable =
    stream.columns.some(({ name, isNullable }) => name === replicationKey && isNullable) ||
    missingDates.conditions(column) !== undefined;
  return { column, isNullable, own, hasKey };
}
