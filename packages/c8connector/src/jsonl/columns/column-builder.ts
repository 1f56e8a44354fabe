import type { ColumnValues, SubMicroseconds } from '../../interface/columns.ts';
import type { ColumnType } from '../column-type.ts';
import { type Moment, newMoment } from '../moments/moment.ts';
import { defaultSubMicroseconds } from '../moments/sub-microseconds.ts';
import { type ExactNumber, newExactNumber, writeLongDecimal } from '../numbers/exact-number.ts';
import { layoutOf } from './layout.ts';

/**
 * A column that is being filled, value by value. All kinds of columns have the same members, so that V8 uses one hidden class for them; members that a layout does not need stay
 * empty.
 */
export interface ColumnBuilder {
  readonly type: ColumnType;
  readonly kind: ColumnValues['kind'];
  /** The lowest integer so far, in a column of integers of one word: targets have narrower types. */
  readonly lowest: number;
  readonly highest: number;
  /** Number of values so far, including nulls. */
  count: number;
  hasNulls: boolean;
  nulls: Uint8Array<ArrayBuffer>;
  words: Int32Array<ArrayBuffer>;
  doubles: Float64Array<ArrayBuffer>;
  /** Flags, decimals of 16 bytes, or the bytes of texts. */
  bytes: Uint8Array<ArrayBuffer>;
  /** Number of bytes written to `bytes` so far, for texts. */
  length: number;
  ends: Int32Array<ArrayBuffer>;
  items: ColumnBuilder | undefined;
  /** The object that each value of a column of times is read into. */
  readonly moment: Moment | undefined;
  readonly subMicroseconds: SubMicroseconds;
  /** The same for a column of integers or decimals. */
  readonly number: ExactNumber | undefined;
}

const noBytes = new Uint8Array(0);
const noWords = new Int32Array(0);
const noDoubles = new Float64Array(0);

/** Bytes reserved for the text of a value, until typical lengths are known. */
const usualText = 16;

/** An empty builder, with room for this many values before it grows. `subMicroseconds` applies to dates and times, also in lists. */
export function columnBuilder(
  type: ColumnType,
  room: number,
  subMicroseconds: SubMicroseconds = defaultSubMicroseconds,
): ColumnBuilder {
  const kind = layoutOf(type);
  const hasEnds = kind === 'list' || kind === 'bytes';
  const wordsEach = kind === 'int32' ? 1 : kind === 'int64' ? 2 : 0;
  const bytesEach = kind === 'boolean' ? 1 : kind === 'decimal128' || kind === 'bytes' ? usualText : 0;
  const highest = type.kind === 'integer' ? highestOf(type) : 2 ** 31 - 1;
  return {
    type,
    kind,
    lowest: -highest - 1,
    highest,
    count: 0,
    hasNulls: false,
    nulls: noBytes,
    words: wordsEach === 0 ? noWords : new Int32Array(room * wordsEach),
    doubles: kind === 'double' ? new Float64Array(room) : noDoubles,
    bytes: bytesEach === 0 ? noBytes : new Uint8Array(room * bytesEach),
    length: 0,
    ends: hasEnds ? new Int32Array(room) : noWords,
    items: type.kind === 'list' ? columnBuilder(type.items, room, subMicroseconds) : undefined,
    moment: type.kind === 'date' || type.kind === 'timestamp' || type.kind === 'timestamptz' ? newMoment() : undefined,
    subMicroseconds,
    number: type.kind === 'integer' || type.kind === 'decimal' ? newExactNumber() : undefined,
  };
}

/** A builder that fills the arrays of a column that is no longer needed; a new one when their layout is not that of the type. */
export function columnBuilderOver(
  type: ColumnType,
  used: ColumnValues,
  room: number,
  subMicroseconds: SubMicroseconds = defaultSubMicroseconds,
): ColumnBuilder {
  const builder = columnBuilder(type, 0, subMicroseconds);
  if (used.kind !== builder.kind) return columnBuilder(type, room, subMicroseconds);
  if (used.nulls !== undefined) builder.nulls = used.nulls.fill(0);
  switch (used.kind) {
    case 'int32':
    case 'int64':
      builder.words = used.values;
      break;
    case 'double':
      builder.doubles = used.values;
      break;
    case 'boolean':
    case 'decimal128':
      builder.bytes = used.values;
      break;
    case 'bytes':
      builder.bytes = used.bytes;
      builder.ends = used.ends;
      break;
    case 'list':
      builder.ends = used.ends;
      if (type.kind === 'list') builder.items = columnBuilderOver(type.items, used.items, 0, subMicroseconds);
      break;
  }
  return builder;
}

/** The highest integer of 8, 16 or 32 bits: the narrowest type that holds everything within the bounds. */
function highestOf({ minimum = -(2n ** 63n), maximum = 2n ** 63n }: Extract<ColumnType, { kind: 'integer' }>): number {
  const bits = [8n, 16n].find((width) => minimum >= -(2n ** (width - 1n)) && maximum < 2n ** (width - 1n)) ?? 32n;
  return Number(2n ** (bits - 1n) - 1n);
}

/** Makes room for this many values in total, without the bytes of texts and the items of lists. */
export function reserveRows(builder: ColumnBuilder, rows: number): void {
  const { kind } = builder;
  const wordsEach = kind === 'int32' ? 1 : kind === 'int64' ? 2 : 0;
  if (rows * wordsEach > builder.words.length) builder.words = grownWords(builder.words, rows * wordsEach);
  if ((kind === 'bytes' || kind === 'list') && rows > builder.ends.length)
    builder.ends = grownWords(builder.ends, rows);
}

