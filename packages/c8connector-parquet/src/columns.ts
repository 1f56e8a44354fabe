/**
 * What a column holds, and the memory layout of its values. This file imports nothing, so that code that fills columns and code that encodes them can share it.
 */

/** What a column holds. Values of the core's `ColumnType` can be used directly. */
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

/** The memory layout of a column's values: the `kind` of its {@link ColumnValues}. */
export type Layout =
  | { readonly kind: 'boolean' | 'int32' | 'int64' | 'double' | 'decimal128' | 'bytes' }
  | { readonly kind: 'list'; readonly items: Layout };

/** A byte for each value, 1 where it is null; absent when none is null. A null still has an entry among the values: any number, no bytes, no items. */
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
 * Two words for each value, the lower one first, in two's complement: integers up to 64 bits, unscaled decimals up to 18 digits, timestamps as
 * microseconds since 1970-01-01T00:00:00Z, times as microseconds since midnight.
 */
export interface Int64Values extends Nullable {
  kind: 'int64';
  values: Int32Array;
}

/** For both `real` and `double`. */
export interface DoubleValues extends Nullable {
  kind: 'double';
  values: Float64Array;
}

/** 16 bytes for each value, big-endian, in two's complement: unscaled decimals of 19 to 38 digits. */
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

/** The items of all lists, and for each list the index after its last item. */
export interface ListValues extends Nullable {
  kind: 'list';
  ends: Int32Array;
  items: ColumnValues;
}

/** The values of one column of a {@link Block}. An array may be longer than needed: the rest is ignored. */
export type ColumnValues =
  | BooleanValues
  | Int32Values
  | Int64Values
  | DoubleValues
  | Decimal128Values
  | BytesValues
  | ListValues;

/** Rows as columns: `columns` are in the declared order, each with a value for every row. */
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

/** The smallest signed integer that holds all values within the bounds. Beyond 64 bits it is a decimal: readers treat unsigned integers differently. */
function integerLayout(minimum = -(2n ** 63n), maximum = 2n ** 63n - 1n): Layout {
  if (minimum >= -(2n ** 31n) && maximum < 2n ** 31n) return { kind: 'int32' };
  if (minimum >= -(2n ** 63n) && maximum < 2n ** 63n) return { kind: 'int64' };
  return { kind: 'decimal128' };
}

function decimalLayout(precision: number, scale: number): Layout {
  if (!isDecimal(precision, scale)) return { kind: 'bytes' };
  return { kind: precision <= 18 ? 'int64' : 'decimal128' };
}

/** Whether Parquet can store a decimal as such. Others are stored as text. */
export function isDecimal(precision: number, scale: number): boolean {
  return precision >= 1 && precision <= 38 && scale >= 0 && scale <= precision;
}
