/**
 * What a column holds, and how its values lie in memory. This file imports nothing, so that those who fill columns and those who encode them can share it.
 */

/** What a column holds. It has the shape of the core's `ColumnType`, whose values go here as they are. */
export type ColumnType =
  | { readonly kind: 'boolean' }
  /** Without bounds a signed integer of 64 bits. */
  | { readonly kind: 'integer'; readonly minimum?: bigint; readonly maximum?: bigint }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  /** A decimal of any size, as text. */
  | { readonly kind: 'numeric' }
  | { readonly kind: 'real' }
  | { readonly kind: 'double' }
  | { readonly kind: 'text' }
  | { readonly kind: 'date' }
  | { readonly kind: 'time' }
  /** Without a zone. */
  | { readonly kind: 'timestamp' }
  | { readonly kind: 'timestamptz' }
  | { readonly kind: 'binary' }
  | { readonly kind: 'json' }
  | { readonly kind: 'list'; readonly items: ColumnType };

/** How the values of a column lie in memory: the `kind` of its {@link ColumnValues}. */
export type Layout =
  | { readonly kind: 'boolean' | 'int32' | 'int64' | 'double' | 'decimal128' | 'bytes' }
  | { readonly kind: 'list'; readonly items: Layout };

/** A byte for each value, 1 where it is null. Absent when none is. A null still has its place among the values: any number, no bytes, no items. */
interface Nullable {
  nulls?: Uint8Array;
}

/** A byte for each value: 0 is false. */
export interface BooleanValues extends Nullable {
  kind: 'boolean';
  values: Uint8Array;
}

/** Integers up to 32 bits; dates as days since 1970-01-01. */
export interface Int32Values extends Nullable {
  kind: 'int32';
  values: Int32Array;
}

/**
 * Two words for each value, the lower one first, in two's complement: integers up to 64 bits, decimals up to 18 digits without their point, timestamps as
 * microseconds since 1970-01-01T00:00:00Z, times as microseconds since midnight.
 */
export interface Int64Values extends Nullable {
  kind: 'int64';
  values: Int32Array;
}

/** `real` and `double` alike. */
export interface DoubleValues extends Nullable {
  kind: 'double';
  values: Float64Array;
}

/** 16 bytes for each value, big-endian, in two's complement: decimals of 19 to 38 digits without their point. */
export interface Decimal128Values extends Nullable {
  kind: 'decimal128';
  values: Uint8Array;
}

/** The bytes of all values, and for each value where its bytes end. Text is UTF-8. */
export interface BytesValues extends Nullable {
  kind: 'bytes';
  bytes: Uint8Array;
  ends: Int32Array;
}

/** The items of all lists, and for each list the number of the item after its last one. */
export interface ListValues extends Nullable {
  kind: 'list';
  ends: Int32Array;
  items: ColumnValues;
}

/** The values of one column of a {@link Block}. An array may be longer than needed: what is after the last value does not count. */
export type ColumnValues =
  | BooleanValues
  | Int32Values
  | Int64Values
  | DoubleValues
  | Decimal128Values
  | BytesValues
  | ListValues;

/** Rows as columns: `columns` are in the order in which they were declared, each with a value for every row. */
export interface Block {
  rows: number;
  columns: ColumnValues[];
}

const layouts = {
  boolean: 'boolean',
  numeric: 'bytes',
  real: 'double',
  double: 'double',
  text: 'bytes',
  date: 'int32',
  time: 'int64',
  timestamp: 'int64',
  timestamptz: 'int64',
  binary: 'bytes',
  json: 'bytes',
} as const satisfies Readonly<Partial<Record<ColumnType['kind'], ColumnValues['kind']>>>;

/** The layout of a column's values. */
export function layoutOf(type: ColumnType): Layout {
  if (type.kind === 'list') return { kind: 'list', items: layoutOf(type.items) };
  if (type.kind === 'integer') return integerLayout(type.minimum, type.maximum);
  if (type.kind === 'decimal') return decimalLayout(type.precision, type.scale);
  return { kind: layouts[type.kind] };
}

/** The smallest signed integer that holds all values within the bounds. Beyond 64 bits it is a decimal: readers differ in what they make of unsigned integers. */
function integerLayout(minimum = -(2n ** 63n), maximum = 2n ** 63n - 1n): Layout {
  if (minimum >= -(2n ** 31n) && maximum < 2n ** 31n) return { kind: 'int32' };
  if (minimum >= -(2n ** 63n) && maximum < 2n ** 63n) return { kind: 'int64' };
  return { kind: 'decimal128' };
}

function decimalLayout(precision: number, scale: number): Layout {
  if (!isDecimal(precision, scale)) return { kind: 'bytes' };
  return { kind: precision <= 18 ? 'int64' : 'decimal128' };
}

/** Whether a decimal has a form of its own. Others are text. */
export function isDecimal(precision: number, scale: number): boolean {
  return precision >= 1 && precision <= 38 && scale >= 0 && scale <= precision;
}
