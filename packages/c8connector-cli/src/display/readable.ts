import { stringifyValue, type Value, visible } from 'c8connector';
import type { Values } from 'c8connector-host';
import { table, terminalWidth } from './tables.ts';

/** The most characters of a cell. */
const cell = 60;

/** The output of an action for people: a list of objects as a table, an object as a table of its values with its lists below. Ends with a newline. */
export function readable(output: unknown): string {
  if (isList(output)) return listTable(output);
  if (!isObject(output)) return `${textOf(output)}\n`;
  const lists = Object.entries(output).flatMap(([name, value]) => (isList(value) ? [[name, value] as const] : []));
  const rows = Object.entries(output)
    .filter(([, value]) => !isList(value))
    .map(([name, value]) => [name, textOf(value)]);
  return [
    ...(rows.length > 0 || lists.length === 0 ? [table(['property', 'value'], rows, { width: terminalWidth() })] : []),
    ...lists.map(([name, list]) => `${visible(name)}: ${list.length}\n${listTable(list)}`),
  ].join('\n');
}

function isObject(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isList(value: unknown): value is readonly Values[] {
  return Array.isArray(value) && value.length > 0 && value.every(isObject);
}

function listTable(list: readonly Values[]): string {
  const columns = [...new Set(list.flatMap(Object.keys))];
  const rows = list.map((item) => columns.map((column) => textOf(item[column])));
  return table(columns, rows, { width: terminalWidth(), cell });
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : stringifyValue(value as Value);
}
