import { nearest } from '../config/nearest.ts';
import { ConfigError } from '../interface/errors.ts';
import { Decimal, type Row, type Value } from '../interface/value.ts';
import { stringifyValue } from '../jsonl/values.ts';

/** Any JSON with `{{column}}` in its texts. */
export type Template = unknown;

const places = /\{\{\s*([^{}]+?)\s*\}\}/g;

/** The columns that a template refers to, each once. */
export function templateNames(template: Template): readonly string[] {
  const names = new Set<string>();
  const visit = (value: unknown): void => {
    if (typeof value === 'string') for (const [, name = ''] of value.matchAll(places)) names.add(name);
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(visit);
  };
  visit(template);
  return [...names];
}

/** Throws a ConfigError `column_unknown` that names everything in the template that is not one of `columns`. */
export function checkTemplate(template: Template, columns: readonly string[], of: string): void {
  const problems = templateNames(template)
    .filter((name) => !columns.includes(name))
    .map((name) => {
      const close = nearest(name, columns);
      return `{{${name}}}: ${of} has no '${name}'${close === undefined ? '' : `; did you mean '${close}'?`}`;
    });
  if (problems.length > 0) throw new ConfigError(problems.join('\n'), { code: 'column_unknown' });
}

/**
 * A template with the values of a row filled in. A text that consists of one placeholder becomes the value itself. Within a longer text, values become text, escaped for the
 * service; null and absent values become an empty text.
 */
export function render(template: Template, row: Row, escapeText: (text: string) => string): unknown {
  if (typeof template === 'string') {
    const [whole, name] = /^\{\{\s*([^{}]+?)\s*\}\}$/.exec(template) ?? [];
    if (whole !== undefined && name !== undefined) return wholeValue(valueIn(row, name), escapeText);
    return template.replaceAll(places, (_, column: string) => escapeText(textOf(valueIn(row, column))));
  }
  if (Array.isArray(template)) return template.map((item) => render(item, row, escapeText));
  if (typeof template !== 'object' || template === null) return template;
  return Object.fromEntries(Object.entries(template).map(([key, value]) => [key, render(value, row, escapeText)]));
}

/** What an object inherits is not a column. */
function valueIn(row: Row, column: string): Value | undefined {
  return Object.hasOwn(row, column) ? row[column] : undefined;
}

function wholeValue(value: Value | undefined, escapeText: (text: string) => string): unknown {
  if (typeof value === 'string') return escapeText(value);
  return typeof value === 'bigint' || value instanceof Decimal ? String(value) : value;
}

function textOf(value: Value | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : stringifyValue(value);
}
