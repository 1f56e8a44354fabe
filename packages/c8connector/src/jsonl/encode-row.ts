import type { Exactness } from '../interface/messages.ts';
import type { StreamSchema } from '../interface/stream.ts';
import type { Row } from '../interface/value.ts';
import { columnTyper } from './column-type.ts';
import { encodeValue, valueEncoder } from './encode-value.ts';
import { isFree } from './record-reader.ts';

/** Characters of text that are collected before they become bytes: few calls, and still in the processor's cache. */
const pieceLength = 1 << 14;

/**
 * Rows as lines: the columns of the schema in its order and no others, an undefined value as an absent key. A Date is its ISO text, bytes are base64, NaN and
 * the infinities are null, half a surrogate pair is U+FFFD.
 */
export function encodeRows(rows: readonly Row[], schema: StreamSchema, exact: Exactness): Uint8Array {
  return rowEncoder(schema, exact)(rows);
}

/** The same as a function, which evaluates the schema only once. */
function rowEncoder(schema: StreamSchema, exact: Exactness): (rows: readonly Row[]) => Uint8Array {
  const encode = isFree(schema) ? encodeValue : objectEncoder(schema, exact);
  return (rows) => {
    const pieces: Buffer[] = [];
    let text = '';
    for (const row of rows) {
      text += `${encode(row)}\n`;
      if (text.length < pieceLength) continue;
      pieces.push(Buffer.from(text));
      text = '';
    }
    if (pieces.length === 0) return Buffer.from(text);
    pieces.push(Buffer.from(text));
    return Buffer.concat(pieces);
  };
}

function objectEncoder(schema: StreamSchema, exact: Exactness): (row: Row) => string {
  const typeOf = columnTyper(schema);
  const columns = Object.entries(schema.properties).map(([name, property]) => ({
    name,
    key: `${encodeValue(name)}:`,
    /** Every object has a `constructor` and a few other members that are not its columns. */
    isInherited: name in Object.prototype,
    encode: valueEncoder(typeOf(property), exact),
  }));
  return (row) => {
    let text = '';
    for (const { name, key, isInherited, encode } of columns) {
      const value = row[name];
      if (value === undefined || (isInherited && !Object.hasOwn(row, name))) continue;
      text += text === '' ? '{' : ',';
      text += key;
      text += encode(value);
    }
    return text === '' ? '{}' : `${text}}`;
  };
}
