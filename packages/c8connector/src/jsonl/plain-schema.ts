import { Decimal } from '../interface/value.ts';
import { plainValue } from './plain-value.ts';
import { isNumberText, numberOf } from './values.ts';

type Members = Readonly<Record<string, unknown>>;

/** Keywords whose value is a number, or a boolean in draft 4. */
const numbers = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'];
const maps = ['properties', 'patternProperties', 'definitions', '$defs', 'dependencies', 'dependentSchemas'];
const schemas = [
  ...['items', 'prefixItems', 'additionalItems', 'additionalProperties', 'contains', 'propertyNames', 'not'],
  ...['anyOf', 'oneOf', 'allOf', 'if', 'then', 'else'],
];

/** The only key of an object that represents a number where a text would be a different value, such as in an `enum`. */
const numberKey = 'x-c8-number';

/**
 * A JSON Schema from `parseValue` as plain JSON, without bigints and Decimals, so that `JSON.stringify` loses nothing. A number that a double cannot hold becomes its text where a
 * keyword has a number, and `{ "x-c8-number": TEXT }` elsewhere.
 */
export function plainSchema<S>(schema: S): S {
  return mapSchema(schema, plainValue, plainMembers) as S;
}

/** The reverse for a JSON Schema: bigints and Decimals where `ValueSchema` has texts for numbers. To be written with `stringifyValue`, as Singer's text and any validator expect. */
export function exactSchema(schema: unknown): unknown {
  return mapSchema(schema, exactBound, exactMembers);
}

/** Any JSON value without bigints and Decimals, without loss: {@link exactMembers} reverses it. */
export function plainMembers(value: unknown): unknown {
  if (typeof value === 'bigint' || value instanceof Decimal) {
    const plain = plainValue(value);
    return typeof plain === 'string' ? { [numberKey]: plain } : plain;
  }
  return mapMembers(value, plainMembers);
}

export function exactMembers(value: unknown): unknown {
  const text = isObject(value) && Object.keys(value).length === 1 ? value[numberKey] : undefined;
  return typeof text === 'string' && isNumberText(text) ? numberOf(text) : mapMembers(value, exactMembers);
}

function exactBound(value: unknown): unknown {
  return typeof value === 'string' && isNumberText(value) ? numberOf(value) : value;
}

function mapSchema(
  schema: unknown,
  ofNumber: (value: unknown) => unknown,
  ofOther: (value: unknown) => unknown,
): unknown {
  const map = (inner: unknown): unknown => mapSchema(inner, ofNumber, ofOther);
  if (Array.isArray(schema)) return schema.map(map);
  if (!isObject(schema)) return ofOther(schema);
  return mapObject(schema, (value, key) => {
    if (numbers.includes(key)) return isObject(value) || Array.isArray(value) ? ofOther(value) : ofNumber(value);
    if (schemas.includes(key)) return map(value);
    return maps.includes(key) && isObject(value) ? mapObject(value, map) : ofOther(value);
  });
}

function mapMembers(value: unknown, change: (member: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map(change);
  return isObject(value) ? mapObject(value, change) : value;
}

function mapObject(object: Members, change: (value: unknown, key: string) => unknown): Members {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value, key)]));
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Decimal);
}
