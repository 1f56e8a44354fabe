import { ConnectorError } from 'c8connector';
import type { Convert } from './convert.ts';
import { grown } from './scratch.ts';
import { unescapeField } from './unescape.ts';
import { encodeWords } from './words.ts';

/** number: digits as they are; quoted: digits in a JSON string; text: a JSON string; date: a JSON string of ten characters. */
export type Shortcut = 'number' | 'quoted' | 'text' | 'date';

/** A column as the encoder needs it. */
export interface RowColumn {
  readonly name: string;
  readonly convert: Convert;
  /** How a field that holds nothing special may be written without a call of `convert`. */
  readonly shortcut?: Shortcut | undefined;
}

/** Lines of JSON, in a buffer that nobody writes to any more. */
interface Lines {
  readonly lines: Uint8Array;
  readonly count: number;
}

/** Turns rows of COPY text into lines of JSON. */
export interface RowEncoder {
  /** Appends a row; `end` is the place behind its line break. */
  add(bytes: Uint8Array, start: number, end: number): void;
  /** The next page of about a megabyte, undefined when there is none yet. A row that is larger than that has a page of its own. */
  nextPage(): Lines | undefined;
  /** The rows since the last full page, as a page of its own; undefined when there are none. */
  rest(): Lines | undefined;
}

const tab = 0x09;
const lineBreak = 0x0a;
const quote = 0x22;
const minus = 0x2d;
const nine = 0x39;
const backslash = 0x5c;
const letterN = 0x4e;

const pageSize = 1024 * 1024;
/** For rows that begin before the page has its size. */
const slack = 64 * 1024;

const asNumber = 1;
const asQuoted = 2;
const asText = 3;
const asDate = 4;
const shortcutNumbers: Readonly<Record<Shortcut, number>> = {
  number: asNumber,
  quoted: asQuoted,
  text: asText,
  date: asDate,
};

export function rowEncoder(columns: readonly RowColumn[]): RowEncoder {
  const keys = encodeWords(columns.map(({ name }, index) => `${index === 0 ? '{' : ','}${JSON.stringify(name)}:`));
  const converts = columns.map(({ convert }) => convert);
  const shortcuts = Uint8Array.from(columns, ({ shortcut }) =>
    shortcut === undefined ? 0 : shortcutNumbers[shortcut],
  );
  const fixedSize = keys.sizes.reduce((sum, size) => sum + size + 48, 16);
  let scratch: Uint8Array = new Uint8Array(1024);
  const pages: Lines[] = [];
  let out: Uint8Array = new Uint8Array(0);
  let view = new DataView(out.buffer);
  let length = 0;
  let count = 0;

  function endPage(): void {
    pages.push({ lines: out.subarray(0, length), count });
    out = new Uint8Array(0);
    length = 0;
    count = 0;
  }

  /** See `Convert` for the eight. */
  function makeRoom(rowSize: number): void {
    const wanted = 8 * rowSize + fixedSize;
    if (length + wanted <= out.length) return;
    if (count > 0) endPage();
    out = new Uint8Array(Buffer.allocUnsafeSlow(Math.max(pageSize + slack, wanted)).buffer);
    view = new DataView(out.buffer);
  }

  function putSlowly(column: number, bytes: Uint8Array, start: number, end: number, at: number): number {
    const convert = converts[column] as Convert;
    if (bytes[start] === backslash && bytes[start + 1] === letterN) {
      out[at] = 0x6e;
      out[at + 1] = 0x75;
      out[at + 2] = 0x6c;
      out[at + 3] = 0x6c;
      return at + 4;
    }
    let plainEnd = start;
    while (plainEnd < end && bytes[plainEnd] !== backslash) plainEnd++;
    if (plainEnd === end) return convert(bytes, start, end, out, at);
    scratch = grown(scratch, end - start);
    return convert(scratch, 0, unescapeField(bytes, start, end, scratch), out, at);
  }

  function add(bytes: Uint8Array, start: number, end: number): void {
    // All loops below end at the line break.
    if (bytes[end - 1] !== lineBreak)
      throw new ConnectorError('A row of COPY text has no end.', { code: 'unexpected' });
    makeRoom(end - start);
    const target = out;
    const targetView = view;
    const { words, ends, sizes } = keys;
    let at = length;
    let from = start;
    let word = 0;
    for (let column = 0; column < ends.length; column++) {
      const wordEnd = ends[column] as number;
      for (let to = at; word < wordEnd; word++, to += 8) targetView.setFloat64(to, words[word] as number, true);
      at += sizes[column] as number;
      const shortcut = shortcuts[column] as number;
      const fieldStart = from;
      const fieldAt = at;
      let byte = bytes[from] as number;
      if (shortcut === asText) {
        target[at++] = quote;
        while (byte >= 0x20 && byte !== quote && byte !== backslash) {
          target[at++] = byte;
          byte = bytes[++from] as number;
        }
        target[at++] = quote;
      } else if (shortcut === asNumber && byte <= nine && (byte !== minus || (bytes[from + 1] as number) <= nine)) {
        while (byte > lineBreak) {
          target[at++] = byte;
          byte = bytes[++from] as number;
        }
      } else if (shortcut === asQuoted && byte <= nine && (byte !== minus || (bytes[from + 1] as number) <= nine)) {
        target[at++] = quote;
        while (byte > lineBreak) {
          target[at++] = byte;
          byte = bytes[++from] as number;
        }
        target[at++] = quote;
      } else if (
        shortcut === asDate &&
        bytes[from + 4] === minus &&
        (bytes[from + 10] === tab || bytes[from + 10] === lineBreak)
      ) {
        target[at] = quote;
        for (let index = 0; index < 10; index++) target[at + 1 + index] = bytes[from + index] as number;
        target[at + 11] = quote;
        at += 12;
        from += 10;
        byte = tab;
      }
      if ((byte !== tab && byte !== lineBreak) || at === fieldAt) {
        while (byte !== tab && byte !== lineBreak) byte = bytes[++from] as number;
        at = putSlowly(column, bytes, fieldStart, from, fieldAt);
      }
      from++;
    }
    if (columns.length === 0) target[at++] = 0x7b;
    target[at] = 0x7d;
    target[at + 1] = lineBreak;
    length = at + 2;
    count++;
    if (length >= pageSize) endPage();
  }

  return {
    add,
    nextPage: () => pages.shift(),
    rest() {
      if (count > 0) endPage();
      return pages.shift();
    },
  };
}
