import { columnTypes } from './column-types.ts';
import { EventBytes } from './event-bytes.ts';
import type { LogTableMap } from './events.ts';
import { type ByteRange, putChangedJson } from './json-diff.ts';
import type { Put, TextBytes } from './put.ts';

/** Rows whose images after an update may have only the differences of JSON documents (`binlog_row_value_options = PARTIAL_JSON`). */
export interface PartialUpdates {
  /** Begins with the image of a row before an update, whose documents are remembered. */
  begin(): void;
  /** Reads, before an image after an update, which of its documents are differences, and returns the position after that. */
  readBits(bytes: Uint8Array, at: number, end: number): number;
  /** Writes a value of an image, and returns the position after it. */
  put(put: Put, column: number, value: ByteRange, out: TextBytes, at: number): number;
}

/** The option of an image that says that bits follow. */
const partialJson = 1;

export function partialUpdates({ columns }: LogTableMap): PartialUpdates {
  const documents = columns.flatMap(({ type }, index) => (type === columnTypes.json ? [index] : []));
  const before = new Map<number, ByteRange>();
  let isBefore = true;
  let changed: ReadonlySet<number> = new Set();

  return {
    begin() {
      isBefore = true;
      before.clear();
      changed = new Set();
    },
    readBits(bytes, at, end) {
      isBefore = false;
      const content = new EventBytes(bytes, at, end);
      const options = content.packed();
      if (options > partialJson) throw new RangeError(`the options ${options} of a row are unknown`);
      if (options === partialJson) {
        const bits = content.take((documents.length + 7) >> 3);
        changed = new Set(documents.filter((_, index) => ((bits[index >> 3] as number) & (1 << (index & 7))) !== 0));
      }
      return content.at;
    },
    put(put, column, value, out, at) {
      if (!changed.has(column)) {
        if (isBefore && columns[column]?.type === columnTypes.json) before.set(column, value);
        return put(value.bytes, value.start, value.end, out, at);
      }
      const document = before.get(column);
      if (document === undefined) throw new RangeError('a partial update has no document before it');
      return putChangedJson(document, value, out, at);
    },
  };
}
