import type { Bookmark, Partition } from 'c8connector';
import { copyLost } from './errors.ts';
import { isOfKey, type KeyDialect, type OrderedColumn } from './key.ts';
import type { WantedRows } from './select-text.ts';

/**
 * Rows of a range of the key, in its order, from the position of their copy on. `stream` is for errors.
 *
 * @throws {DataError} `copy_lost` when the range or the position is of another key.
 */
export function rangeRows<K extends OrderedColumn>(
  stream: string,
  key: readonly K[],
  { from, to, bookmark }: Partition & { readonly bookmark?: Bookmark | undefined },
  { compare }: Pick<KeyDialect<K>, 'compare'>,
): WantedRows {
  const names = key.map(({ name }) => name);
  const valuesOf = (given: unknown) => {
    if (isOfKey(given, key)) return given;
    throw copyLost(stream, `it used a key other than ${names.join(', ')}`);
  };
  const begin =
    bookmark !== undefined
      ? [compare(key, 'after', valuesOf(bookmark.after))]
      : from === null
        ? []
        : [compare(key, 'from', valuesOf(from))];
  const end = to === null ? [] : [compare(key, 'before', valuesOf(to))];
  return { where: [...begin, ...end], orderBy: names, position: names };
}

/** The ranges between these borders, open at both ends; [] without a border. */
export function rangesBetween(borders: readonly Partition['from'][]): readonly Partition[] {
  if (borders.length === 0) return [];
  return [null, ...borders].map((from, index) => ({ from, to: borders[index] ?? null }));
}
