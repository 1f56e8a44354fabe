import {
  type ColumnBuilder,
  type ColumnType,
  layoutOf,
  putBytes,
  putDate,
  putDecimal,
  putDouble,
  putFlag,
  putInt32,
  putInt64,
  putTimestamp,
} from 'c8connector';
import type { Shortcut } from './convert.ts';
import type { FieldScan } from './scan-row.ts';
import type { PostgresType } from './types.ts';

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
const asFlag = 9;
const asNumberText = 10;
const asHex = 11;
const asShortDecimal = 12;

const zero = 0x30;
const minus = 0x2d;
const point = 0x2e;
const backslash = 0x5c;
const letterX = 0x78;
const letterT = 0x74;
const letterF = 0x66;

/** `shortcut` is that of the type for JSON. A value that needs no conversion there needs none here. */
export function plainPutOf(type: PostgresType, shortcut: Shortcut | undefined, column: ColumnType): PlainPut {
  if (shortcut === 'text' && (column.kind === 'text' || column.kind === 'time')) return asText;
  if (type.kind === 'integer' && column.kind === 'integer') return layoutOf(column) === 'int32' ? asInt32 : asInt64;
  if (type.kind === 'numeric' && column.kind === 'decimal' && layoutOf(column) !== 'bytes')
    return layoutOf(column) === 'int64' ? asShortDecimal : asDecimal;
  if (type.kind === 'numeric' && (column.kind === 'numeric' || column.kind === 'decimal') && shortcut !== undefined)
    return asNumberText;
  if (type.kind === 'float' && column.kind === 'double') return asDouble;
  if (type.kind === 'float' && column.kind === 'real') return asSingle;
  if (type.kind === 'date' && column.kind === 'date') return asDate;
  if (type.kind === 'timestamp' || type.kind === 'timestamptz')
    return column.kind === 'timestamp' || column.kind === 'timestamptz' ? asTimestamp : none;
  if (type.kind === 'boolean' && column.kind === 'boolean') return asFlag;
  return type.kind === 'bytea' && column.kind === 'binary' ? asHex : none;
}

/** How {@link scanRow} reads the values: it handles frequent and short ones, and all others go through {@link putPlain}. */
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
    case asFlag:
      return putBoolean(builder, bytes, start, end);
    case asNumberText:
      return putNumberText(builder, bytes, start, end);
    case asHex:
      return putHex(builder, bytes, start, end);
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

function putBoolean(builder: ColumnBuilder, bytes: Uint8Array, start: number, end: number): boolean {
  const byte = bytes[start];
  if (end - start !== 1 || (byte !== letterT && byte !== letterF)) return false;
  putFlag(builder, byte === letterT);
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

function putHex(builder: ColumnBuilder, bytes: Uint8Array, start: number, end: number): boolean {
  if (bytes[start] !== backslash || bytes[start + 1] !== letterX || (end - start) % 2 !== 0) return false;
  const decoded = Buffer.from(bytes.buffer, bytes.byteOffset + start + 2, end - start - 2).toString('latin1');
  const value = Buffer.from(decoded, 'hex');
  // Decoding stops at the first character that is not a hexadecimal digit.
  if (value.length !== decoded.length / 2) return false;
  putBytes(builder, value, 0, value.length);
  return true;
}
