import type { Bookmark, Partition, ReadContext } from 'c8connector';
import { copyLost } from 'c8connector-sql';
import type { PostgresConfig } from './config.ts';
import type { PostgresStream } from './discover.ts';
import { compareText, isOfKey, type KeyColumn, ownKey } from './key-columns.ts';
import { newRows } from './new-rows.ts';
import type { ConnectionPool } from './pool.ts';
import type { WantedRows } from './select-text.ts';

/** What a read must return. */
type Wanted = Pick<
  ReadContext<PostgresConfig, ConnectionPool>,
  'replicationKey' | 'since' | 'upTo' | 'bookmark' | 'partition' | 'session' | 'limit'
>;

/**
 * The rows that a read must return, in as many queries as necessary, run one after another. A whole table is read in the order of its key when it `isInKeyOrder`: that costs little more, and an interrupted copy can
 * be resumed.
 *
 * @throws {DataError} `copy_lost` when an interrupted copy used another key.
 */
export function wantedRows(
  stream: PostgresStream,
  wanted: Wanted,
  { isInKeyOrder }: { readonly isInKeyOrder: boolean },
): readonly WantedRows[] {
  const { replicationKey, partition, session, bookmark, limit } = wanted;
  if (replicationKey !== undefined) return newRows(stream, replicationKey, wanted);
  if (partition !== undefined && session !== undefined) return [blockRows(stream, partition)];
  const key = ownKey(stream);
  if (partition === undefined && bookmark === undefined && (limit !== undefined || !isInKeyOrder || key === undefined))
    return [{ limit }];
  if (key === undefined) throw copyLost(stream.id, 'the table no longer has a key');
  return [rangeRows(stream, key, { ...(partition ?? { from: null, to: null }), bookmark })];
}

/** Rows of a range of the key, from the position of its copy on. */
function rangeRows(
  { id }: PostgresStream,
  key: readonly KeyColumn[],
  { from, to, bookmark }: Partition & { readonly bookmark: Bookmark | undefined },
): WantedRows {
  const names = key.map(({ name }) => name);
  const valuesOf = (given: unknown) => {
    if (isOfKey(given, key)) return given;
    throw copyLost(id, `it used a key other than ${names.join(', ')}`);
  };
  const begin =
    bookmark !== undefined
      ? [compareText(key, 'after', valuesOf(bookmark.after))]
      : from === null
        ? []
        : [compareText(key, 'from', valuesOf(from))];
  const end = to === null ? [] : [compareText(key, 'before', valuesOf(to))];
  return { where: [...begin, ...end], orderBy: names, position: names };
}

/** Rows of a range of blocks, in which rows do not move within a snapshot. For a partitioned table, these blocks of each partition. */
function blockRows({ id }: PostgresStream, { from, to }: Partition): WantedRows {
  const tidOf = (block: unknown) => {
    if (Number.isSafeInteger(block)) return `'(${block},0)'::pg_catalog.tid`;
    throw copyLost(id, 'its block numbers are invalid');
  };
  return {
    where: [
      ...(from === null ? [] : [`ctid operator(pg_catalog.>=) ${tidOf(from)}`]),
      ...(to === null ? [] : [`ctid operator(pg_catalog.<) ${tidOf(to)}`]),
    ],
  };
}
