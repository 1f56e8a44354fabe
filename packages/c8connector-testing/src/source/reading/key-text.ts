import type { Row, Value } from 'c8connector';
import { parseValue, stringifyValue } from 'c8connector';
import { isNumeric, shortestNumber } from '../../values/exact-number.ts';

/** The same text for all lines whose key is the same; numbers count by their value. */
export function keyText(line: string, keys: readonly string[]): string {
  const row = parseValue(line) as Row;
  return stringifyValue(keys.map((key) => canonical(row[key] ?? null)));
}

function canonical(value: Value): Value {
  return isNumeric(value) ? shortestNumber(value) : value;
}
