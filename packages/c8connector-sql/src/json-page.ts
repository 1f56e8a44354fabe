import { keepMemory, type PageMemory, releaseOf, takeMemory } from 'c8connector';

/** Lines of JSON, in a buffer that is not written to until it is released. */
export interface JsonPage {
  readonly lines: Uint8Array;
  /** Number of rows, one per line. */
  readonly count: number;
  readonly release: () => void;
}

/**
 * Writes JSON objects with the same keys into pages of about a megabyte; a larger row has a page of its own. Between `makeRoom` and
 * `endRow`, a row is written to `bytes` from `end` on, each value after its key.
 */
export interface JsonPages {
  readonly keys: Keys;
  /** The page that is being written. `makeRoom` may replace it, and the view of it. */
  bytes: Uint8Array;
  view: DataView;
  /** Size of the next buffer, unless a row needs more. */
  nextSize: number;
  /** The position after the last row. */
  end: number;
  /** Rows in `bytes`. */
  count: number;
  readonly full: JsonPage[];
  readonly memory: PageMemory;
}

/** Each key with its punctuation, as 64-bit words: storing a word costs as much as storing a byte. The last word of a key is padded with zeros. */
interface Keys {
  /** Eight bytes each, as the bits of a double. Never a NaN, whose bits could change: UTF-8 has no byte 0xff, and none of 0xf0 to 0xf4 before 0x7f. */
  readonly words: Float64Array;
  /** The position after the last word of each key. */
  readonly ends: Int32Array;
  /** Bytes of each key. */
  readonly sizes: Int32Array;
  /** The most bytes of a row without its values. */
  readonly rowSize: number;
}

const openBrace = 0x7b;
const closeBrace = 0x7d;
const lineBreak = 0x0a;

const pageSize = 1024 * 1024;
/** Extra room for a row that begins just before the page is full. */
const slack = 64 * 1024;
const fullSize = pageSize + slack;
/** Size of the first buffer: most tables are small, and allocating a full-size buffer for each would cost more than their rows. */
const firstSize = 32 * 1024;

/** Empty pages, for rows with these keys in this order. */
export function jsonPages(names: readonly string[]): JsonPages {
  const view = new DataView(nothing.buffer);
  return { keys: encodeKeys(names), bytes: nothing, view, nextSize: firstSize, end: 0, count: 0, full: [], memory: [] };
}

const nothing = new Uint8Array(0);

function encodeKeys(names: readonly string[]): Keys {
  const texts = names.map((name, index) => `${index === 0 ? '{' : ','}${JSON.stringify(name)}:`);
  const encoded = texts.map((text) => new TextEncoder().encode(text));
  const words = encoded.map(wordsOf);
  let end = 0;
  const ends = words.map(({ length }) => {
    end += length;
    return end;
  });
  const sizes = Int32Array.from(encoded, ({ length }) => length);
  // Besides eight bytes for each byte of a value: forty bytes for each value, and the padding after a key.
  const rowSize = sizes.reduce((sum, size) => sum + size + 40 + 8, 16);
  return { words: Float64Array.from(words.flat()), ends: Int32Array.from(ends), sizes, rowSize };
}

function wordsOf(bytes: Uint8Array): number[] {
  const padded = new Uint8Array(8 * Math.ceil(bytes.length / 8));
  padded.set(bytes);
  const view = new DataView(padded.buffer);
  return Array.from({ length: padded.length / 8 }, (_, index) => view.getFloat64(8 * index, true));
}

/** Makes room for a row whose values have `size` bytes in total: eight bytes for each of them, and forty more for each value. */
export function makeRoom(pages: JsonPages, size: number): void {
  const wanted = 8 * size + pages.keys.rowSize;
  if (pages.end + wanted <= pages.bytes.length) return;
  const isGrowing = pages.bytes.length < fullSize && pages.end + wanted <= fullSize;
  if (pages.count > 0 && !isGrowing) endPage(pages);
  const bytes = takeMemory(pages.memory, Math.max(pages.nextSize, wanted));
  bytes.set(pages.bytes.subarray(0, pages.end));
  keepMemory(pages.memory, pages.bytes);
  pages.bytes = bytes;
  pages.nextSize = fullSize;
  pages.view = new DataView(pages.bytes.buffer);
}

/** Writes the key of a column at `at`, and returns the position after it. Up to seven bytes there are overwritten. */
export function putKey({ words, ends, sizes }: Keys, column: number, view: DataView, at: number): number {
  const end = ends[column] as number;
  let word = column === 0 ? 0 : (ends[column - 1] as number);
  for (let to = at; word < end; word++, to += 8) view.setFloat64(to, words[word] as number, true);
  return at + (sizes[column] as number);
}

/** Ends the row whose last value ends before `at`. */
export function endRow(pages: JsonPages, at: number): void {
  const { bytes, keys } = pages;
  let to = at;
  if (keys.sizes.length === 0) bytes[to++] = openBrace;
  bytes[to] = closeBrace;
  bytes[to + 1] = lineBreak;
  pages.end = to + 2;
  pages.count++;
  if (pages.end >= pageSize) endPage(pages);
}

function endPage(pages: JsonPages): void {
  const { bytes, memory, end, count } = pages;
  pages.full.push({ lines: bytes.subarray(0, end), count, release: releaseOf(memory, bytes) });
  pages.bytes = nothing;
  pages.end = 0;
  pages.count = 0;
}

/** The next full page, undefined when there is none yet. */
export function takePage(pages: JsonPages): JsonPage | undefined {
  return pages.full.shift();
}

/** The rows since the last full page as a page of their own, undefined when there are none. */
export function takeRest(pages: JsonPages): JsonPage | undefined {
  if (pages.count > 0) endPage(pages);
  return pages.full.shift();
}
