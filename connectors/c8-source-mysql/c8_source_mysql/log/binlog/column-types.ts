import type { EventBytes } from './event-bytes.ts';

/** The numbers of the types of columns in the log. */
export const columnTypes = {
  oldDecimal: 0,
  tiny: 1,
  short: 2,
  long: 3,
  float: 4,
  double: 5,
  null: 6,
  oldTimestamp: 7,
  longLong: 8,
  int24: 9,
  date: 10,
  oldTime: 11,
  oldDatetime: 12,
  year: 13,
  newDate: 14,
  varchar: 15,
  bit: 16,
  timestamp: 17,
  datetime: 18,
  time: 19,
  compressedBlob: 140,
  compressedVarchar: 141,
  vector: 242,
  json: 245,
  decimal: 246,
  enum: 247,
  set: 248,
  tinyBlob: 249,
  mediumBlob: 250,
  longBlob: 251,
  blob: 252,
  varString: 253,
  string: 254,
  geometry: 255,
} as const;

const t = columnTypes;

/** Types whose metadata is two bytes, and one byte; the others have none. */
const twoBytes: ReadonlySet<number> = new Set([
  t.varchar,
  t.bit,
  t.compressedVarchar,
  t.decimal,
  t.varString,
  t.string,
  t.enum,
  t.set,
]);
const oneByte: ReadonlySet<number> = new Set([
  ...[t.float, t.double, t.timestamp, t.datetime, t.time, t.compressedBlob, t.vector, t.json],
  ...[t.tinyBlob, t.mediumBlob, t.longBlob, t.blob, t.geometry],
]);
const known: ReadonlySet<number> = new Set(Object.values(columnTypes));

/** A type, and the metadata of a column as {@link LogColumn} has it. */
export interface TypeAndMeta {
  readonly type: number;
  readonly meta: number;
}

/** Reads the metadata of a column of this type. ENUM and SET have the type of CHAR, and say in the metadata what they are. */
export function readMeta(type: number, metadata: EventBytes): TypeAndMeta {
  if (!known.has(type)) throw new RangeError(`the type ${type} of a column is unknown`);
  if (oneByte.has(type)) return { type, meta: metadata.u8() };
  if (!twoBytes.has(type)) return { type, meta: 0 };
  const first = metadata.u8();
  const second = metadata.u8();
  if (type === t.decimal) return { type, meta: (first << 8) | second };
  if (type === t.bit) return { type, meta: second * 8 + first };
  if (type !== t.string) return { type, meta: first | (second << 8) };
  // The two missing bits of a length of up to 1023 bytes are kept, inverted, in the type.
  const isLong = (first & 0x30) !== 0x30;
  const real = isLong ? first | 0x30 : first;
  if (real !== t.string && real !== t.enum && real !== t.set)
    throw new RangeError(`the type ${real} of a text is unknown`);
  return { type: real, meta: isLong ? second | (((first & 0x30) ^ 0x30) << 4) : second };
}

const integers: ReadonlySet<number> = new Set([t.tiny, t.short, t.int24, t.long, t.longLong]);
const numbers: ReadonlySet<number> = new Set([...integers, t.float, t.double, t.decimal, t.oldDecimal, t.year]);
const texts: ReadonlySet<number> = new Set([
  ...[t.string, t.varString, t.varchar, t.blob, t.tinyBlob, t.mediumBlob, t.longBlob],
  ...[t.compressedBlob, t.compressedVarchar],
]);

/** Whether the list of signs has a bit for the type. */
export function hasSign(type: number): boolean {
  return numbers.has(type);
}

/** Whether the list of collations has an entry for the type: on MariaDB also a geometry, on MySQL also a vector. */
export function hasCollation(type: number, isMariaDb: boolean): boolean {
  return texts.has(type) || type === (isMariaDb ? t.geometry : t.vector);
}

/** Whether the lists of labels, and of their collations, have an entry for the type. */
export function hasLabels(type: number): boolean {
  return type === t.enum || type === t.set;
}
