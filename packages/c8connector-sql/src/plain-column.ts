import {
  type ColumnBuilder,
  type ColumnType,
  layoutOf,
  putBytes,
  putDate,
  putDecimal,
  putDouble,
  putInt32,
  putInt64,
  putTimestamp,
} from 'c8connector';
import type { Shortcut } from './convert-text.ts';

/** How common values of a column are put into its typed array without the detour through JSON; `none` if there is no such way. */
export type PlainPut = number;

const none = 0;
const asText = 1;
const asInt32 = 2;
const asInt64 = 3;
const asDecimal = 4;
const asDouble = 5;
const asSingle = 6;
const asDate = 7;
const asTimestamp = 8;
const asNumberText = 9;
const asShortDecimal = 10;

const zero = 0x30;
const minus = 0x2d;
const point = 0x2e;

/**
 * `kind` is that of the server's type: integer, numeric, float, date, timestamp or timestamptz, in the text that JSON and ISO 8601 have for them; any other needs its `shortcut`. A value that needs no conversion
 * for JSON needs none here.
 */
export function plainPutOf(kind: string, shortcut: Shortcut | undefined, column: ColumnType): PlainPut {
  if (shortcut === 'text' && (column.kind === 'text' || column.kind === 'time')) return asText;
  if (kind === 'integer' && column.kind === 'integer') return layoutOf(column) === 'int32' ? asInt32 : asInt64;
  if (kind === 'numeric' && column.kind === 'decimal' && layoutOf(column) !== 'bytes')
    return layoutOf(column) === 'int64' ? asShortDecimal : asDecimal;
  if (kind === 'numeric' && (column.kind === 'numeric' || column.kind === 'decimal') && shortcut !== undefined)
    return asNumberText;
  if (kind === 'float' && column.kind === 'double') return asDouble;
  if (kind === 'float' && column.kind === 'real') return asSingle;
  if (kind === 'date' && column.kind === 'date') return asDate;
  const isMoment = column.kind === 'timestamp' || column.kind === 'timestamptz';
  return isMoment && (kind === 'timestamp' || kind === 'timestamptz') ? asTimestamp : none;
}

/** How a loop over the fields of a row can read the plain values of a column itself; with `none`, all values go through {@link putPlain}. */
export interface FieldScan {
  readonly kind: 'none' | 'text' | 'date' | 'number';
  /** For numbers: digits after the point, and digits in total. */
  readonly scale: number;
  readonly precision: number;
}

/** The scan of a column. It may handle only frequent and short values, since all others go through {@link putPlain}. */
export function fieldScanOf(put: PlainPut, column: ColumnType | undefined): FieldScan {
  if (put === asShortDecimal && column?.kind === 'decimal')
    return { kind: 'number', scale: column.scale, precision: column.precision };
  if (put === asInt32 || put === asInt64) return { kind: 'number', scale: 0, precision: 18 };
  const kind = put === asText ? 'text' : put === asDate ? 'date' : 'none';
  return { kind, scale: 0, precision: 0 };
}

/** Adds the field from `start` to before `end`, which has no escapes. Returns false if the value needs its converter. */
export function putPlain(
  put: PlainPut,
  builder: ColumnBuilder,
  bytes: Uint8Array,
  start: number,
  end: number,
): boolean {
  switch (put) {
    case asText:
      putBytes(builder, bytes, start, end);
      return true;
    case asInt32:
      return putInt32(builder, bytes, start, end);
    case asInt64:
      return putInt64(builder, bytes, start, end);
    case asDecimal:
    case asShortDecimal:
      return putDecimal(builder, bytes, start, end);
    case asDouble:
    case asSingle:
      return putNumber(put, builder, bytes, start, end);
    case asDate:
      return end - start === 10 && putDate(builder, bytes, start, end);
    case asTimestamp:
      return putTimestamp(builder, bytes, start, end);
    case asNumberText:
      return putNumberText(builder, bytes, start, end);
    default:
      return false;
  }
}

/** The server writes the shortest text that reads back as the same number, so nothing is lost. */
function putNumber(put: PlainPut, builder: ColumnBuilder, bytes: Uint8Array, start: number, end: number): boolean {
  const value = Number(Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1'));
  if (!Number.isFinite(value) || start === end) return false;
  putDouble(builder, put === asSingle ? Math.fround(value) : value);
  return true;
}

/** Adds digits with or without a point; not NaN, and not a number that JSON writes differently. */
function putNumberText(builder: ColumnBuilder, bytes: Uint8Array, start: number, end: number): boolean {
  let at = bytes[start] === minus ? start + 1 : start;
  if (((bytes[at] as number) ^ zero) > 9 || ((bytes[end - 1] as number) ^ zero) > 9) return false;
  if (bytes[at] === zero && end - at > 1 && bytes[at + 1] !== point) return false;
  for (; at < end; at++) {
    const byte = bytes[at] as number;
    if ((byte ^ zero) > 9 && byte !== point) return false;
  }
  putBytes(builder, bytes, start, end);
  return true;
}
