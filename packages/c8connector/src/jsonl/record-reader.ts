import type { StreamSchema } from '../interface/stream.ts';
import { startsWith, textOf } from './byte-buffer.ts';
import { skipSpace, skipString, skipValue } from './scan.ts';

/** Whether a schema names no columns and does not forbid all: such a stream carries its records as they are. */
export function isFree({ properties, patternProperties, additionalProperties }: StreamSchema): boolean {
  if (hasMember(properties)) return false;
  return additionalProperties !== false || (typeof patternProperties === 'object' && hasMember(patternProperties));
}

function hasMember(object: object | null): boolean {
  for (const _ in object) return true;
  return false;
}

/** Finds the columns in one record after another. The results are valid until the next `read`. */
export interface RecordReader {
  /** The columns, in the order of the schema; for a free schema, new columns are added as they come. */
  readonly columns: string[];
  /** Where the value of each column starts, -1 when it is absent. Of a key that occurs twice, the last value. */
  readonly starts: number[];
  readonly ends: number[];
  /** The keys as JSON writes them, with the quotes. */
  readonly keys: Uint8Array[];
  /** How many members the record has, and the column of each, in their order: -1 for one that the schema lacks. Later entries are left from earlier records. */
  members: number;
  readonly order: number[];
  /** Whether the record can be used in lines unchanged: the order of the schema, no key twice, none unknown, none written in an unusual way. */
  isClean: boolean;
  /** Keys of this record that the schema lacks. */
  readonly unknown: string[];
  /** The index of a column, -1 when the schema lacks it; a free schema adds it. */
  indexOf(column: string): number;
  /** Returns the offset after the record that starts at `offset`, or where it goes wrong as `-1 - offset`. */
  read(bytes: Uint8Array, offset: number, end: number): number;
}

/** A reader with its internal state. */
interface Reading extends RecordReader {
  readonly isFree: boolean;
  /** By column. */
  readonly indexes: Map<string, number>;
}

/** A reader of records under a schema, which finds their values in the bytes and makes no object of them. */
export function recordReader(schema: StreamSchema): RecordReader {
  const columns = Object.keys(schema.properties);
  const reading: Reading = {
    columns,
    starts: columns.map(() => -1),
    ends: columns.map(() => -1),
    keys: columns.map(keyBytes),
    members: 0,
    isClean: true,
    unknown: [],
    isFree: isFree(schema),
    indexes: new Map(columns.map((name, index) => [name, index])),
    // A record most likely has the same members as the one before.
    order: columns.map((_name, index) => index),
    indexOf: (column) => indexOf(reading, column),
    read: (bytes, offset, end) => readRecord(reading, bytes, offset, end),
  };
  return reading;
}

function readRecord(reading: Reading, bytes: Uint8Array, offset: number, end: number): number {
  forget(reading);
  if (offset >= end || bytes[offset] !== 0x7b) return -1 - offset;
  let at = skipSpace(bytes, offset + 1, end);
  if (at < end && bytes[at] === 0x7d) return at + 1;
  let last = -1;
  for (let member = 0; ; member++) {
    if (at >= end || bytes[at] !== 0x22) return -1 - at;
    at = skipKey(reading, member, bytes, at, end);
    if (at < 0) return at;
    at = skipSpace(bytes, at, end);
    if (at >= end || bytes[at] !== 0x3a) return -1 - at;
    const start = skipSpace(bytes, at + 1, end);
    at = skipValue(bytes, start, end);
    if (at < 0) return at;
    const index = reading.order[member] as number;
    reading.members = member + 1;
    if (index >= 0) {
      if (reading.isFree ? reading.starts[index] !== -1 : index <= last) reading.isClean = false;
      last = index;
      reading.starts[index] = start;
      reading.ends[index] = at;
    }
    at = skipSpace(bytes, at, end);
    if (at < end && bytes[at] === 0x7d) return at + 1;
    if (at >= end || bytes[at] !== 0x2c) return -1 - at;
    at = skipSpace(bytes, at + 1, end);
  }
}

/** Resets only the columns of the last record: it may have had few of thousands. */
function forget(reading: Reading): void {
  const { starts, unknown, order, members } = reading;
  for (let member = 0; member < members; member++) {
    const index = order[member] as number;
    if (index >= 0) starts[index] = -1;
  }
  if (unknown.length > 0) unknown.length = 0;
  reading.members = 0;
  reading.isClean = true;
}

/** Puts the column of a member into `order`, and returns the offset after its key, or the offset of an error as `-1 - offset`. */
function skipKey(reading: Reading, member: number, bytes: Uint8Array, start: number, end: number): number {
  const expected = reading.keys[reading.order[member] ?? -1];
  if (expected !== undefined && startsWith(bytes, start, end, expected)) return start + expected.length;
  const keyEnd = skipString(bytes, start, end);
  if (keyEnd >= 0) reading.order[member] = columnOf(reading, bytes, start, keyEnd);
  return keyEnd;
}

/** The column of a key that was not expected, -1 when the schema lacks it. */
function columnOf(reading: Reading, bytes: Uint8Array, start: number, end: number): number {
  const text = textOf(bytes, start, end);
  const name: string = text.includes('\\') ? JSON.parse(text) : text.slice(1, -1);
  const index = indexOf(reading, name);
  if (reading.keys[index]?.length !== end - start) reading.isClean = false;
  if (index < 0) reading.unknown.push(name);
  return index;
}

function indexOf({ isFree, indexes, columns, keys, starts, ends }: Reading, name: string): number {
  const known = indexes.get(name);
  if (known !== undefined || !isFree) return known ?? -1;
  keys.push(keyBytes(name));
  indexes.set(name, columns.length);
  starts.push(-1);
  ends.push(-1);
  return columns.push(name) - 1;
}

function keyBytes(name: string): Uint8Array {
  return Buffer.from(JSON.stringify(name));
}
