import { ConnectorError } from 'c8connector';
import type { Shortcut } from './convert.ts';
import { type Convert, putNull } from './convert-text.ts';
import { endRow, type JsonPage, jsonPages, makeRoom, putKey, takePage, takeRest } from './json-page.ts';
import { grown } from './scratch.ts';

/** A column as the encoder needs it. */
export interface RowColumn {
  readonly name: string;
  readonly convert: Convert;
  /** How a field that holds nothing special may be written without a call of `convert`. */
  readonly shortcut?: Shortcut | undefined;
}

/** Turns rows of COPY text into pages of JSON lines. */
export interface RowEncoder {
  /** Appends a row; `end` is the place behind its line break. */
  add(bytes: Uint8Array, start: number, end: number): void;
  /** The next page of about a megabyte, undefined when there is none yet. A row that is larger than that has a page of its own. */
  nextPage(): JsonPage | undefined;
  /** The rows since the last full page, as a page of its own; undefined when there are none. */
  rest(): JsonPage | undefined;
}

const tab = 0x09;
const lineBreak = 0x0a;
const quote = 0x22;
const minus = 0x2d;
const point = 0x2e;
const zero = 0x30;
const nine = 0x39;
const backslash = 0x5c;
const letterN = 0x4e;

const none = 0;
const asNumber = 1;
const asQuoted = 2;
const asText = 3;
const asDate = 4;
const asInteger = 5;
const shortcutNumbers: Readonly<Record<Shortcut, number>> = {
  integer: asInteger,
  number: asNumber,
  quoted: asQuoted,
  text: asText,
  date: asDate,
};

/** An encoder of rows of these columns, as COPY gives them. */
export function rowEncoder(columns: readonly RowColumn[]): RowEncoder {
  const pages = jsonPages(columns.map(({ name }) => name));
  const shortcuts = Uint8Array.from(columns, ({ shortcut }) => (shortcut ? shortcutNumbers[shortcut] : none));
  const convertField = fieldConverter(columns.map(({ convert }) => convert));

  function add(bytes: Uint8Array, start: number, end: number): void {
    // All loops below end at the line break.
    if (bytes[end - 1] !== lineBreak)
      throw new ConnectorError('A row of COPY text has no end.', { code: 'unexpected' });
    makeRoom(pages, end - start);
    const { keys, bytes: out, view } = pages;
    let at = pages.end;
    let from = start;
    for (let column = 0; column < shortcuts.length; column++) {
      at = putKey(keys, column, view, at);
      const shortcut = shortcuts[column] as number;
      const behind = putPlain(shortcut, bytes, from, out, at);
      const quotes = shortcut === asInteger || shortcut === asNumber ? 0 : 2;
      let next = behind === at ? from : from + behind - at - quotes;
      if (behind !== at && isFieldEnd(bytes[next] as number)) at = behind;
      else {
        while (!isFieldEnd(bytes[next] as number)) next++;
        at = convertField(column, bytes, from, next, out, at);
      }
      from = next + 1;
    }
    endRow(pages, at);
  }

  return { add, nextPage: () => takePage(pages), rest: () => takeRest(pages) };
}

function isFieldEnd(byte: number): boolean {
  return byte === tab || byte === lineBreak;
}

/**
 * Copies the field at `from` as its shortcut says, up to a byte that needs more than that, and gives the place behind the copy: `at` when the shortcut
 * is not for this value.
 */
function putPlain(shortcut: number, bytes: Uint8Array, from: number, out: Uint8Array, at: number): number {
  if (shortcut === asText) return putPlainText(bytes, from, out, at);
  if (shortcut === asInteger) return putInteger(bytes, from, out, at);
  if (shortcut === asNumber) return putNumber(bytes, from, out, at);
  if (shortcut === asQuoted) return putQuotedNumber(bytes, from, out, at);
  if (shortcut === asDate) return putDate(bytes, from, out, at);
  return at;
}

