/** A growing buffer of CSV cells and rows. */
export interface CsvBuffer {
  bytes: Buffer;
  length: number;
}

const quote = 0x22;
const comma = 0x2c;
const carriageReturn = 0x0d;
const lineFeed = 0x0a;
const backslash = 0x5c;
const blank = 0x20;

export function csvBuffer(capacity: number): CsvBuffer {
  return { bytes: Buffer.allocUnsafeSlow(capacity), length: 0 };
}

/** Adds the comma between two cells. */
export function separateCells(out: CsvBuffer): void {
  reserve(out, 1);
  out.bytes[out.length++] = comma;
}

export function endRow(out: CsvBuffer): void {
  reserve(out, 2);
  out.bytes[out.length++] = carriageReturn;
  out.bytes[out.length++] = lineFeed;
}

/** Adds a text, in quotes if it needs them. An empty text is "", since an empty cell without quotes is NULL. */
export function addText(out: CsvBuffer, source: Uint8Array, start: number, end: number): void {
  if (needsQuotes(source, start, end)) addQuoted(out, source, start, end);
  else addPlain(out, source, start, end);
}

/** Adds a text as `addText` does, with an apostrophe before it if a spreadsheet would run it as a formula. */
export function addEscapedText(out: CsvBuffer, source: Uint8Array, start: number, end: number): void {
  const text = source.subarray(start, end);
  const escaped = isFormula(source, start, end) ? Buffer.concat([Buffer.from("'"), text]) : text;
  addText(out, escaped, 0, escaped.length);
}

function addQuoted(out: CsvBuffer, source: Uint8Array, start: number, end: number): void {
  reserve(out, 2 * (end - start) + 2);
  const { bytes } = out;
  let length = out.length;
  bytes[length++] = quote;
  for (let at = start; at < end; at++) {
    const byte = source[at] as number;
    bytes[length++] = byte;
    if (byte === quote) bytes[length++] = quote;
  }
  bytes[length++] = quote;
  out.length = length;
}

/** Also quotes what RFC 4180 does not require: texts with spaces at either end, which some readers trim; with a backslash, since `\.` ends the data of PostgreSQL's COPY; and with a byte order mark, which a reader would take for that of the file. */
function needsQuotes(source: Uint8Array, start: number, end: number): boolean {
  if (start === end || source[start] === blank || source[end - 1] === blank || source[start] === 0xef) return true;
  for (let at = start; at < end; at++) {
    const byte = source[at] as number;
    if (byte === quote || byte === comma || byte === lineFeed || byte === carriageReturn || byte === backslash)
      return true;
  }
  return false;
}

/** Whether a text begins with `=`, `+`, `-`, `@`, one of their full-width forms, a tab or a line break, and is not a number. */
function isFormula(source: Uint8Array, start: number, end: number): boolean {
  // Most texts begin with none of these bytes.
  const first = source[start];
  if (first === undefined || (first > 0x40 && first !== 0xef)) return false;
  const text = Buffer.from(source.buffer, source.byteOffset + start, end - start).toString();
  return /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/.test(text) && !/^[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text);
}

function addPlain(out: CsvBuffer, source: Uint8Array, start: number, end: number): void {
  const count = end - start;
  reserve(out, count);
  const { bytes, length } = out;
  // A view costs more than copying a few bytes by hand.
  if (count < 80) for (let index = 0; index < count; index++) bytes[length + index] = source[start + index] as number;
  else bytes.set(source.subarray(start, end), length);
  out.length = length + count;
}

/** Makes room for `count` more bytes. */
function reserve(out: CsvBuffer, count: number): void {
  const needed = out.length + count;
  if (needed <= out.bytes.length) return;
  const grown = Buffer.allocUnsafeSlow(Math.max(needed, 2 * out.bytes.length));
  grown.set(out.bytes.subarray(0, out.length));
  out.bytes = grown;
}
