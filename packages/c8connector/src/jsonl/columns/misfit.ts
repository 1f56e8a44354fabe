import { DataError } from '../../interface/errors.ts';
import type { StreamSchema } from '../../interface/stream.ts';
import { textOf } from '../byte-buffer.ts';
import { type ColumnType, columnType } from '../column-type.ts';
import { rowsOfLines } from '../lines.ts';
import { stringifyValue } from '../values.ts';
import { columnBuilder } from './column-builder.ts';
import { layoutOf } from './layout.ts';

/** A value that its column cannot hold. */
export interface Misfit {
  readonly column: string;
  /** The value as JSON. */
  readonly json: Uint8Array;
  /** The line of the row. */
  readonly line: Uint8Array;
}

/** Where such a value is, and what it should be, when the type of its column does not say so. */
export interface MisfitPlace {
  readonly stream: string;
  readonly schema: StreamSchema;
  readonly keyProperties: readonly string[];
  /** Completes the sentence "is not …". */
  readonly wanted?: string;
  readonly remedy?: string;
  /** `value_unstorable` when left out. */
  readonly code?: 'value_unstorable' | 'value_too_large';
}

/** Longer values are cut in messages. */
const shownCharacters = 60;
/** The most bytes of a value that are searched for what is wrong with it. */
const longestSearched = 10_000;

/** The DataError for a value: it names the stream, the key of the row, the column, and the value. */
export function misfitError(
  { column, json, line }: Misfit,
  { stream, schema, keyProperties, code = 'value_unstorable', ...expected }: MisfitPlace,
): DataError {
  const key = keyText(line, schema, keyProperties);
  const row = key === '' ? 'a row (the stream has no key)' : `the row ${key}`;
  const { wanted, remedy } = {
    ...expectationOf(columnType(schema.properties[column] ?? {}, schema), json),
    ...expected,
  };
  return new DataError(
    `Stream ${stream}: the column ${JSON.stringify(column)} of ${row} has ${shown(json)}, which is not ${wanted}.`,
    {
      code,
      details: { stream, column, ...(key === '' ? {} : { key }) },
      remedy: [
        'Correct the row in the source, deselect the column, or set format to jsonl, which can hold every value.',
        ...(remedy === undefined ? [] : [remedy]),
      ].join(' '),
    },
  );
}

function keyText(line: Uint8Array, schema: StreamSchema, keyProperties: readonly string[]): string {
  const [row] = rowsOfLines(line, schema, 'number');
  return keyProperties.map((name) => `${name}=${plain(row?.[name])}`).join(', ');
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : stringifyValue(value ?? null);
}

function shown(json: Uint8Array): string {
  // A character has four bytes at most.
  const text = textOf(json, 0, Math.min(json.length, 4 * shownCharacters));
  if (text.length <= shownCharacters && text.length === json.length) return text;
  return `${text.slice(0, shownCharacters)}…`;
}

/** The fix, which exists only for digits below a microsecond: a setting. In a list, any item may have them. */
function remedyOf(json: Uint8Array): { readonly remedy?: string } {
  if (!/[.,]\d{7,}/.test(textOf(json, 0, Math.min(json.length, longestSearched)))) return {};
  return { remedy: 'Digits below a microsecond are cut off or rounded with sub_microseconds: truncate or round.' };
}

/** What the values of a column should be; completes the sentence "is not …". */
function expectationOf(type: ColumnType, json: Uint8Array): { readonly wanted: string; readonly remedy?: string } {
  switch (type.kind) {
    case 'boolean':
      return { wanted: 'true or false' };
    case 'integer': {
      const { highest } = columnBuilder(type, 0);
      const bits: Readonly<Record<string, number>> = { int32: Math.log2(highest + 1) + 1, int64: 64 };
      return { wanted: `an integer of ${bits[layoutOf(type)] ?? 128} bits` };
    }
    case 'decimal':
      return { wanted: `a decimal of ${type.precision} digits, ${type.scale} of them after the decimal point` };
    case 'real':
      return { wanted: 'a number that 4 bytes hold with all its digits' };
    case 'double':
      return { wanted: 'a number that 8 bytes hold with all its digits' };
    case 'date':
      return { wanted: 'a date of the calendar, YYYY-MM-DD, from year 1 to 9999' };
    case 'timestamp':
    case 'timestamptz':
      return { wanted: 'a date-time of the calendar, from year 1 to 9999, to the microsecond', ...remedyOf(json) };
    case 'binary':
      return { wanted: 'base64' };
    case 'list': {
      const { wanted, remedy = '' } =
        type.items.kind === 'text' ? { wanted: 'texts' } : expectationOf(type.items, json);
      const depth =
        'When lists of the column differ in depth, have the source describe it as JSON: arrays: json of c8-source-postgres.';
      return { wanted: `a list whose items are ${wanted}`, remedy: `${depth} ${remedy}`.trim() };
    }
    case 'text':
    case 'time':
    case 'numeric':
    case 'json':
      return { wanted: 'valid text: it contains half of a surrogate pair' };
  }
}