function putPlainText(bytes: Uint8Array, start: number, out: Uint8Array, at: number): number {
  let from = start;
  let to = at;
  let byte = bytes[from] as number;
  out[to++] = quote;
  while (byte >= 0x20 && byte !== quote && byte !== backslash) {
    out[to++] = byte;
    byte = bytes[++from] as number;
  }
  out[to] = quote;
  return to + 1;
}

/** Copies `-12`; `at` for what JSON has no such number for. */
function putInteger(bytes: Uint8Array, start: number, out: Uint8Array, at: number): number {
  let from = start;
  let to = at;
  let byte = bytes[from] as number;
  if (byte === minus) {
    out[to++] = byte;
    byte = bytes[++from] as number;
  }
  const first = from;
  for (; byte >= zero && byte <= nine; byte = bytes[++from] as number) out[to++] = byte;
  return from === first || (bytes[first] === zero && from > first + 1) ? at : to;
}

/** Copies `-12.50`; `at` for all else, such as NaN and null. */
function putNumber(bytes: Uint8Array, start: number, out: Uint8Array, at: number): number {
  let to = putInteger(bytes, start, out, at);
  let from = start + to - at;
  if (to === at || bytes[from] !== point) return to;
  out[to++] = point;
  const fraction = ++from;
  for (let byte = bytes[from] as number; byte >= zero && byte <= nine; byte = bytes[++from] as number) out[to++] = byte;
  return from === fraction ? at : to;
}

function putQuotedNumber(bytes: Uint8Array, from: number, out: Uint8Array, at: number): number {
  out[at] = quote;
  const to = putNumber(bytes, from, out, at + 1);
  if (to === at + 1) return at;
  out[to] = quote;
  return to + 1;
}

/** Copies `2023-04-05`; `at` for all else. */
function putDate(bytes: Uint8Array, from: number, out: Uint8Array, at: number): number {
  out[at] = quote;
  for (let index = 0; index < 10; index++) {
    const byte = bytes[from + index] as number;
    if (index === 4 || index === 7 ? byte !== minus : byte < zero || byte > nine) return at;
    out[at + 1 + index] = byte;
  }
  out[at + 11] = quote;
  return at + 12;
}

/** Writes a field of a column by its converter: null, or the server's text without the escapes of COPY. */
function fieldConverter(converts: readonly Convert[]) {
  let scratch: Uint8Array = new Uint8Array(1024);
  return (column: number, bytes: Uint8Array, start: number, end: number, out: Uint8Array, at: number): number => {
    if (end - start === 2 && bytes[start] === backslash && bytes[start + 1] === letterN) return putNull(out, at);
    const convert = converts[column] as Convert;
    let plainEnd = start;
    while (plainEnd < end && bytes[plainEnd] !== backslash) plainEnd++;
    if (plainEnd === end) return convert(bytes, start, end, out, at);
    scratch = grown(scratch, end - start);
    return convert(scratch, 0, unescapeField(bytes, start, end, scratch), out, at);
  };
}

/** Copies a field of COPY text to the beginning of `scratch`, as the server's own text, and gives its length. */
function unescapeField(bytes: Uint8Array, start: number, end: number, scratch: Uint8Array): number {
  let length = 0;
  for (let from = start; from < end; from++) {
    let byte = bytes[from] as number;
    if (byte === backslash && from + 1 < end) {
      const letter = bytes[++from] as number;
      byte = controlOf(letter) || letter;
    }
    scratch[length++] = byte;
  }
  return length;
}

/** The control character that a letter stands for behind a backslash in COPY text; 0 for all that stand for themselves. */
function controlOf(letter: number): number {
  if (letter === 0x6e) return 0x0a;
  if (letter === 0x74) return 0x09;
  if (letter === 0x72) return 0x0d;
  if (letter === 0x62) return 0x08;
  if (letter === 0x66) return 0x0c;
  return letter === 0x76 ? 0x0b : 0;
}
