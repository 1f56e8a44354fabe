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

const tab = 0x09;
const lineBreak = 0x0a;
const quote = 0x22;
const minus = 0x2d;
const point = 0x2e;
const zero = 0x30;
const backslash = 0x5c;
const letterN = 0x4e;

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

/** An encoder of rows of COPY text with these columns. `stream` is for errors. */
export function rowEncoder(columns: readonly RowColumn[], stream: string): RowEncoder {
  const pages = jsonPages(columns.map(({ name }) => name));
  const shortcuts = Uint8Array.from(columns, ({ shortcut }) => (shortcut ? shortcutNumbers[shortcut] : none));
  const convertField = fieldConverter(columns, stream);

  const last = columns.length - 1;

  function add(bytes: Uint8Array, start: number, end: number): void {
    // All loops below rely on the line break at the end.
    if (bytes[end - 1] !== lineBreak) refuseRow(bytes, start, end);
    makeRoom(pages, end - start);
    const { keys, bytes: out, view } = pages;
    let at = pages.end;
    let from = start;
    for (let column = 0; column <= last; column++) {
      at = putKey(keys, column, view, at);
      const shortcut = shortcuts[column] as number;
      const fieldEnd = column === last ? lineBreak : tab;
      const inside = shortcut < asQuoted ? at : at + 1;
      if (inside !== at) out[at] = quote;
      const after = putPlain(shortcut, bytes, from, out, inside);
      let next = after < 0 ? from : from + after - inside;
      if (after >= 0 && bytes[next] === fieldEnd) {
        if (inside !== at) out[after] = quote;
        at = inside === at ? after : after + 1;
      } else {
        while (!isFieldEnd(bytes[next] as number)) next++;
        if (bytes[next] !== fieldEnd) refuseRow(bytes, start, end);
        at = convertField(column, bytes, from, next, out, at);
      }
      from = next + 1;
    }
    // A row without columns is only a line break.
    if (from !== (last < 0 ? end - 1 : end)) refuseRow(bytes, start, end);
    endRow(pages, at);
  }

  const refuseRow = (bytes: Uint8Array, start: number, end: number): never =>
    refuseFields(bytes.subarray(start, end), columns.length, stream);

  return { add, nextPage: () => takePage(pages), rest: () => takeRest(pages) };
}

/** Refuses a row that does not have one field for each column. */
export function refuseFields(row: Uint8Array, expected: number, stream: string): never {
  const isEnded = row.length > 0 && row.indexOf(lineBreak) === row.length - 1;
  const found = row.filter((byte) => byte === tab).length + 1;
  const problem = isEnded
    ? `has ${found} fields instead of ${expected}`
    : 'does not have exactly one line break, at its end';
  throw invalidAnswer(`a row ${problem}`, { stream });
}

function isFieldEnd(byte: number): boolean {
  return byte === tab || byte === lineBreak;
}

/**
 * Copies the field at `from` as its shortcut says, up to a byte that the shortcut cannot handle, and returns the position after the copy; -1 when the shortcut does not apply to this
 * value. Does not write quotes. Kept small so that V8 compiles all of it into one function.
 */
function putPlain(shortcut: number, bytes: Uint8Array, from: number, out: Uint8Array, at: number): number {
  if (shortcut === asText) return putPlainText(bytes, from, out, at);
  if (shortcut === asDate) return putDate(bytes, from, out, at);
  return shortcut === none ? -1 : putNumber(shortcut, bytes, from, out, at);
}

function putPlainText(bytes: Uint8Array, start: number, out: Uint8Array, at: number): number {
  let from = start;
  let to = at;
  let byte = bytes[from] as number;
  while (byte >= 0x20 && byte !== quote && byte !== backslash) {
    out[to++] = byte;
    byte = bytes[++from] as number;
  }
  return to;
}

/** Copies `-12.50`; not NaN, null, and numbers that JSON writes differently. */
function putNumber(shortcut: number, bytes: Uint8Array, start: number, out: Uint8Array, at: number): number {
  let from = start;
  let to = at;
  let byte = bytes[from] as number;
  if (byte === minus) {
    out[to++] = byte;
    byte = bytes[++from] as number;
  }
  if (!isDigit(byte) || (byte === zero && isDigit(bytes[from + 1] as number))) return -1;
  do {
    out[to++] = byte;
    byte = bytes[++from] as number;
  } while (isDigit(byte));
  if (byte !== point || shortcut === asInteger) return to;
  do {
    out[to++] = byte;
    byte = bytes[++from] as number;
  } while (isDigit(byte));
  return out[to - 1] === point ? -1 : to;
}

/** With one comparison: XOR with `0` gives less than ten only for digits. */
function isDigit(byte: number): boolean {
  return (byte ^ zero) < 10;
}

/** Copies `2023-04-05`, and nothing else: a shorter field would contain a tab in place of a digit. */
function putDate(bytes: Uint8Array, from: number, out: Uint8Array, at: number): number {
  if (bytes[from + 4] !== minus || bytes[from + 7] !== minus) return -1;
  let digits = 0;
  for (let index = 0; index < 10; index++) {
    const byte = bytes[from + index] as number;
    if (isDigit(byte)) digits++;
    out[at + index] = byte;
  }
  return digits === 8 ? at + 10 : -1;
}

/** Writes a field of a column by its converter: null, or the server's text without the escapes of COPY. */
function fieldConverter(columns: readonly RowColumn[], stream: string) {
  const converts = columns.map(({ convert }) => convert);

  function putNullOf(column: number, out: Uint8Array, at: number): number {
    const { name, isNullable } = columns[column] as RowColumn;
    if (!isNullable) throw nullOfNotNull(stream, name);
    return putJsonNull(out, at);
  }

  return (column: number, bytes: Uint8Array, start: number, end: number, out: Uint8Array, at: number): number => {
    if (end - start === 2 && bytes[start] === backslash && bytes[start + 1] === letterN)
      return putNullOf(column, out, at);
    const convert = converts[column] as Convert;
    let plainEnd = start;
    while (plainEnd < end && bytes[plainEnd] !== backslash) plainEnd++;
    if (plainEnd === end) return convert(bytes, start, end, out, at);
    return convert(bytes, start, unescapeField(bytes, start, end), out, at);
  };
}

/** Unescapes a field of COPY text in place, and returns its new end: a copy would double the memory of large values. */
export function unescapeField(bytes: Uint8Array, start: number, end: number): number {
  let to = start;
  for (let from = start; from < end; from++) {
    let byte = bytes[from] as number;
    if (byte === backslash && from + 1 < end) {
      const letter = bytes[++from] as number;
      byte = controlOf(letter) || letter;
    }
    bytes[to++] = byte;
  }
  return to;
}

/** The control character for a letter after a backslash in COPY text; 0 for a character that means itself. */
function controlOf(letter: number): number {
  if (letter === 0x6e) return 0x0a;
  if (letter === 0x74) return 0x09;
  if (letter === 0x72) return 0x0d;
  if (letter === 0x62) return 0x08;
  if (letter === 0x66) return 0x0c;
  return letter === 0x76 ? 0x0b : 0;
}
