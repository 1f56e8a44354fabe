import { Decimal, parseValue, type Row, stringifyValue, type Value } from 'c8connector';
import { shortened } from '../check.ts';
import { isNumeric, shortestNumber } from './exact-number.ts';
import { momentOf } from './moment.ts';

const mostLetters = 300;

/**
 * How two sets of rows differ, in any order; undefined when they are equivalent. Absent and null are the same, numbers are compared by value, moments by
 * instant, and an object or array equals its JSON text. Columns that begin with `_sdc_` are ignored, since they belong to the target.
 */
export function difference(expected: readonly Row[], actual: readonly Row[]): string | undefined {
  const wanted = expected.map(meaning);
  const extra: string[] = [];
  for (const row of actual.map(meaning)) {
    const at = wanted.indexOf(row);
    if (at < 0) extra.push(row);
    else wanted.splice(at, 1);
  }
  if (wanted.length === 0 && extra.length === 0) return undefined;
  const missing =
    wanted.length === 0 ? '' : `${wanted.length} missing, such as ${shortened(wanted[0] ?? '', mostLetters)}`;
  const others =
    extra.length === 0 ? '' : `${extra.length} unexpected, such as ${shortened(extra[0] ?? '', mostLetters)}`;
  return `${actual.length} rows: ${[missing, others].filter((text) => text !== '').join('; ')}`;
}

function meaning(row: Row): string {
  return stringifyValue(normal(Object.fromEntries(Object.entries(row).filter(([name]) => !name.startsWith('_sdc_')))));
}

function normal(value: Value): Value {
  if (isNumeric(value)) return new Decimal(shortestNumber(value));
  if (typeof value === 'string') return normalText(value);
  if (Array.isArray(value)) return value.map(normal);
  if (typeof value !== 'object' || value === null) return value;
  const given = Object.entries(value).filter(([, member]) => member !== null && member !== undefined);
  return Object.fromEntries(
    given.sort(([one], [other]) => (one < other ? -1 : 1)).map(([name, member]) => [name, normal(member)]),
  );
}

function normalText(text: string): Value {
  const moment = momentOf(text);
  if (moment?.hasZone) return `${moment.milliseconds / 1000}.${moment.fraction.replace(/0+$/, '')} s`;
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return normal(parseValue(text));
  } catch {
    return text;
  }
}
