import type { ColumnValues } from '../../interface/columns.ts';
import type { StreamSchema } from '../../interface/stream.ts';
import { Decimal, type Row, type Value } from '../../interface/value.ts';
import { type ColumnType, columnTyper } from '../column-type.ts';
import { isNumberText, numberOf, parseValue } from '../values.ts';

/** Converts columns to rows. Values keep all their digits; only trailing zeros of a date-time's fraction are lost. */
export function rowsOfColumns(columns: readonly ColumnValues[], count: number, schema: StreamSchema): Row[] {
  const names = Object.keys(schema.properties);
  const types = Object.values(schema.properties).map(columnTyper(schema));
  const values = columns.map((column, index) => valuesOf(column, count, types[index] ?? { kind: 'json' }));
  return Array.from({ length: count }, (_, row) =>
    Object.fromEntries(names.map((name, index) => [name, values[index]?.[row] ?? null])),
  );
}

/** The values of a column, null where there is none. */
function valuesOf(column: ColumnValues, count: number, type: ColumnType): readonly Value[] {
  const read = readerOf(column, count, type);
  return Array.from({ length: count }, (_, at) => (column.nulls?.[at] === 1 ? null : read(at)));
}

/** Returns a function that reads the value of a row. */
function readerOf(column: ColumnValues, count: number, type: ColumnType): (at: number) => Value {
  const scale = type.kind === 'decimal' ? type.scale : 0;
  switch (column.kind) {
    case 'boolean':
      return (at) => column.values[at] === 1;
    case 'int32':
      return type.kind === 'date' ? (at) => dateText(column.values[at] as number) : (at) => column.values[at] as number;
    case 'int64':
      if (type.kind === 'timestamp' || type.kind === 'timestamptz')
        return (at) => timestampText(wordsAt(column.values, at));
      return (at) => numberOf(decimalText(wordsAt(column.values, at), scale));
    case 'decimal128':
      return (at) => numberOf(decimalText(longAt(column.values, at), scale));
    case 'double':
      return type.kind === 'real'
        ? (at) => doubleValue(shortest(column.values[at] as number))
        : (at) => doubleValue(column.values[at] as number);
    case 'bytes': {
      const { bytes, ends } = column;
      if (type.kind === 'binary') return (at) => bytesAt(bytes, ends, at).toString('base64');
      return (at) => textValue(bytesAt(bytes, ends, at).toString('utf8'), type);
    }
    case 'list': {
      const { ends, items } = column;
      const itemType = type.kind === 'list' ? type.items : { kind: 'json' as const };
      const all = valuesOf(items, count === 0 ? 0 : (ends[count - 1] as number), itemType);
      return (at) => all.slice(at === 0 ? 0 : ends[at - 1], ends[at]);
    }
  }
}

/** Only a text keeps the sign of a zero. */
function doubleValue(value: number): Value {
  return Object.is(value, -0) ? new Decimal('-0') : value;
}

/** Types without a layout of their own are stored as text. */
function textValue(text: string, { kind }: ColumnType): Value {
  if (kind === 'json') return parseValue(text);
  return (kind === 'numeric' || kind === 'decimal') && isNumberText(text) ? numberOf(text) : text;
}

function wordsAt(words: Int32Array, at: number): bigint {
  return (BigInt(words[2 * at + 1] as number) << 32n) | BigInt((words[2 * at] as number) >>> 0);
}

function longAt(bytes: Uint8Array, at: number): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset + 16 * at, 16);
  return (view.getBigInt64(0) << 64n) | view.getBigUint64(8);
}

function decimalText(unscaled: bigint, scale: number): string {
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0');
  const sign = unscaled < 0n ? '-' : '';
  return scale === 0 ? `${sign}${digits}` : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** The number whose decimal form is the shortest that reads back as this single. */
function shortest(value: number): number {
  if (value === 0) return value;
  for (let digits = 1; digits < 9; digits++) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.fround(rounded) === value) return rounded;
  }
  return Number(value.toPrecision(9));
}

function bytesAt(bytes: Uint8Array, ends: Int32Array, at: number): Buffer {
  const start = at === 0 ? 0 : (ends[at - 1] as number);
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, (ends[at] as number) - start);
}

const microsecondsOfDay = 86_400_000_000n;
const millisecondsOfDay = 86_400_000;

function dateText(days: number): string {
  return new Date(days * millisecondsOfDay).toISOString().slice(0, 10);
}

function timeText(microseconds: number): string {
  const seconds = Math.floor(microseconds / 1_000_000);
  const text = [seconds / 3600, (seconds / 60) % 60, seconds % 60].map((part) => two(Math.floor(part))).join(':');
  return `${text}${fractionText(microseconds - seconds * 1_000_000)}`;
}

function timestampText(microseconds: bigint): string {
  const ofDay = ((microseconds % microsecondsOfDay) + microsecondsOfDay) % microsecondsOfDay;
  return `${dateText(Number((microseconds - ofDay) / microsecondsOfDay))}T${timeText(Number(ofDay))}+00:00`;
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}

function fractionText(microseconds: number): string {
  return microseconds === 0 ? '' : `.${String(microseconds).padStart(6, '0').replace(/0+$/, '')}`;
}
