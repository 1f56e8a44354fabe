import { Decimal, type Value } from '../interface/value.ts';
import { asBuffer, type ByteBuffer, byteBuffer, reserve } from './byte-buffer.ts';

/** Characters of text that are collected before they become bytes. */
const pieceLength = 1 << 16;
/** The most bytes that one UTF-16 unit of a JavaScript string takes in UTF-8. */
const mostBytesEach = 3;

/**
 * A value as a line of compact JSON in UTF-8, with every digit and a newline at its end. The bytes are those of `stringifyValue`, but the text is never in memory as a whole: for values that may be
 * as large as a line of the input.
 */
export function valueLine(value: Value): Uint8Array {
  const out = byteBuffer(1 << 10);
  let held = '';
  const put = (text: string): void => {
    held += text;
    if (held.length < pieceLength) return;
    appendText(out, held);
    held = '';
  };
  putValue(value, put);
  appendText(out, `${held}\n`);
  return out.bytes.subarray(0, out.length);
}

function appendText(out: ByteBuffer, text: string): void {
  reserve(out, text.length * mostBytesEach);
  out.length += asBuffer(out.bytes).write(text, out.length, 'utf8');
}

function putValue(value: Value, put: (text: string) => void): void {
  if (typeof value === 'string') putText(value, put);
  else if (typeof value !== 'object' || value === null || value instanceof Decimal) put(String(value));
  else if (Array.isArray(value)) putList(value, put);
  else putObject(value as Readonly<Record<string, Value>>, put);
}

function putList(items: readonly Value[], put: (text: string) => void): void {
  put('[');
  for (let index = 0; index < items.length; index++) {
    if (index > 0) put(',');
    putValue(items[index] ?? null, put);
  }
  put(']');
}

function putObject(object: Readonly<Record<string, Value>>, put: (text: string) => void): void {
  let before = '{';
  for (const key of Object.keys(object)) {
    put(before);
    putText(key, put);
    put(':');
    putValue(object[key] ?? null, put);
    before = ',';
  }
  put(before === '{' ? '{}' : '}');
}

function putText(text: string, put: (text: string) => void): void {
  if (text.length <= pieceLength) {
    put(JSON.stringify(text));
    return;
  }
  put('"');
  for (let at = 0; at < text.length; ) {
    const end = pieceEnd(text, at);
    put(JSON.stringify(text.slice(at, end)).slice(1, -1));
    at = end;
  }
  put('"');
}

/** Never splits a surrogate pair, since each half would be written as an escape. */
function pieceEnd(text: string, start: number): number {
  const end = Math.min(start + pieceLength, text.length);
  return end < text.length && (text.charCodeAt(end - 1) & 0xfc00) === 0xd800 ? end - 1 : end;
}