/** Adds a null. */
export function putNull(builder: ColumnBuilder): void {
  const { count, kind } = builder;
  if (count >= builder.nulls.length) builder.nulls = grownBytes(builder.nulls, count + 1);
  builder.nulls[count] = 1;
  builder.hasNulls = true;
  if (kind === 'int32') putWord(builder, 0);
  else if (kind === 'int64') putWords(builder, 0, 0);
  else if (kind === 'double') putDouble(builder, 0);
  else if (kind === 'boolean') putFlag(builder, false);
  else if (kind === 'decimal128') putLong(builder, undefined);
  else putEnd(builder, kind === 'bytes' ? builder.length : (builder.items?.count ?? 0));
}

/** Adds a value of one word. */
export function putWord(builder: ColumnBuilder, word: number): void {
  const { count } = builder;
  if (count >= builder.words.length) builder.words = grownWords(builder.words, count + 1);
  builder.words[count] = word;
  builder.count = count + 1;
}

/** Adds a value of two words. */
export function putWords(builder: ColumnBuilder, low: number, high: number): void {
  const at = builder.count * 2;
  if (at + 2 > builder.words.length) builder.words = grownWords(builder.words, at + 2);
  builder.words[at] = low;
  builder.words[at + 1] = high;
  builder.count++;
}

/** Adds a number of 4 or 8 bytes. */
export function putDouble(builder: ColumnBuilder, value: number): void {
  const { count } = builder;
  if (count >= builder.doubles.length) {
    const more = new Float64Array(Math.max(1024, 2 * count));
    more.set(builder.doubles);
    builder.doubles = more;
  }
  builder.doubles[count] = value;
  builder.count = count + 1;
}

/** Adds true or false. */
export function putFlag(builder: ColumnBuilder, flag: boolean): void {
  const { count } = builder;
  if (count >= builder.bytes.length) builder.bytes = grownBytes(builder.bytes, count + 1);
  builder.bytes[count] = flag ? 1 : 0;
  builder.count = count + 1;
}

/** Adds an unscaled number of 16 bytes; undefined is 0. */
export function putLong(builder: ColumnBuilder, number: ExactNumber | undefined): void {
  const at = builder.count * 16;
  if (at + 16 > builder.bytes.length) builder.bytes = grownBytes(builder.bytes, at + 16);
  if (number === undefined) builder.bytes.fill(0, at, at + 16);
  else writeLongDecimal(number, builder.bytes, at);
  builder.count++;
}

/** Makes room for the bytes of a text. */
export function reserveBytes(builder: ColumnBuilder, size: number): void {
  const needed = builder.length + size;
  if (needed > builder.bytes.length) builder.bytes = grownBytes(builder.bytes, needed);
}

/** Adds the text whose bytes were written to `bytes` from `length` to before `end`. */
export function endBytes(builder: ColumnBuilder, end: number): void {
  builder.length = end;
  putEnd(builder, end);
}

/** Adds the bytes from `start` to before `end` as one text. */
export function putBytes(builder: ColumnBuilder, source: Uint8Array, start: number, end: number): void {
  const size = end - start;
  reserveBytes(builder, size);
  const { bytes, length } = builder;
  // A view costs more than copying a few bytes by hand.
  if (size < 48) for (let index = 0; index < size; index++) bytes[length + index] = source[start + index] as number;
  else bytes.set(source.subarray(start, end), length);
  endBytes(builder, length + size);
}

/** Adds a list, whose items were added to `items` before. */
export function endList(builder: ColumnBuilder): void {
  putEnd(builder, builder.items?.count ?? 0);
}

function putEnd(builder: ColumnBuilder, end: number): void {
  const { count } = builder;
  if (count >= builder.ends.length) builder.ends = grownWords(builder.ends, count + 1);
  builder.ends[count] = end;
  builder.count = count + 1;
}

/** The values that were added so far. The builder must not be used afterwards. */
export function builtColumn(builder: ColumnBuilder): ColumnValues {
  const { kind, words, bytes, ends, items, doubles } = builder;
  const nulls = builder.hasNulls ? { nulls: nullsOf(builder) } : {};
  if (kind === 'int32' || kind === 'int64') return { kind, values: words, ...nulls };
  if (kind === 'double') return { kind, values: doubles, ...nulls };
  if (kind === 'boolean' || kind === 'decimal128') return { kind, values: bytes, ...nulls };
  if (kind === 'bytes') return { kind, bytes, ends, ...nulls };
  if (items === undefined) throw new Error('a list without items');
  return { kind, ends, items: builtColumn(items), ...nulls };
}

function nullsOf({ nulls, count }: ColumnBuilder): Uint8Array<ArrayBuffer> {
  return nulls.length < count ? grownBytes(nulls, count) : nulls;
}

function grownBytes(bytes: Uint8Array<ArrayBuffer>, size: number): Uint8Array<ArrayBuffer> {
  const more = new Uint8Array(Math.max(size, 2 * bytes.length, 1024));
  more.set(bytes);
  return more;
}

function grownWords(words: Int32Array<ArrayBuffer>, size: number): Int32Array<ArrayBuffer> {
  const more = new Int32Array(Math.max(size, 2 * words.length, 1024));
  more.set(words);
  return more;
}
