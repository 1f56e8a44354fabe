import { type ByteBuffer, newByteBuffer, putUint32, reserve, writeByte, writeBytes } from '../byte-buffer.ts';
import type { ColumnChunk } from '../format/footer.ts';
import { encodings } from '../format/numbers.ts';
import { type PageSize, writeDataPageHeader, writeDictionaryPageHeader } from '../format/page-header.ts';
import { type DictionarySearch, findDictionary, newDictionarySearch } from './dictionary.ts';
import { bitWidth, writeHybrid } from './hybrid.ts';
import type { Leaf } from './leaf.ts';
import { type PageEnd, pageEnds } from './pages.ts';
import { writePlain, writePlainValue } from './plain.ts';
import { boundsOf } from './statistics.ts';

/** What encoding a column needs. It is used for one column after another. */
export interface ChunkEncoder {
  readonly compress: (page: Uint8Array) => Uint8Array;
  /** Approximate bytes of a page, before compression. */
  readonly pageBytes: number;
  readonly search: DictionarySearch;
  /** The column chunk and the page that are being written. */
  readonly chunk: ByteBuffer;
  readonly page: ByteBuffer;
}

/** `after` is an encoder whose memory is reused. */
export function newChunkEncoder(
  compress: (page: Uint8Array) => Uint8Array,
  pageBytes: number,
  after: Pick<ChunkEncoder, 'search' | 'chunk' | 'page'> = {
    search: newDictionarySearch(),
    chunk: newByteBuffer(),
    page: newByteBuffer(),
  },
): ChunkEncoder {
  return { ...after, compress, pageBytes };
}

/** Buffers with more bytes than this are released after a row group. */
const mostKept = 32 * 1024 * 1024;

/** Releases the memory that a few large values needed. */
export function trimChunkEncoder({ chunk, page }: ChunkEncoder): void {
  for (const buffer of [chunk, page]) if (buffer.bytes.length > mostKept) buffer.bytes = new Uint8Array(0);
}

/** Writes the pages of one column of a row group into `encoder.chunk`, and returns their metadata for the footer. */
export function encodeChunk(encoder: ChunkEncoder, leaf: Leaf): ColumnChunk {
  const { search, chunk } = encoder;
  chunk.length = 0;
  let uncompressed = 0;
  const entries = findDictionary(search, leaf);
  const among = entries > 0 ? search.firsts.subarray(0, entries) : undefined;
  if (among !== undefined) uncompressed += writeDictionaryPage(encoder, leaf, among);
  const dictionaryBytes = chunk.length;
  const width = bitWidth(entries - 1);
  const ends = pageEnds(leaf, encoder.pageBytes, entries > 0 ? width : plainBits(leaf));
  let start: PageEnd = { slots: 0, values: 0 };
  for (const end of ends) {
    writeLevels(encoder.page, leaf, start, end);
    if (entries > 0) {
      writeByte(encoder.page, width);
      writeHybrid(encoder.page, search.indices, start.values, end.values, width);
    } else {
      writePlain(encoder.page, leaf, start.values, end.values);
    }
    const encoding = entries > 0 ? encodings.rleDictionary : encodings.plain;
    uncompressed += writePage(encoder, (out, size) =>
      writeDataPageHeader(out, size, end.slots - start.slots, encoding),
    );
    start = end;
  }
  return {
    column: leaf.column,
    slots: leaf.slots,
    nulls: leaf.slots - leaf.values,
    dataPages: ends.length,
    dictionaryBytes,
    uncompressedBytes: uncompressed,
    compressedBytes: chunk.length,
    bounds: boundsOf(leaf, among),
  };
}

/** Bits of a value in the encoding PLAIN, for types of fixed size. */
function plainBits(leaf: Leaf): number | undefined {
  if (leaf.width > 0) return leaf.width * 32;
  return leaf.column.type.physical === 'boolean' ? 1 : undefined;
}

function writeDictionaryPage(encoder: ChunkEncoder, leaf: Leaf, firsts: Int32Array): number {
  encoder.page.length = 0;
  for (const first of firsts) writePlainValue(encoder.page, leaf, first);
  return writePage(encoder, (out, size) => writeDictionaryPageHeader(out, size, firsts.length));
}

/** Begins a page with its levels, each kind prefixed with its length. */
function writeLevels(page: ByteBuffer, leaf: Leaf, start: PageEnd, end: PageEnd): void {
  page.length = 0;
  const write = (levels: Uint8Array, max: number) => {
    const lengthAt = page.length;
    reserve(page, 4);
    page.length += 4;
    writeHybrid(page, levels, start.slots, end.slots, bitWidth(max));
    putUint32(page.bytes, lengthAt, page.length - lengthAt - 4);
  };
  if (leaf.maxRepetition > 0) write(leaf.repetition, leaf.maxRepetition);
  write(leaf.definition, leaf.maxDefinition);
}

/** Adds the page to the chunk, and returns its bytes with its header but without compression. */
function writePage(
  { chunk, page, compress }: ChunkEncoder,
  writeHeader: (out: ByteBuffer, size: PageSize) => void,
): number {
  const body = compress(page.bytes.subarray(0, page.length));
  const start = chunk.length;
  writeHeader(chunk, { uncompressed: page.length, compressed: body.length });
  const headerBytes = chunk.length - start;
  writeBytes(chunk, body);
  return headerBytes + page.length;
}
