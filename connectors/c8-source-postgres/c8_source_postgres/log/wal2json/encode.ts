import type { RelationColumn } from '../pgoutput.ts';
import type { Wal2jsonColumn } from './message.ts';

/** A value of a row: its text, null, or undefined for a large value that did not change. */
export type Value = string | null | undefined;

const byteaOid = 17;

/** The text of a value, as PostgreSQL writes it. */
export function textOf({ typeoid, value }: Wal2jsonColumn): string | null {
  if (typeof value === 'boolean') return value ? 't' : 'f';
  return typeoid === byteaOid && value !== null ? `\\x${value}` : value;
}

/** The bytes of a message of pgoutput. */
export function encode(letter: string, ...parts: readonly Buffer[]): Buffer {
  return Buffer.concat([Buffer.from(letter, 'latin1'), ...parts]);
}

export function int8(value: number): Buffer {
  return Buffer.from([value]);
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

export function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value | 0);
  return bytes;
}

export function int64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(value);
  return bytes;
}

/** A text that ends in a zero byte. */
function text(value: string): Buffer {
  return Buffer.from(`${value}\0`, 'utf8');
}

export function relation(
  oid: number,
  schema: string,
  table: string,
  identity: string,
  columns: readonly RelationColumn[],
): Buffer {
  const described = columns.flatMap(({ name, type, modifier, isIdentity }) => [
    int8(isIdentity ? 1 : 0),
    text(name),
    int32(Number(type)),
    int32(modifier),
  ]);
  return encode('R', int32(oid), text(schema), text(table), Buffer.from(identity), int16(columns.length), ...described);
}

/** A row, with the letter before it. */
export function tuple(letter: string, values: readonly Value[]): Buffer {
  const encoded = values.flatMap((value) => {
    if (value === null) return [Buffer.from('n')];
    if (value === undefined) return [Buffer.from('u')];
    const bytes = Buffer.from(value, 'utf8');
    return [Buffer.from('t'), int32(bytes.length), bytes];
  });
  return Buffer.concat([Buffer.from(letter), int16(values.length), ...encoded]);
}
