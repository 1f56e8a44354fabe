import type { StreamSchema, ValueSchema } from '../interface/stream.ts';
import { decimalScale, digitsOf, integerBounds } from './schema-numbers.ts';

/**
 * What a column holds, read from its JSON Schema alone (docs/types.md). Targets map it to their own types.
 * `json` is everything that has no fixed type: several types at once, objects, recursive definitions, `x-c8-type: json`, hstore, geojson.
 */
export type ColumnType =
  | { readonly kind: 'boolean' }
  /** Bounds are absent when the schema gives none. */
  | { readonly kind: 'integer'; readonly minimum?: bigint; readonly maximum?: bigint }
  /** A decimal with a fixed scale; `precision` may be over what a target can hold. */
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  /** A decimal of any size: `x-c8-type: numeric`. With `isString` it is a JSON string in lines of either exactness: format `singer.decimal`. */
  | { readonly kind: 'numeric'; readonly isString?: true }
  | { readonly kind: 'real' }
  | { readonly kind: 'double' }
  | { readonly kind: 'text' }
  | { readonly kind: 'date' }
  | { readonly kind: 'time' }
  /** Without a zone: `x-c8-type: timestamp`. */
  | { readonly kind: 'timestamp' }
  | { readonly kind: 'timestamptz' }
  /** Base64 in JSON. */
  | { readonly kind: 'binary' }
  | { readonly kind: 'json' }
  | { readonly kind: 'list'; readonly items: ColumnType };

/**
 * `root` is where `$ref` is looked up. A reference to nothing is `json`: taps of the original send such schemas, and their values are good. The conformance kit
 * finds them in a source.
 */
export function columnType(schema: ValueSchema, root: StreamSchema): ColumnType {
  return read(schema, root, []) ?? { kind: 'json' };
}

/** Whether values of this type stand as JSON strings in lines of exactness `text`: decimal, numeric, json, and lists of those. */
export function isExactText(type: ColumnType): boolean {
  if (type.kind === 'list') return isExactText(type.items);
  return type.kind === 'decimal' || type.kind === 'numeric' || type.kind === 'json';
}

/** Undefined for a definition that holds itself: it has no fixed depth. `open` are the references that are being followed. */
function read(schema: unknown, root: StreamSchema, open: readonly string[]): ColumnType | undefined {
  if (!isSchema(schema)) return { kind: 'json' };
  const named = namedType(schema) ?? declaredArray(schema, root, open);
  if (named !== undefined) return named;
  if (typeof schema.$ref === 'string') {
    if (open.includes(schema.$ref)) return undefined;
    return read(lookUp(schema.$ref, root), root, [...open, schema.$ref]);
  }
  const variants = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(variants) && variants.length > 0) return readVariants(variants, root, open);
  const types = typesOf(schema).filter((type) => type !== 'null');
  const [type] = types;
  if (types.length > 1 && types.every((each) => each === 'integer' || each === 'number')) return ofNumber(schema);
  if (types.length > 1 && types.includes('array') && isSchema(schema.items)) {
    return read(schema.items, root, open) === undefined ? undefined : { kind: 'json' };
  }
  if (types.length !== 1) return { kind: 'json' };
  if (type === 'boolean') return { kind: 'boolean' };
  if (type === 'integer') return { kind: 'integer', ...integerBounds(schema) };
  if (type === 'number') return ofNumber(schema);
  if (type === 'string') return ofString(schema);
  if (type !== 'array' || !isSchema(schema.items)) return { kind: 'json' };
  const items = read(schema.items, root, open);
  return items && { kind: 'list', items };
}

function isSchema(value: unknown): value is ValueSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function typesOf(schema: ValueSchema): readonly string[] {
  if (schema.type !== undefined) return typeof schema.type === 'string' ? [schema.type] : schema.type;
  const values = schema.enum;
  return Array.isArray(values) && values.every((value) => value === null || typeof value === 'string')
    ? ['string']
    : [];
}

