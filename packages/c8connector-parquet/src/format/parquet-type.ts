import { type ColumnType, isDecimal } from '../columns.ts';
import { convertedTypes, type physicalTypes } from './numbers.ts';
import { boolean, i32, struct, type ThriftValue } from './thrift.ts';

/** How a type that is not a list is stored in a file. */
export interface ParquetType {
  readonly physical: keyof typeof physicalTypes;
  /** Bytes of a value of fixed length. */
  readonly length?: number;
  /** The converted type, for readers older than logical types. */
  readonly converted?: number;
  readonly logical?: ThriftValue;
  readonly precision?: number;
  readonly scale?: number;
}

type Scalar = Exclude<ColumnType, { kind: 'list' }>;

/** Text, JSON and decimals that Parquet cannot store are plain UTF-8: some readers treat columns annotated as JSON as binary. */
export function parquetType(type: Scalar): ParquetType {
  switch (type.kind) {
    case 'boolean':
      return { physical: 'boolean' };
    case 'integer':
      return integer(type.minimum, type.maximum);
    case 'decimal':
      return isDecimal(type.precision, type.scale) ? decimal(type.precision, type.scale) : utf8;
    case 'real':
      return { physical: 'float' };
    case 'double':
      return { physical: 'double' };
    case 'date':
      return { physical: 'int32', converted: convertedTypes.date, logical: struct([6, struct()]) };
    case 'time':
      return { physical: 'int64', logical: struct([7, microseconds(false)]) };
    case 'timestamp':
      return { physical: 'int64', logical: struct([8, microseconds(false)]) };
    case 'timestamptz':
      return {
        physical: 'int64',
        converted: convertedTypes.timestampMicros,
        logical: struct([8, microseconds(true)]),
      };
    case 'binary':
      return { physical: 'byteArray' };
    case 'text':
    case 'json':
    case 'numeric':
      return utf8;
  }
}

const utf8: ParquetType = {
  physical: 'byteArray',
  converted: convertedTypes.utf8,
  logical: struct([1, struct()]),
};

/** Microseconds of an instant in UTC, or of a local time without a zone. */
function microseconds(isUtc: boolean): ThriftValue {
  return struct([1, boolean(isUtc)], [2, struct([2, struct()])]);
}

function integer(minimum = -(2n ** 63n), maximum = 2n ** 63n - 1n): ParquetType {
  const fits = (bits: bigint) => minimum >= -(2n ** (bits - 1n)) && maximum < 2n ** (bits - 1n);
  if (fits(8n)) return { physical: 'int32', converted: convertedTypes.int8, logical: integerOf(8) };
  if (fits(16n)) return { physical: 'int32', converted: convertedTypes.int16, logical: integerOf(16) };
  if (fits(32n)) return { physical: 'int32' };
  if (fits(64n)) return { physical: 'int64' };
  const isIn20Digits = minimum > -(10n ** 20n) && maximum < 10n ** 20n;
  return decimal(isIn20Digits ? 20 : 38, 0);
}

function integerOf(bits: number): ThriftValue {
  return struct([10, struct([1, { type: 'byte', value: bits }], [2, boolean(true)])]);
}

function decimal(precision: number, scale: number): ParquetType {
  return {
    ...(precision <= 18 ? { physical: 'int64' } : { physical: 'fixedLengthByteArray', length: 16 }),
    converted: convertedTypes.decimal,
    precision,
    scale,
    logical: struct([5, struct([1, i32(scale)], [2, i32(precision)])]),
  };
}
