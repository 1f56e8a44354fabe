import { ConfigError } from '../interface/errors.ts';
import type { Json } from '../interface/progress.ts';
import type { StreamSchema } from '../interface/stream.ts';
import { Decimal, type Value } from '../interface/value.ts';
import { columnType } from '../jsonl/column-type.ts';
import { compareExact } from './exact-order.ts';
import { compareMoments, minusSeconds } from './moment.ts';

/** How the values of a replication key are kept and compared. */
export interface ReplicationKey {
  readonly column: string;
  /** Whether a lower value may follow a higher one only by mistake: the order of texts is the server's own. */
  readonly hasOrder: boolean;
  readonly isNumber: boolean;
  /** As progress keeps it; undefined for a value that has no place in the order. */
  toJson(value: Value | undefined): Json | undefined;
  /** As the rows have it. */
  fromJson(value: Json): Value;
  /** Below 0, 0 or above 0. */
  compare(one: Json, other: Json): number;
  /** So many seconds earlier; undefined for a key that is neither a date nor a time. */
  earlier(value: Json, seconds: number): Json | undefined;
  /** The moment as a value of this key; undefined for a key that is neither a date nor a time. */
  at(milliseconds: number): Json | undefined;
}

/** The replication key of a stream, by the type of its column. Throws a ConfigError `catalog_invalid` for a type without an order. */
export function replicationKeyOf(stream: string, column: string, schema: StreamSchema): ReplicationKey {
  const { kind } = columnType(schema.properties[column] ?? {}, schema);
  const none = { earlier: () => undefined, at: () => undefined };
  switch (kind) {
    case 'integer':
    case 'decimal':
    case 'numeric':
    case 'real':
    case 'double': {
      const fromJson = (value: Json) => numberOf(value, kind === 'integer');
      return {
        column,
        hasOrder: true,
        isNumber: true,
        toJson: numberJson,
        fromJson,
        compare: compareTexts(compareExact),
        ...none,
      };
    }
    case 'timestamp':
    case 'timestamptz':
    case 'date': {
      const isDay = kind === 'date';
      const shorten = (text: string) => (isDay ? text.slice(0, 10) : text);
      return {
        column,
        hasOrder: true,
        isNumber: false,
        toJson: (value) => (typeof value === 'string' && compareMoments(value, value) === 0 ? value : undefined),
        fromJson: String,
        compare: compareTexts(compareMoments),
        // A date is the begin of its day: the day that a lookback reaches into is read too.
        earlier: (value, seconds) => shorten(minusSeconds(String(value), seconds)),
        at: (milliseconds) => shorten(new Date(milliseconds).toISOString()),
      };
    }
    case 'text':
    case 'time':
      return {
        column,
        hasOrder: false,
        isNumber: false,
        toJson: (value) => (typeof value === 'string' ? value : undefined),
        fromJson: String,
        compare: compareTexts((one, other) => (one < other ? -1 : Number(one > other))),
        ...none,
      };
    default:
      throw new ConfigError(
        `stream '${stream}': the column '${column}' cannot be a replication key, since ${kind} has no order`,
        { code: 'catalog_invalid', details: { stream, column } },
      );
  }
}

function compareTexts(compare: (one: string, other: string) => number | undefined) {
  return (one: Json, other: Json): number => compare(String(one), String(other)) ?? 0;
}

function numberJson(value: Value | undefined): Json | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (value instanceof Decimal) return value.text;
  return typeof value === 'string' && compareExact(value, value) === 0 ? value : undefined;
}

function numberOf(value: Json, isInteger: boolean): Value {
  if (typeof value === 'number') return value;
  const text = String(value);
  if (!isInteger || !/^-?\d+$/.test(text)) return new Decimal(text);
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text);
}
