import { type JsonSink, readJson } from './binary-json.ts';
import { columnTypes as t } from './column-types.ts';
import { doubleText } from './double-text.ts';
import { makeRoom, type Put, putAscii, putBytes, putFixedDigits, type TextBytes } from './put.ts';
import { decimalSize, putDecimal } from './put-number.ts';
import { putClock, putDay } from './put-time.ts';

const quote = 0x22;
const comma = 0x2c;
const minus = 0x2d;
const point = 0x2e;
const colon = 0x3a;
const blank = 0x20;
const backslash = 0x5c;

/** Writes a document of MySQL as the server does: a blank after each comma and colon. */
export const putJson: Put = (bytes, start, end, out, at) => {
  const text = new JsonText(out, at);
  readJson(bytes, start, end, text);
  return text.at;
};

/** Writes the text of a JSON document. */
export class JsonText implements JsonSink {
  readonly #out: TextBytes;
  at: number;
  /** Whether something precedes the next value in its object or array. */
  #needsComma = false;

  constructor(out: TextBytes, at: number) {
    this.#out = out;
    this.at = at;
  }

  open(isObject: boolean): void {
    this.#begin(1);
    this.#byte(isObject ? 0x7b : 0x5b);
    this.#needsComma = false;
  }

  close(isObject: boolean): void {
    makeRoom(this.#out, this.at, 1);
    this.#byte(isObject ? 0x7d : 0x5d);
    this.#needsComma = true;
  }

  key(bytes: Uint8Array): void {
    this.string(bytes);
    makeRoom(this.#out, this.at, 2);
    this.#byte(colon);
    this.#byte(blank);
    this.#needsComma = false;
  }

  literal(text: string): void {
    this.#begin(text.length);
    this.at = putAscii(text, this.#out.bytes, this.at);
  }

  double(value: number): void {
    const text = doubleText(value);
    this.literal(/[.e]/.test(text) ? text : `${text}.0`);
  }

  string(bytes: Uint8Array): void {
    this.#begin(6 * bytes.length + 2);
    const to = this.#out.bytes;
    this.#byte(quote);
    let at = this.at;
    for (let index = 0; index < bytes.length; index++) {
      const byte = bytes[index] as number;
      if (byte >= 0x20 && byte !== quote && byte !== backslash) to[at++] = byte;
      else at = putEscaped(byte, to, at);
    }
    this.at = at;
    this.#byte(quote);
  }

  /** A text that is JSON already. */
  json(bytes: Uint8Array): void {
    this.#begin(bytes.length);
    this.at = putBytes(bytes, 0, bytes.length, this.#out, this.at);
  }

  opaque(type: number, bytes: Uint8Array): void {
    if (type === t.decimal) this.#decimal(bytes);
    else if (type === t.date || type === t.oldDatetime || type === t.oldTimestamp || type === t.oldTime)
      this.string(timeText(type, bytes));
    else this.string(Buffer.from(`base64:type${type}:${base64Lines(bytes)}`));
  }

  #decimal(bytes: Uint8Array): void {
    const [precision = 0, scale = 0] = bytes;
    if (precision > 81 || scale > precision || bytes.length !== 2 + decimalSize(precision, scale))
      throw new RangeError('a document has an invalid decimal');
    this.#begin(precision + 4);
    this.at = putDecimal(precision, scale)(bytes, 2, bytes.length, this.#out, this.at);
  }

  /** Writes the comma before a value, if there is one, and makes room for the value. */
  #begin(size: number): void {
    makeRoom(this.#out, this.at, size + 2);
    if (this.#needsComma) {
      this.#byte(comma);
      this.#byte(blank);
    }
    this.#needsComma = true;
  }

  #byte(byte: number): void {
    this.#out.bytes[this.at++] = byte;
  }
}

const shortEscapes: Readonly<Record<number, string>> = { 8: 'b', 9: 't', 10: 'n', 12: 'f', 13: 'r', 34: '"', 92: '\\' };

function putEscaped(byte: number, to: Uint8Array, at: number): number {
  const short = shortEscapes[byte];
  return putAscii(short === undefined ? `\\u${byte.toString(16).padStart(4, '0')}` : `\\${short}`, to, at);
}

/** The server breaks base64 into lines of 76 characters. */
function base64Lines(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
  return text.replace(/.{76}(?=.)/g, '$&\n');
}

/** A date or time in a document: a number of 8 bytes with 24 bits for the microseconds, and before them the parts as a column has them. */
function timeText(type: number, bytes: Uint8Array): Uint8Array {
  if (bytes.length !== 8) throw new RangeError('a document has an invalid date or time');
  const packed = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigInt64(0, true);
  const size = packed < 0n ? -packed : packed;
  const whole = Number(size >> 24n);
  const text = new Uint8Array(40);
  let at = 0;
  if (packed < 0n) text[at++] = minus;
  const clock = whole % 2 ** 17;
  if (type === t.oldTime) {
    const hours = Math.floor(whole / 2 ** 12);
    if (hours > 999) throw new RangeError('a document has an invalid time');
    at = putClock(hours, (clock >> 6) & 63, clock & 63, text, at);
  } else {
    const days = Math.floor(whole / 2 ** 17);
    const months = days >> 5;
    if (months > 9999 * 13 + 12) throw new RangeError('a document has an invalid date');
    at = putDay(Math.floor(months / 13), months % 13, days & 31, text, at);
    if (type === t.date) return text.subarray(0, at);
    text[at++] = blank;
    at = putClock(clock >> 12, (clock >> 6) & 63, clock & 63, text, at);
  }
  text[at++] = point;
  return text.subarray(0, putFixedDigits(Number(size & 0xffffffn), 6, text, at));
}
