import type { Exactness } from 'c8connector';
import {
  type Anomalies,
  type Convert,
  convertInteger,
  convertJson,
  convertJsonText,
  convertText,
  putText,
  type Shortcut,
} from 'c8connector-sql';
import { convertArray } from './convert-array.ts';
import { convertBytea } from './convert-bytea.ts';
import { convertDate, convertInterval, convertTimestamp, convertTimetz } from './convert-date.ts';
import { convertHstore } from './convert-hstore.ts';
import { convertMoney } from './convert-money.ts';
import { convertDecimal, convertNumber } from './convert-number.ts';
import { isJsonList, type Policies } from './schema.ts';
import type { ArrayType, PostgresType } from './types.ts';

/** What determines the JSON of a value, besides its type. */
export interface ConvertSettings {
  readonly policies: Policies;
  readonly exact: Exactness;
  /** Counts the values of this column that the policies change, and throws for those that they refuse. */
  readonly anomalies: Anomalies;
}

/** Converts PostgreSQL's text to JSON, for each type in docs/types.md. Readers must not share a converter, since it may own a buffer. */
export function converterOf(type: PostgresType, settings: ConvertSettings): Convert {
  const { policies, exact, anomalies } = settings;
  switch (type.kind) {
    case 'boolean':
      return convertFlag('t', 'f', anomalies);
    case 'bit':
      return convertFlag('1', '0', anomalies);
    case 'integer':
      return convertInteger(anomalies);
    case 'float':
    case 'numeric': {
      const quoted = isQuoted(type, policies, exact);
      const finite = isRounded(type, policies) ? convertDecimal(anomalies, quoted) : undefined;
      return convertNumber(policies.special_numbers, anomalies, quoted, finite);
    }
    case 'json':
      return exact === 'text' ? convertText : convertJson(anomalies);
    case 'date':
      return convertDate(policies.out_of_range_dates, anomalies);
    case 'timestamp':
    case 'timestamptz':
      return convertTimestamp(policies.out_of_range_dates, anomalies);
    case 'timetz':
      return convertTimetz(policies.out_of_range_dates, anomalies);
    case 'interval':
      return convertInterval(policies.out_of_range_dates, anomalies);
    case 'bytea':
      return convertBytea(anomalies);
    case 'money':
      return convertMoney(type.scale, exact === 'text', anomalies);
    case 'hstore':
      return inExactness(exact, convertHstore(anomalies));
    case 'array':
      return listConverter(type, settings);
    case 'string':
    case 'time':
      return convertText;
  }
}

/** The shortcut by which the row encoder may write common values of a type; the result must be the same as the converter's. */
export function shortcutOf(
  type: PostgresType,
  { policies, exact }: Pick<ConvertSettings, 'policies' | 'exact'>,
): Shortcut | undefined {
  if (type.kind === 'string' || type.kind === 'time') return 'text';
  if (type.kind === 'integer') return 'integer';
  if (type.kind === 'date') return 'date';
  if (type.kind !== 'float' && type.kind !== 'numeric') return undefined;
  if (isRounded(type, policies)) return undefined;
  return isQuoted(type, policies, exact) ? 'quoted' : 'number';
}

function isRounded(type: PostgresType, policies: Policies): boolean {
  return type.kind === 'numeric' && type.precision === undefined && policies.unbounded_numeric === 'decimal(38,9)';
}

/** The rule of `isExactText` for numbers: true for decimals, and for columns that also contain strings. */
function isQuoted(type: PostgresType, policies: Policies, exact: Exactness): boolean {
  const isDecimal =
    type.kind === 'numeric' && (type.precision !== undefined || policies.unbounded_numeric !== 'double');
  return exact === 'text' && (isDecimal || policies.special_numbers === 'text');
}

/** A list that targets store as JSON text is written with plain numbers and, if the lines have decimals as text, as one string. */
function listConverter(type: ArrayType, settings: ConvertSettings): Convert {
  const { policies, exact, anomalies } = settings;
  if (!isJsonList(type, policies)) return convertArray(type.delimiter, converterOf(type.items, settings), anomalies);
  const items = converterOf(type.items, { ...settings, exact: 'number' });
  return inExactness(exact, convertArray(type.delimiter, items, anomalies));
}

function inExactness(exact: Exactness, json: Convert): Convert {
  return exact === 'text' ? convertJsonText(json) : json;
}

function convertFlag(yes: string, no: string, anomalies: Anomalies): Convert {
  return (bytes, start, end, out, at) => {
    const byte = end - start === 1 ? bytes[start] : undefined;
    if (byte === yes.charCodeAt(0)) return putText('true', out, at);
    return byte === no.charCodeAt(0) ? putText('false', out, at) : anomalies.malformed('true or false');
  };
}
