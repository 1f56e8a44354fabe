import { dateAt, noDate } from 'c8connector';
import {
  type Convert,
  endRow,
  invalidAnswer,
  jsonPages,
  makeRoom,
  nullOfNotNull,
  putJsonNull,
  putKey,
  type RowColumn,
  type RowEncoder,
  type Shortcut,
  takePage,
  takeRest,
} from 'c8connector-sql';
import { fieldLength, fieldStart, nullByte } from './text-row.ts';

const quote = 0x22;
const minus = 0x2d;
const point = 0x2e;
const zero = 0x30;
const backslash = 0x5c;

const none = 0;
const asInteger = 1;
const asNumber = 2;
/** Shortcuts from this number on write the value in quotes. */
const asQuoted = 3;
const asText = 4;
const asDate = 5;
const shortcutNumbers: Readonly<Record<Shortcut, number>> = {
  integer: asInteger,
  number: asNumber,
  quoted: asQuoted,
  text: asText,
  date: asDate,
};

/** An encoder of rows of the text protocol with these columns. `stream` is for errors. */
export function rowEncoder(columns: readonly RowColumn[], stream: string): RowEncoder {
  const pages = jsonPages(columns.map(({ name }) => name));
  const shortcuts = Uint8Array.from(columns, ({ shortcut }) => (shortcut ? shortcutNumbers[shortcut] : none));
  const converts = columns.map(({ convert }) => convert);

  function add(bytes: Uint8Array, start: number, end: number): void {
    makeRoom(pages, end - start);
    const { keys, bytes: out, view } = pages;
    let at = pages.end;
    let from = start;
    for (let column = 0; column < converts.length; column++) {
      at = putKey(keys, column, view, at);
      if (from < end && bytes[from] === nullByte) {
        if (!(columns[column] as RowColumn).isNullable)
          throw nullOfNotNull(stream, (columns[column] as RowColumn).name);
        at = putJsonNull(out, at);
        from++;
        continue;
      }
      // Nearly all lengths are one byte.
      const short = bytes[from] as number;
      const first = short < nullByte ? from + 1 : fieldStart(bytes, from);
      const next = first + (short < nullByte ? short : fieldLength(bytes, from));
      // Also when the length is not a number.
      if (!(next <= end)) throw refuseFields(columns.length, stream);
      const after = putPlain(shortcuts[column] as number, bytes, first, next, out, at);
      at = after < 0 ? (converts[column] as Convert)(bytes, first, next, out, at) : after;
      from = next;
    }
    if (from !== end) throw refuseFields(columns.length, stream);
    endRow(pages, at);
  }

  return { add, nextPage: () => takePage(pages), rest: () => takeRest(pages) };
}

/** The error for a row that does not have one field for each column. */
export function refuseFields(expected: number, stream: string): Error {
  return invalidAnswer(`a row does not have exactly ${expected} fields`, { stream });
}

/**
 * Writes the field from `start` to `end` as its shortcut says, and returns the position after it; -1 when the shortcut does not apply to this value.
 */
function putPlain(
  shortcut: number,
  bytes: Uint8Array,
  start: number,
  end: number,
  out: Uint8Array,
  at: number,
): number {
  if (shortcut === none) return -1;
  if (shortcut < asQuoted) return putNumber(shortcut, bytes, start, end, out, at);
  out[at] = quote;
  let to: number;
  if (shortcut === asText) to = putPlainText(bytes, start, end, out, at + 1);
  else if (shortcut === asDate) to = putDate(bytes, start, end, out, at + 1);
  else to = putNumber(shortcut, bytes, start, end, out, at + 1);
  if (to < 0) return -1;
  out[to] = quote;
  return to + 1;
}

function putPlainText(bytes: Uint8Array, start: number, end: number, out: Uint8Array, at: number): number {
  let to = at;
  for (let from = start; from < end; from++) {
    const byte = bytes[from] as number;
    if (isEscaped[byte] !== 0) return -1;
    out[to++] = byte;
  }
  return to;
}

/** 1 for the bytes that JSON escapes. One lookup takes less time than three comparisons. */
const isEscaped = Uint8Array.from({ length: 256 }, (_, byte) =>
  Number(byte < 0x20 || byte === quote || byte === backslash),
);

/** Copies `-12.50`; not numbers that JSON writes differently. */
function putNumber(
  shortcut: number,
  bytes: Uint8Array,
  start: number,
  end: number,
  out: Uint8Array,
  at: number,
): number {
  let from = start;
  let to = at;
  if (bytes[from] === minus) out[to++] = bytes[from++] as number;
  const first = bytes[from] as number;
  if (from >= end || (first === zero && from + 1 < end && bytes[from + 1] !== point)) return -1;
  const pointAllowed = shortcut !== asInteger;
  let points = 0;
  for (; from < end; from++) {
    const byte = bytes[from] as number;
    if ((byte ^ zero) >= 10) {
      if (byte !== point || !pointAllowed || points++ > 0 || to === at) return -1;
    }
    out[to++] = byte;
  }
  return (first ^ zero) < 10 && out[to - 1] !== point ? to : -1;
}

/** Copies `2023-04-05` if it is in the calendar. */
function putDate(bytes: Uint8Array, start: number, end: number, out: Uint8Array, at: number): number {
  if (end - start !== 10 || dateAt(bytes, start) === noDate) return -1;
  for (let index = 0; index < 10; index++) out[at + index] = bytes[start + index] as number;
  return at + 10;
}
