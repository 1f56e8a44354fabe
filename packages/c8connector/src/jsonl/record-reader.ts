import type { StreamSchema } from '../interface/stream.ts';
import { startsWith, textOf } from './byte-buffer.ts';
import { skipSpace, skipString, skipValue } from './scan.ts';

/** Whether a schema names no columns and allows any: such a stream carries its records as they are. */
export function isFree(schema: StreamSchema): boolean {
  return schema.additionalProperties === true && Object.keys(schema.properties).length === 0;
}

/** Finds the columns of one record after the other; what it found is valid until the next `read`. */
export interface RecordReader {
  /** In the order of the schema; a free schema's grow with what comes. */
  readonly columns: string[];
  /** Where the value of each column starts, -1 when it is absent. Of a key that comes twice it is the last. */
  readonly starts: number[];
  readonly ends: number[];
  /** The keys as JSON writes them, with the quotes. */
  readonly keys: Uint8Array[];
  /** Whether the record can stand in lines as it is: the order of the schema, no key twice, none unknown, none written in an unusual way. */
  isClean: boolean;
  /** Keys of this record that the schema lacks. */
  readonly unknown: string[];
  /** The index of a column, -1 when the schema lacks it; a free schema gets it. */
  indexOf(column: string): number;
  /** Returns the offset behind the record that starts at `offset`, or where it goes wrong as `-1 - offset`. */
  read(bytes: Uint8Array, offset: number, end: number): number;
}

export function recordReader(schema: StreamSchema): RecordReader {
  const columns = Object.keys(schema.properties);
  const keys: Uint8Array[] = columns.map(keyBytes);
  const indexes = new Map(columns.map((name, index) => [name, index]));
  const free = isFree(schema);
  /** The column of each member of the last record: the next one is most likely the same. */
  const order = columns.map((_name, index) => index);

  const reader: RecordReader = {
    columns,
    starts: columns.map(() => -1),
    ends: columns.map(() => -1),
    keys,
    isClean: true,
    unknown: [],
    indexOf,
    read,
  };

  function read(bytes: Uint8Array, offset: number, end: number): number {
    const { starts, ends } = reader;
    for (let index = 0; index < starts.length; index++) starts[index] = -1;
    if (reader.unknown.length > 0) reader.unknown.length = 0;
    reader.isClean = true;
    if (offset >= end || bytes[offset] !== 0x7b) return -1 - offset;
    let at = skipSpace(bytes, offset + 1, end);
    if (at < end && bytes[at] === 0x7d) return at + 1;
    let last = -1;
    for (let member = 0; ; member++) {
      if (at >= end || bytes[at] !== 0x22) return -1 - at;
      let index = order[member] ?? -1;
      const key = keys[index];
      if (key !== undefined && startsWith(bytes, at, end, key)) at += key.length;
      else {
        const keyEnd = skipString(bytes, at, end);
        if (keyEnd < 0) return keyEnd;
        index = columnOf(bytes, at, keyEnd);
        order[member] = index;
        at = keyEnd;
      }
      at = skipSpace(bytes, at, end);
      if (at >= end || bytes[at] !== 0x3a) return -1 - at;
      const start = skipSpace(bytes, at + 1, end);
      at = skipValue(bytes, start, end);
      if (at < 0) return at;
      if (index >= 0) {
        if (free ? starts[index] !== -1 : index <= last) reader.isClean = false;
        last = index;
        starts[index] = start;
        ends[index] = at;
      }
      at = skipSpace(bytes, at, end);
      if (at < end && bytes[at] === 0x7d) return at + 1;
      if (at >= end || bytes[at] !== 0x2c) return -1 - at;
      at = skipSpace(bytes, at + 1, end);
    }
  }

  /** The column of a key that was not expected, -1 when the schema lacks it. */
  function columnOf(bytes: Uint8Array, start: number, end: number): number {
    const text = textOf(bytes, start, end);
    const name: string = text.includes('\\') ? JSON.parse(text) : text.slice(1, -1);
    const index = indexOf(name);
    if (keys[index]?.length !== end - start) reader.isClean = false;
    if (index < 0) reader.unknown.push(name);
    return index;
  }

  function indexOf(name: string): number {
    const known = indexes.get(name);
    if (known !== undefined || !free) return known ?? -1;
    keys.push(keyBytes(name));
    indexes.set(name, columns.length);
    reader.starts.push(-1);
    reader.ends.push(-1);
    return columns.push(name) - 1;
  }

  return reader;
}

function keyBytes(name: string): Uint8Array {
  return Buffer.from(JSON.stringify(name));
}
