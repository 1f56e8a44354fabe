import { ConnectorError } from '../interface/errors.ts';
import type { ConfigProperty } from '../interface/property.ts';
import { isDate, isDateTime, isEmail } from './formats.ts';
import { nearest } from './nearest.ts';

/** The result of converting one given value: `value` in the declared type, or what is wrong with it and what would be right. */
export type TypedValue = { readonly value: unknown } | { readonly problem: string; readonly index?: number };

/** How a value is shown in a message: quoted and cut short, or not at all when it must stay hidden. */
export type Show = (value: unknown) => string;

/** Converts one given value, which is neither absent nor null, to the type that its property declares. */
export function typedValue(property: ConfigProperty, given: unknown, show: Show): TypedValue {
  if (property.type === 'integer') return parseInteger(property, given, show);
  if (property.type === 'boolean') return parseBoolean(given, show);
  if (property.type === 'array') return parseArray(property, given, show);
  if (property.type === 'object') return parseObject(given, show);
  return parseText(property, given, show);
}

/** The expression of a `pattern`, which the whole text must match. */
export function wholePattern(pattern: string): string {
  return `^(?:${pattern})$`;
}

function matcher(name: string, pattern: string): RegExp {
  try {
    return new RegExp(wholePattern(pattern), 'u');
  } catch (cause) {
    const message = `the pattern of config property ${name} is not a regular expression: ${pattern}`;
    throw new ConnectorError(message, { code: 'contract_broken', cause, details: { property: name } });
  }
}

/** Inclusive bounds of an `integer`, never beyond what a double holds exactly. */
export function integerBounds(property: ConfigProperty): { readonly minimum: number; readonly maximum: number } {
  return {
    minimum: property.minimum ?? Number.MIN_SAFE_INTEGER,
    maximum: property.maximum ?? Number.MAX_SAFE_INTEGER,
  };
}

function parseInteger(property: ConfigProperty, given: unknown, show: Show): TypedValue {
  const number = numberOf(given);
  if (number === undefined || !Number.isInteger(number)) {
    return { problem: `${show(given)} is not a whole number; give one such as ${exampleInteger(property)}` };
  }
  if (!Number.isSafeInteger(number)) {
    return { problem: `${show(given)} is too large to be kept exactly; give a number of at most 15 digits` };
  }
  const { minimum, maximum } = integerBounds(property);
  if (number >= minimum && number <= maximum) return { value: number };
  return { problem: `${show(given)} is out of bounds; give a whole number ${boundsText(property)}` };
}

function numberOf(given: unknown): number | undefined {
  if (typeof given === 'number') return given === 0 ? 0 : given;
  if (typeof given === 'bigint') return Number(given);
  if (typeof given !== 'string' || !/^\s*[+-]?\d+(?:\.0*)?\s*$/.test(given)) return undefined;
  const number = Number(given);
  return number === 0 ? 0 : number;
}

function exampleInteger(property: ConfigProperty): string {
  for (const example of [property.defaultValue, property.placeholderValue, property.minimum]) {
    const number = example === '' ? undefined : numberOf(example);
    if (number !== undefined && Number.isSafeInteger(number)) return String(number);
  }
  return '10';
}

/** `from 1 to 65535`; '' without bounds. */
export function boundsText(property: ConfigProperty): string {
  const { minimum, maximum } = property;
  if (minimum !== undefined && maximum !== undefined) return `from ${minimum} to ${maximum}`;
  if (minimum !== undefined) return `of at least ${minimum}`;
  return maximum === undefined ? '' : `of at most ${maximum}`;
}

const booleans: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['yes', true],
  ['1', true],
  ['false', false],
  ['no', false],
  ['0', false],
]);

function parseBoolean(given: unknown, show: Show): TypedValue {
  const value =
    typeof given === 'object' || typeof given === 'function'
      ? undefined
      : booleans.get(String(given).trim().toLowerCase());
  return value === undefined ? { problem: `${show(given)} is neither true nor false; give one of them` } : { value };
}

function parseText(property: ConfigProperty, given: unknown, show: Show): TypedValue {
  if (typeof given !== 'string') {
    const fix = typeof given === 'object' ? 'give a text' : 'put it in quotes';
    return { problem: `${show(given)} is not text; ${fix}` };
  }
  const problem = textProblem(property, given, show);
  return problem === undefined ? { value: given } : { problem };
}

function textProblem(property: ConfigProperty, text: string, show: Show): string | undefined {
  const { options, pattern } = property;
  if (text === '') return 'is empty; give a value';
  if (property.type === 'options' && options !== undefined && !options.includes(text)) {
    const meant = nearest(text, options);
    const hint = meant === undefined ? '' : `; did you mean '${meant}'?`;
    return `${show(text)} is not one of ${options.join(', ')}${hint}`;
  }
  if (property.type === 'email' && !isEmail(text)) {
    return `${show(text)} is not an email address; give one such as name@example.com`;
  }
  if (property.type === 'date_iso8601' && !isDate(text) && !isDateTime(text)) {
    return `${show(text)} is not a date; give one such as 2024-01-31, or 2024-01-31T09:30:00Z with its zone`;
  }
  if (pattern !== undefined && !matcher(property.name, pattern).test(text)) {
    const example = property.placeholderValue === '' ? '' : `, such as ${property.placeholderValue}`;
    return `${show(text)} does not match ${pattern}; give a text that does${example}`;
  }
  return undefined;
}

function parseArray(property: ConfigProperty, given: unknown, show: Show): TypedValue {
  const kind = property.items?.type ?? 'string';
  const list = typeof given === 'string' ? listOfText(given, kind) : given;
  if (!Array.isArray(list)) {
    const example = kind === 'integer' ? '[1, 2]' : kind === 'object' ? '[{"name": "value"}]' : '["a", "b"] or a,b';
    return { problem: `${show(given)} is not a list; give one such as ${example}` };
  }
  const { minimum: _, maximum: __, pattern: ___, ...plain } = property;
  const values: unknown[] = [];
  for (const [index, item] of list.entries()) {
    const parsed = itemIsEmpty(item)
      ? { problem: 'is empty; give a value or leave it out' }
      : typedValue({ ...plain, type: kind }, item, show);
    if ('problem' in parsed) return { problem: parsed.problem, index };
    values.push(parsed.value);
  }
  return { value: values };
}

function itemIsEmpty(item: unknown): boolean {
  return item === undefined || item === null || item === '';
}

function listOfText(text: string, kind: 'string' | 'integer' | 'object'): unknown {
  if (/^\s*\[/.test(text)) return parsedJson(text);
  if (kind === 'object') return undefined;
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function parseObject(given: unknown, show: Show): TypedValue {
  const value = typeof given === 'string' ? parsedJson(given) : given;
  if (isObject(value)) return { value };
  return { problem: `${show(given)} is not a JSON object; give one such as {"name": "value"}` };
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