const namedTypes: Readonly<Record<string, ColumnType>> = {
  numeric: { kind: 'numeric' },
  real: { kind: 'real' },
  json: { kind: 'json' },
  hstore: { kind: 'json' },
  geojson: { kind: 'json' },
  timestamp: { kind: 'timestamp' },
  timestamptz: { kind: 'timestamptz' },
  time: { kind: 'time' },
  timetz: { kind: 'text' },
  'mysql-time': { kind: 'text' },
};

function namedType(schema: ValueSchema): ColumnType | undefined {
  const name = schema['x-c8-type'];
  if (typeof name !== 'string') return undefined;
  if (Object.hasOwn(namedTypes, name)) return namedTypes[name];
  const [, precision, scale] = /^numeric\((\d+),\s*(-?\d+)\)$/.exec(name) ?? [];
  if (precision === undefined || scale === undefined) return undefined;
  return { kind: 'decimal', precision: Number(precision), scale: Number(scale) };
}

/**
 * `x-c8-type: array(2)` on a list whose items may be lists again, to any depth: a list of the declared depth. Its elements are what such an item is when it is not a
 * list itself.
 */
function declaredArray(schema: ValueSchema, root: StreamSchema, open: readonly string[]): ColumnType | undefined {
  const [, depth] = /^array\((\d)\)$/.exec(String(schema['x-c8-type'])) ?? [];
  if (depth === undefined || !isSchema(schema.items)) return undefined;
  const { $ref } = schema.items;
  const item = typeof $ref === 'string' ? lookUp($ref, root) : undefined;
  const variants = isSchema(item) && Array.isArray(item.anyOf) ? item.anyOf : [];
  const elements = variants.filter(
    (variant) => !isSchema(variant) || !isSchema(variant.items) || variant.items.$ref !== $ref,
  );
  let type = elements.length === 1 ? read(elements[0], root, open) : undefined;
  for (let level = 0; type !== undefined && level < Number(depth); level++) type = { kind: 'list', items: type };
  return type;
}

function ofNumber(schema: ValueSchema): ColumnType {
  const scale = decimalScale(schema.multipleOf);
  if (scale === undefined) return { kind: 'double' };
  // pipelinewise taps describe an unbounded numeric as a multiple of 1e-38 below 1e62, which no decimal of 38 digits can hold
  return scale + digitsOf(schema) > 38 ? { kind: 'numeric' } : { kind: 'decimal', precision: 38, scale };
}

function ofString(schema: ValueSchema): ColumnType {
  if (schema.contentEncoding === 'base64') return { kind: 'binary' };
  if (schema.format === 'singer.decimal' || schema.format === 'x-singer.decimal')
    return { kind: 'numeric', isString: true };
  if (schema.format === 'date-time') return { kind: 'timestamptz' };
  if (schema.format === 'date' || schema.format === 'time') return { kind: schema.format };
  return { kind: 'text' };
}

const texts = ['text', 'date', 'time', 'timestamp', 'timestamptz', 'binary'];

function readVariants(
  variants: readonly unknown[],
  root: StreamSchema,
  open: readonly string[],
): ColumnType | undefined {
  const others = variants.filter(
    (variant) => !isSchema(variant) || typesOf(variant).some((type) => type !== 'null') || !variant.type,
  );
  const types = others.map((variant) => read(variant, root, open));
  const [first] = types;
  if (types.includes(undefined)) return undefined;
  if (first && types.every((type) => JSON.stringify(type, bigintText) === JSON.stringify(first, bigintText)))
    return first;
  if (types.every((type) => type && texts.includes(type.kind))) return { kind: 'text' };
  if (types.every((type) => type?.kind === 'integer' || type?.kind === 'double')) return { kind: 'double' };
  return { kind: 'json' };
}

function bigintText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}

function lookUp(reference: string, root: StreamSchema): unknown {
  let found: unknown = root;
  if (reference.startsWith('#')) {
    for (const step of reference.slice(1).split('/').slice(1)) {
      const key = decodeStep(step);
      found =
        typeof found === 'object' && found !== null && Object.hasOwn(found, key) ? Reflect.get(found, key) : undefined;
    }
  }
  return reference.startsWith('#') ? found : undefined;
}

function decodeStep(step: string): string {
  const text = step.replaceAll('~1', '/').replaceAll('~0', '~');
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
