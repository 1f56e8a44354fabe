import { ConnectorError } from '../interface/errors.ts';
import type { Json } from '../interface/progress.ts';
import type { StreamSchema } from '../interface/stream.ts';
import type { Row } from '../interface/value.ts';
import { Batch } from '../jsonl/batch.ts';
import type { ReplicationKey } from './replication-key.ts';
import type { Page } from './source-definition.ts';

/** How far a read by a replication key is. */
export interface KeyProgress {
  /** Counts a page in. Throws a ConnectorError `contract_broken` when the stream is said to be sorted and is not. */
  take(page: Page): void;
  /** The highest value that the next read may begin at; undefined while there is none. */
  readonly value: Json | undefined;
  /** Rows without a key. */
  readonly nulls: number;
}

/** What a {@link keyProgress} begins with. */
export interface KeyStart {
  readonly stream: string;
  readonly schema: StreamSchema;
  readonly key: ReplicationKey;
  /** Of the read before. */
  readonly value: Json | undefined;
  /** The highest value that existed when the read began: null when there was none, undefined when nobody knows. */
  readonly ceiling: Json | undefined;
  readonly isSorted: boolean;
}

const lineEnd = 0x0a;

/**
 * Follows the highest key of a read. What is given out never goes beyond the ceiling, since a row with a lower key may have come while others were read, and never below the value
 * of the read before.
 */
export function keyProgress({ stream, schema, key, value: before, ceiling, isSorted }: KeyStart): KeyProgress {
  let highest: Json | undefined;
  let nulls = 0;

  const held = (): Json | undefined => {
    if (highest === undefined || ceiling === null) return before;
    const value = ceiling !== undefined && key.compare(highest, ceiling) > 0 ? ceiling : highest;
    return before !== undefined && key.compare(value, before) < 0 ? before : value;
  };
  return {
    take(page) {
      for (const row of rowsToSee(page, schema, key, isSorted)) {
        const value = key.toJson(row[key.column]);
        if (value === undefined) nulls += 1;
        else if (highest === undefined || key.compare(value, highest) >= 0) highest = value;
        else if (isSorted && key.hasOrder) throw unsorted(stream, key.column, highest, value);
      }
    },
    get value() {
      return held();
    },
    get nulls() {
      return nulls;
    },
  };
}

/** All rows of a page; of the lines of a sorted stream the last one says it all, unless it has no key. */
function rowsToSee(page: Page, schema: StreamSchema, key: ReplicationKey, isSorted: boolean): readonly Row[] {
  if ('rows' in page) return page.rows;
  const { lines, count, exact = 'number' } = page;
  const header = { stream: '', schema, extractedAt: '', exact };
  if (isSorted && count > 1) {
    const last = lines.subarray(lines.lastIndexOf(lineEnd, lines.length - 2) + 1);
    const rows = Batch.ofLines(header, last, 1).rows();
    if (key.toJson(rows[0]?.[key.column]) !== undefined) return rows;
  }
  return Batch.ofLines(header, lines, count).rows();
}

function unsorted(stream: string, column: string, one: Json, other: Json): ConnectorError {
  return new ConnectorError(
    `stream '${stream}' says that it is sorted by '${column}', and gave ${JSON.stringify(other)} after ${JSON.stringify(one)}`,
    { code: 'contract_broken', remedy: 'Sort what read gives, or leave out isSorted.', details: { stream, column } },
  );
}
