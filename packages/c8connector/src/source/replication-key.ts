import { isSafeNumber } from 'lossless-json';
import { ConfigError } from '../interface/errors.ts';
import type { Json } from '../interface/progress.ts';
import type { StreamSchema } from '../interface/stream.ts';
import { Decimal, type Value } from '../interface/value.ts';
import { columnType } from '../jsonl/column-type.ts';
import { compareExact } from './exact-order.ts';
import { compareMoments, isMoment, minusSeconds } from './moment.ts';

/** How the values of a replication key are stored and compared. */
export interface ReplicationKey {
  readonly column: string;
  /** Whether the runtime can compare values, so that a lower value after a higher one is an error. False for texts, whose order depends on the server. */
  readonly hasOrder: boolean;
  readonly isNumber: boolean;
  /** Whether it is a date, or a date with its time. */
  readonly isMoment: boolean;
  /** The value as it is stored in the progress; undefined for a value that cannot be ordered. */
  toJson(value: Value | undefined): Json | undefined;
  /** The value as it is in rows. */
  fromJson(value: Json): Value;
  /** Below 0, 0 or above 0. */
  compare(one: Json, other: Json): number;
  /** The value this many seconds earlier; undefined for a key that is not a moment. */
  earlier(value: Json, seconds: number): Json | undefined;
  /** The moment, in milliseconds since 1970, as a value of this key; undefined for a key that is not a moment. */
  at(milliseconds: number): Json | undefined;
}

/** The rules for the replication key of a stream, by the type of its column. Throws a ConfigError `catalog_invalid` for a type without an order. */
export function replicationKeyOf(stream: string, column: string, schema: StreamSchema): ReplicationKey {
  const { kind } = columnType(schema.properties[column] ?? {}, schema);
  switch (kind) {
    case 'integer':
    case 'decimal':
    case 'numeric':
    case 'real':
    case 'double':
      return { column, ...numberKey(kind) };
    case 'timestamp':
    case 'timestamptz':
    case 'date':
      return { column, ...momentKey(kind === 'date') };
    case 'text':
    case 'time':
      return { column, ...textKey };
    default:
      throw new ConfigError(
        `stream '${stream}': the column '${column}' cannot be a replication key, since its type ${kind} has no order`,
        { code: 'catalog_invalid', details: { stream, column } },
      );
  }
}

type OfType = Omit<ReplicationKey, 'column'>;

const noMoment = { isMoment: false, earlier: () => undefined, at: () => undefined } as const;

function numberKey(kind: 'integer' | 'decimal' | 'numeric' | 'real' | 'double'): OfType {
  return {
    hasOrder: true,
    isNumber: true,
    toJson: numberJson,
    fromJson: (value) => numberOf(value, kind),
    compare: (one, other) =>
      typeof one === 'number' && typeof other === 'number' ? one - other : order(compareExact, one, other),
    ...noMoment,
  };
}

function momentKey(isDay: boolean): OfType {
  // A date is the beginning of its day: the day that a lookback reaches into is read too.
  const shorten = (text: string): string => (isDay ? text.replace(/[T ].*$/i, '') : text);
  return {
    hasOrder: true,
    isNumber: false,
    isMoment: true,
    toJson: (value) => (typeof value === 'string' && isMoment(value) ? value : undefined),
    fromJson: String,
    compare: (one, other) => (one === other ? 0 : order(compareMoments, one, other)),
    earlier: (value, seconds) => shorten(minusSeconds(String(value), seconds)),
    at: (milliseconds) => shorten(new Date(milliseconds).toISOString()),
  };
}

const textKey: OfType = {
  hasOrder: false,
  isNumber: false,
  toJson: (value) => (typeof value === 'string' ? value : undefined),
  fromJson: String,
  compare: (one, other) => order((left, right) => (left < right ? -1 : Number(left > right)), one, other),
  ...noMoment,
};

function order(compare: (one: string, other: string) => number | undefined, one: Json, other: Json): number {
  return compare(String(one), String(other)) ?? 0;
}

function numberJson(value: Value | undefined): Json | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  const text = value instanceof Decimal ? value.text : value;
  return typeof text === 'string' && compareExact(text, text) === 0 ? text : undefined;
}

function numberOf(value: Json, kind: 'integer' | 'decimal' | 'numeric' | 'real' | 'double'): Value {
  if (typeof value === 'number') return value;
  const text = String(value);
  if (kind === 'integer' && /^-?\d+$/.test(text)) {
    const number = Number(text);
    return Number.isSafeInteger(number) ? number : BigInt(text);
  }
  const isDouble = kind === 'real' || kind === 'double';
  // Rounded up, it would skip rows.
  return isDouble && isSafeNumber(text) ? Number(text) : new Decimal(text);
}
