import { type ColumnBuilder, type ColumnType, putBytes, putFlag } from 'c8connector';
import { type PlainPut, plainPutOf, putPlain, type Shortcut } from 'c8connector-sql';
import type { PostgresType } from './types.ts';

/** Beside those of c8connector-sql, which have small numbers. */
const asFlag = 100;
const asHex = 101;

const backslash = 0x5c;
const letterX = 0x78;
const letterT = 0x74;
const letterF = 0x66;

/** How common values of a column are put into its typed array: as all SQL sources do it, or from PostgreSQL's own text. */
export function copyPutOf(type: PostgresType, shortcut: Shortcut | undefined, column: ColumnType): PlainPut {
  if (type.kind === 'boolean' && column.kind === 'boolean') return asFlag;
  if (type.kind === 'bytea' && column.kind === 'binary') return asHex;
  return plainPutOf(type.kind, shortcut, column);
}

/** Adds the field from `start` to before `end`, which has no escapes. Returns false if the value needs its converter. */
export function putCopied(
  put: PlainPut,
  builder: ColumnBuilder,
  bytes: Uint8Array,
  start: number,
  end: number,
): boolean {
  if (put < asFlag) return putPlain(put, builder, bytes, start, end);
  return put === asFlag ? putBoolean(builder, bytes, start, end) : putHex(builder, bytes, start, end);
}

function putBoolean(builder: ColumnBuilder, bytes: Uint8Array, start: number, end: number): boolean {
  const byte = bytes[start];
  if (end - start !== 1 || (byte !== letterT && byte !== letterF)) return false;
  putFlag(builder, byte === letterT);
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
