import type { Exactness } from 'c8connector';
import type { Anomalies } from './anomalies.ts';
import { convertArray } from './convert-array.ts';
import { convertBytea } from './convert-bytea.ts';
import { convertDate, convertTimestamp, convertTimetz } from './convert-date.ts';
import { convertHstore } from './convert-hstore.ts';
import { convertDecimal, convertNumber } from './convert-number.ts';
import { type Convert, convertJson, convertText, convertVerbatim } from './convert-text.ts';
import type { Policies } from './schema.ts';
import type { PostgresType } from './types.ts';

/** What decides the JSON of a value beside its type. */
export interface ConvertSettings {
  readonly policies: Policies;
  readonly exact: Exactness;
  /** Counts what the policies change in this column, and refuses what they refuse. */
  readonly anomalies: Anomalies;
}

/** The one way from PostgreSQL's text to JSON, for a type of docs/types.md. Not to be shared by two readers: it may own a buffer. */
export function converterOf(type: PostgresType, settings: ConvertSettings): Convert {
  const { policies, exact, anomalies } = settings;
  switch (type.kind) {
    case 'boolean':
      return convertFlag('t'.charCodeAt(0));
    case 'bit':
      return convertFlag('1'.charCodeAt(0));
    case 'integer':
      return convertVerbatim;
    case 'float':
    case 'numeric': {
      const quoted = isQuoted(type, policies, exact);
      const finite = isRounded(type, policies) ? convertDecimal(anomalies, quoted) : undefined;
      return convertNumber(policies.special_numbers, anomalies, quoted, finite);
    }
    case 'json':
      return exact === 'text' ? convertText : convertJson;
    case 'date':
      return convertDate(policies.out_of_range_dates, anomalies);
    case 'timestamp':
    case 'timestamptz':
      return convertTimestamp(policies.out_of_range_dates, anomalies);
    case 'timetz':
      return convertTimetz;
    case 'bytea':
      return convertBytea;
    case 'hstore':
      return convertHstore(exact);
    case 'array':
      return convertArray(type.delimiter, converterOf(type.items, settings));
    case 'string':
    case 'time':
      return convertText;
  }
}

/** number: digits as they are; quoted: digits in a JSON string; text: a JSON string; date: a JSON string of ten characters. */
export type Shortcut = 'number' | 'quoted' | 'text' | 'date';

/** How the encoder of rows may write the plain values of a type by itself; it must come to what the converter would write. */
export function shortcutOf(
  type: PostgresType,
  { policies, exact }: Pick<ConvertSettings, 'policies' | 'exact'>,
): Shortcut | undefined {
  if (type.kind === 'string' || type.kind === 'time') return 'text';
  if (type.kind === 'integer') return 'number';
  if (type.kind === 'date') return 'date';
  if (type.kind !== 'float' && type.kind !== 'numeric') return undefined;
  if (isRounded(type, policies)) return undefined;
  return isQuoted(type, policies, exact) ? 'quoted' : 'number';
}

function isRounded(type: PostgresType, policies: Policies): boolean {
  return type.kind === 'numeric' && type.precision === undefined && policies.unbounded_numeric === 'decimal(38,9)';
}

/** The rule of `isExactText`, for numbers: decimals, and columns that hold strings among the numbers. */
function isQuoted(type: PostgresType, policies: Policies, exact: Exactness): boolean {
  const isDecimal =
    type.kind === 'numeric' && (type.precision !== undefined || policies.unbounded_numeric !== 'double');
  return exact === 'text' && (isDecimal || policies.special_numbers === 'text');
}

const texts = { true: new TextEncoder().encode('true'), false: new TextEncoder().encode('false') };

function convertFlag(yes: number): Convert {
  return (bytes, start, _end, out, at) => {
    const text = bytes[start] === yes ? texts.true : texts.false;
    out.set(text, at);
    return at + text.length;
  };
}
