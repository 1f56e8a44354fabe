import { type ColumnBuilder, type ColumnType, putBytes, putDouble, putFlag } from 'c8connector';
import { type PlainPut, plainPutOf, putPlain, type Shortcut, textOf } from 'c8connector-sql';
import type { MysqlType } from './types.ts';

/** Beside those of c8connector-sql, which have small numbers. */
const asFlag = 100;
const asBytes = 101;
const asDouble = 102;

const zero = 0x30;

/** How common values of a column are put into its typed array: as all SQL sources do it, or from MySQL's own text. */
export function copyPutOf(type: MysqlType, shortcut: Shortcut | undefined, column: ColumnType): PlainPut {
  if (type.kind === 'boolean' && column.kind === 'boolean') return asFlag;
  if (type.kind === 'binary' && column.kind === 'binary') return asBytes;
  if (type.kind === 'float' && !type.isSingle && column.kind === 'double') return asDouble;
  // Floats that were selected as doubles are rounded by their converter.
  if (type.kind === 'float') return plainPutOf('', undefined, column);
  return plainPutOf(type.kind, shortcut, column);
}

/** Adds the field from `start` to before `end`. Returns false if the value needs its converter. */
export function putCopied(
  put: PlainPut,
  builder: ColumnBuilder,
  bytes: Uint8Array,
  start: number,
  end: number,
): boolean {
  if (put < asFlag) return putPlain(put, builder, bytes, start, end);
  if (put === asDouble) return putFloat(builder, bytes, start, end);
  if (put === asFlag) putFlag(builder, end - start !== 1 || bytes[start] !== zero);
  else putBytes(builder, bytes, start, end);
  return true;
}

function putFloat(builder: ColumnBuilder, bytes: Uint8Array, start: number, end: number): boolean {
  const value = Number(textOf(bytes, start, end));
  if (!Number.isFinite(value) || start === end) return false;
  // Without -0, as the converter.
  putDouble(builder, value + 0);
  return true;
}
