import type { ColumnValues } from '../../interface/columns.ts';
import type { ColumnType } from '../column-type.ts';

/** Digits of a decimal that fit in 64 bits. */
const shortDigits = 18;
const mostDigits = 38;
const widest = { minimum: -(2n ** 63n), maximum: 2n ** 63n - 1n };

/** The memory layout of each column type, for sources and targets alike. */
export function layoutOf(type: ColumnType): ColumnValues['kind'] {
  switch (type.kind) {
    case 'boolean':
    case 'double':
    case 'list':
      return type.kind;
    case 'real':
      return 'double';
    case 'integer':
      return layoutOfInteger(type.minimum ?? widest.minimum, type.maximum ?? widest.maximum);
    case 'decimal':
      return layoutOfDecimal(type.precision, type.scale);
    case 'date':
      return 'int32';
    case 'timestamp':
    case 'timestamptz':
      return 'int64';
    // A time may be 24:00:00, and may have an offset.
    case 'time':
    case 'text':
    case 'numeric':
    case 'json':
    case 'binary':
      return 'bytes';
  }
}

function layoutOfInteger(minimum: bigint, maximum: bigint): ColumnValues['kind'] {
  if (minimum >= -(2n ** 31n) && maximum < 2n ** 31n) return 'int32';
  return minimum >= widest.minimum && maximum <= widest.maximum ? 'int64' : 'decimal128';
}

function layoutOfDecimal(precision: number, scale: number): ColumnValues['kind'] {
  if (precision > mostDigits || precision < 1 || scale < 0 || scale > precision) return 'bytes';
  return precision <= shortDigits ? 'int64' : 'decimal128';
}
