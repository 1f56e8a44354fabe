import { ConnectorError } from '../interface/errors.ts';
import type { Json } from '../interface/progress.ts';
import type { StreamSchema } from '../interface/stream.ts';
import type { Value } from '../interface/value.ts';
import { rowsOfColumns } from '../jsonl/columns/rows-of-columns.ts';
import { columnOfLines } from '../jsonl/lines.ts';
import type { ReplicationKey } from './replication-key.ts';
import type { Page } from './source-definition.ts';

/** The progress of a read by a replication key. */
export interface KeyProgress {
  /** Takes the keys of a page into account. Throws a ConnectorError `contract_broken` when the stream is declared as sorted and is not. */
  take(page: Page): void;
  /** The highest value from which the next read may begin; undefined while there is none. */
  value(): Json | undefined;
  /** Number of rows without a key. */
  nulls(): number;
}

/** What a {@link keyProgress} begins with. */
export interface KeyStart {
  readonly stream: string;
  readonly schema: StreamSchema;
  readonly key: ReplicationKey;
  /** The value that the read before reached. */
  readonly value: Json | undefined;
  /** The highest value that existed when the read began: null when there was none, undefined when it is unknown. */
  readonly ceiling: Json | undefined;
  readonly isSorted: boolean;
  /** Whether only the source can compare keys. Then the order of its rows counts, and it returns no rows beyond the ceiling or before the last value. */
  readonly isOrdered: boolean;
}

/**
 * Tracks the highest key of a read. The value never goes beyond the ceiling, since a row with a lower key may have been inserted while others were read, and never below the value of
 * the read before.
 */
export function keyProgress(start: KeyStart): KeyProgress {
  const { stream, schema, value: before, ceiling, isSorted, isOrdered } = start;
  // The last of ordered rows has the highest key, and only the source could compare them.
  const key: ReplicationKey = isOrdered ? { ...start.key, hasOrder: false, compare: () => 0 } : start.key;
  let highest: Json | undefined;
  let nulls = 0;
  return {
    take(page) {
      for (const given of keysOf(page, schema, key, isSorted)) {
        const value = key.toJson(given);
        if (value === undefined) nulls += 1;
        else if (highest === undefined || key.compare(value, highest) >= 0) highest = value;
        else if (isSorted && key.hasOrder) throw unsorted(stream, key.column, highest, value);
      }
    },
    value() {
      if (highest === undefined || ceiling === null) return before;
      const value = ceiling !== undefined && key.compare(highest, ceiling) > 0 ? ceiling : highest;
      return before !== undefined && key.compare(value, before) < 0 ? before : value;
    },
    nulls: () => nulls,
  };
}

/** The keys of a page; for sorted lines the first and the last suffice, unless one of them is missing. */
function keysOf(
  page: Page,
  schema: StreamSchema,
  key: ReplicationKey,
  isSorted: boolean,
): readonly (Value | undefined)[] {
  if ('rows' in page) return page.rows.map((row) => row[key.column]);
  if ('columns' in page) return keysOfColumns(page, schema, key.column);
  const { lines, exact = 'number' } = page;
  const column = { schema, column: key.column, exact };
  if (isSorted) {
    const ends = columnOfLines(firstAndLast(lines), column);
    if (ends.every((value) => key.toJson(value) !== undefined)) return ends;
  }
  return columnOfLines(lines, column);
}

function keysOfColumns(
  { columns, count }: Extract<Page, { columns: readonly unknown[] }>,
  schema: StreamSchema,
  name: string,
): readonly (Value | undefined)[] {
  const column = columns[Object.keys(schema.properties).indexOf(name)];
  const property = schema.properties[name];
  if (column === undefined || property === undefined) return [];
  return rowsOfColumns([column], count, { ...schema, properties: { [name]: property } }).map((row) => row[name]);
}

function firstAndLast(lines: Uint8Array): Uint8Array {
  const newline = 0x0a;
  const firstEnd = lines.indexOf(newline) + 1;
  const lastStart = lines.lastIndexOf(newline, lines.length - 2) + 1;
  return lastStart < firstEnd ? lines : Buffer.concat([lines.subarray(0, firstEnd), lines.subarray(lastStart)]);
}

function unsorted(stream: string, column: string, one: Json, other: Json): ConnectorError {
  return new ConnectorError(
    `stream '${stream}' is declared as sorted by '${column}', but yielded ${JSON.stringify(other)} after ${JSON.stringify(one)}`,
    { code: 'contract_broken', remedy: 'Sort the rows of read, or remove isSorted.', details: { stream, column } },
  );
}
