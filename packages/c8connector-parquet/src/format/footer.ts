import { type ByteBuffer, newByteBuffer, writeBytes, writeUint32 } from '../byte-buffer.ts';
import { codecs, encodings, pageTypes, physicalTypes } from './numbers.ts';
import { type LeafColumn, type ParquetColumn, schemaElements } from './schema.ts';
import { binary, i32, i64, list, struct, type ThriftValue, text, writeThrift } from './thrift.ts';

/** The footer's metadata of one column of a row group. */
export interface ColumnChunk {
  readonly column: LeafColumn;
  /** Values, nulls and empty lists. */
  readonly slots: number;
  /** Slots without a value. */
  readonly nulls: number;
  readonly dataPages: number;
  /** Bytes of the dictionary's page, which is the first; 0 when there is none. */
  readonly dictionaryBytes: number;
  /** Bytes of all pages with their headers. */
  readonly uncompressedBytes: number;
  readonly compressedBytes: number;
  readonly bounds: { readonly min: Uint8Array; readonly max: Uint8Array } | undefined;
}

/** The row groups written so far, encoded for the footer. */
export interface Footer {
  rows: number;
  rowGroups: number;
  readonly groups: ByteBuffer;
}

export type Codec = keyof typeof codecs;

/** The first and the last bytes of a file. */
export const magic = new TextEncoder().encode('PAR1');

/** Readers use this version to work around known bugs of a writer: it changes when the written format changes, not with each release. */
const createdBy = 'c8connector-parquet version 1.0.0';

export function newFooter(): Footer {
  return { rows: 0, rowGroups: 0, groups: newByteBuffer() };
}

/** Adds a row group. `offset` is where it begins in the file; its columns follow one another. */
export function addRowGroup(
  footer: Footer,
  rows: number,
  chunks: readonly ColumnChunk[],
  codec: Codec,
  offset: number,
): void {
  let chunkOffset = offset;
  const columns: ThriftValue[] = [];
  for (const chunk of chunks) {
    columns.push(struct([2, i64(0)], [3, chunkMetadata(chunk, codec, chunkOffset)]));
    chunkOffset += chunk.compressedBytes;
  }
  const uncompressed = chunks.reduce((sum, { uncompressedBytes }) => sum + uncompressedBytes, 0);
  writeThrift(
    footer.groups,
    struct(
      [1, list('struct', columns)],
      [2, i64(uncompressed)],
      [3, i64(rows)],
      [5, i64(offset)],
      [6, i64(chunkOffset - offset)],
    ),
  );
  footer.rows += rows;
  footer.rowGroups++;
}

function chunkMetadata(chunk: ColumnChunk, codec: Codec, offset: number): ThriftValue {
  const { column, bounds, dictionaryBytes } = chunk;
  const data = dictionaryBytes > 0 ? encodings.rleDictionary : encodings.plain;
  const used = dictionaryBytes > 0 ? [encodings.plain, encodings.rle, data] : [data, encodings.rle];
  const pages = (type: number, encoding: number, count: number) =>
    struct([1, i32(type)], [2, i32(encoding)], [3, i32(count)]);
  return struct(
    [1, i32(physicalTypes[column.type.physical])],
    [2, list('i32', used.map(i32))],
    [3, list('binary', column.path.map(text))],
    [4, i32(codecs[codec])],
    [5, i64(chunk.slots)],
    [6, i64(chunk.uncompressedBytes)],
    [7, i64(chunk.compressedBytes)],
    [9, i64(offset + dictionaryBytes)],
    [11, dictionaryBytes > 0 ? i64(offset) : undefined],
    [12, struct([3, i64(chunk.nulls)], [5, bounds && binary(bounds.max)], [6, bounds && binary(bounds.min)])],
    [
      13,
      list('struct', [
        ...(dictionaryBytes > 0 ? [pages(pageTypes.dictionary, encodings.plain, 1)] : []),
        pages(pageTypes.data, data, chunk.dataPages),
      ]),
    ],
  );
}

/** The end of a file: metadata, its length, and the magic bytes. */
export function footerBytes(footer: Footer, columns: readonly ParquetColumn[]): Uint8Array<ArrayBuffer> {
  const out = newByteBuffer();
  // By the order that the format defines for the type.
  const orders = columns.map(() => struct([1, struct()]));
  const { bytes, length } = footer.groups;
  writeThrift(
    out,
    struct(
      [1, i32(2)],
      [2, list('struct', schemaElements(columns))],
      [3, i64(footer.rows)],
      [4, { type: 'structs', count: footer.rowGroups, bytes: bytes.subarray(0, length) }],
      [6, text(createdBy)],
      [7, list('struct', orders)],
    ),
  );
  writeUint32(out, out.length);
  writeBytes(out, magic);
  return out.bytes.slice(0, out.length);
}
