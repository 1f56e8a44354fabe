import type { ByteBuffer } from '../byte-buffer.ts';
import { encodings, pageTypes } from './numbers.ts';
import { i32, struct, writeThrift } from './thrift.ts';

/** Sizes of a page's body in bytes. */
export interface PageSize {
  readonly uncompressed: number;
  readonly compressed: number;
}

/** `slots` counts all values of the page, including nulls and empty lists. */
export function writeDataPageHeader(out: ByteBuffer, size: PageSize, slots: number, encoding: number): void {
  const header = struct([1, i32(slots)], [2, i32(encoding)], [3, i32(encodings.rle)], [4, i32(encodings.rle)]);
  writeThrift(
    out,
    struct([1, i32(pageTypes.data)], [2, i32(size.uncompressed)], [3, i32(size.compressed)], [5, header]),
  );
}

export function writeDictionaryPageHeader(out: ByteBuffer, size: PageSize, entries: number): void {
  const header = struct([1, i32(entries)], [2, i32(encodings.plain)]);
  writeThrift(
    out,
    struct([1, i32(pageTypes.dictionary)], [2, i32(size.uncompressed)], [3, i32(size.compressed)], [7, header]),
  );
}
