import type { StreamSchema, ValueSchema } from '../interface/stream.ts';
import { decimalScale, digitsOf, integerBounds } from './schema-numbers.ts';
import { referencedSchema } from './schema-reference.ts';

/**
 * What a column holds, as its JSON Schema alone defines it (docs/types.md). Targets map it to their own types.
 * `json` is everything without a fixed type: several types at once, objects, recursive definitions, `x-c8-type: json`, hstore, geojson, lists of more than six dimensions, and whatever the JSON Schema leaves
 * open.
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
 * `root` is where `$ref` is looked up. A reference that cannot be resolved is `json`: taps of the original project send such schemas, and their values are valid. The conformance kit
 * reports them in a source. Never throws, whatever the schema is.
 */
export function columnType(schema: ValueSchema, root: StreamSchema): ColumnType {
  return columnTyper(root)(schema);
}

/** {@link columnType} for many columns of one schema: a definition that several of them refer to is read once. */
export function columnTyper(root: StreamSchema): (schema: ValueSchema) => ColumnType {
  const reading: Reading = { root, references: new Map() };
  return (schema) => read(reading, schema, 0) ?? json;
}

/** Whether values of this type are JSON strings in lines of exactness `text`: decimal, numeric, json, and lists of those. */
export function isExactText(type: ColumnType): boolean {
  if (type.kind === 'list') return isExactText(type.items);
  return type.kind === 'decimal' || type.kind === 'numeric' || type.kind === 'json';
}

/** The most levels of nested schemas and references; no server and no tap comes near it. */
const deepest = 500;
/** The most dimensions of a list: an array of PostgreSQL has this many, and each one costs a target a level of its format. */
const mostDimensions = 6;

const json: ColumnType = { kind: 'json' };
/** The type of a list with too many dimensions, and of every list that contains it. */
const tooDeep: ColumnType = { kind: 'json' };
/** The keywords that determine a type. They also apply to the parts of a schema, such as those of `anyOf`, that they stand beside. */
const keywords = [
  ...[
    'type',
    'format',
    'contentEncoding',
    'multipleOf',
    'items',
    'enum',
    'const',
    'x-c8-type',
    '$ref',
    'allOf',
    'anyOf',
    'oneOf',
  ],
  ...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'],
];

interface Reading {
  readonly root: StreamSchema;
  /** The types of definitions by their references; undefined while one is being read, and for one that contains itself. */
  readonly references: Map<string, ColumnType | undefined>;
}

/** Undefined for a definition that contains itself: it has no fixed depth. */
function read(reading: Reading, schema: unknown, depth: number): ColumnType | undefined {
  if (!isSchema(schema) || depth > deepest) return json;
  const named = namedType(schema) ?? declaredArray(reading, schema, depth);
  if (named !== undefined) return named;
  if (typeof schema.$ref === 'string') return readReference(reading, schema.$ref, depth);
  if (Array.isArray(schema.allOf)) return read(reading, withAll(schema, schema.allOf, reading.root), depth + 1);
  const variants = [schema.anyOf, schema.oneOf].find((list) => Array.isArray(list) && list.length > 0);
  if (variants !== undefined) return readVariants(reading, schema, variants as readonly unknown[], depth);
  return readTypes(reading, schema, depth);
}

function readReference(reading: Reading, reference: string, depth: number): ColumnType | undefined {
  const { root, references } = reading;
  if (references.has(reference)) return references.get(reference);
  references.set(reference, undefined);
  const type = read(reading, referencedSchema(reference, root), depth + 1);
  references.set(reference, type);
  return type;
}

function readTypes(reading: Reading, schema: ValueSchema, depth: number): ColumnType | undefined {
  const types = typesOf(schema).filter((type) => type !== 'null');
  const [type] = types;
  if (types.length > 1 && types.every((each) => each === 'integer' || each === 'number')) return ofNumber(schema);
  if (types.length > 1 && types.includes('array') && isSchema(schema.items)) {
    return read(reading, schema.items, depth + 1) === undefined ? undefined : json;
  }
  if (types.length !== 1) return json;
  if (type === 'boolean') return { kind: 'boolean' };
  if (type === 'integer') return { kind: 'integer', ...integerBounds(schema) };
  if (type === 'number') return ofNumber(schema);
  if (type === 'string') return ofString(schema);
  if (type !== 'array' || !isSchema(schema.items)) return json;
  const items = read(reading, schema.items, depth + 1);
  return items && listOf(items);
}

function listOf(items: ColumnType): ColumnType {
  let dimensions = 1;
  for (let inner = items; inner.kind === 'list'; inner = inner.items) dimensions++;
  return dimensions > mostDimensions || items === tooDeep ? tooDeep : { kind: 'list', items };
}

/** A schema combined with all of its parts: a value satisfies every one of them. */
function withAll(schema: ValueSchema, parts: readonly unknown[], root: StreamSchema): ValueSchema {
  const said = parts.map((part) =>
    isSchema(part) && typeof part.$ref === 'string' ? referencedSchema(part.$ref, root) : part,
  );
  const { allOf: _, ...own } = schema;
  return joined([...said.filter(isSchema), own]);
}

/** The keywords of several schemas in one; where several have the same keyword, the last one counts. */
function joined(schemas: readonly ValueSchema[]): ValueSchema {
  const result: Record<string, unknown> = {};
  for (const schema of schemas) {
    for (const keyword of keywords) if (schema[keyword] !== undefined) result[keyword] = schema[keyword];
  }
  return result;
}

function isSchema(value: unknown): value is ValueSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The types that a schema names, or those of the values that it lists. */
function typesOf(schema: ValueSchema): readonly string[] {
  const { type } = schema as { readonly type?: unknown };
  const named = (Array.isArray(type) ? type : [type]).filter((each) => typeof each === 'string');
  if (named.length > 0) return [...new Set(named)];
  const values = Array.isArray(schema.enum) ? schema.enum : Object.hasOwn(schema, 'const') ? [schema.const] : [];
  return [...new Set(values.map(typeOfValue))];
}

function typeOfValue(value: unknown): string {
  if (value === null) return 'null';
  return Number.isInteger(value) ? 'integer' : typeof value;
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
 * `x-c8-type: array(2)` on a list whose items may be lists again, to any depth: a list of the declared depth. The type of its elements is that of such an item when it is not
 * a list itself.
 */
function declaredArray(reading: Reading, schema: ValueSchema, depth: number): ColumnType | undefined {
  const [, dimensions] = /^array\((\d)\)$/.exec(String(schema['x-c8-type'])) ?? [];
  if (dimensions === undefined || !isSchema(schema.items)) return undefined;
  const { $ref } = schema.items;
  const item = typeof $ref === 'string' ? referencedSchema($ref, reading.root) : undefined;
  const variants = isSchema(item) && Array.isArray(item.anyOf) ? item.anyOf : [];
  const elements = variants.filter(
    (variant) => !isSchema(variant) || !isSchema(variant.items) || variant.items.$ref !== $ref,
  );
  let type = elements.length === 1 ? read(reading, elements[0], depth + 1) : undefined;
  for (let level = 0; type !== undefined && level < Number(dimensions); level++) type = listOf(type);
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
  reading: Reading,
  schema: ValueSchema,
  variants: readonly unknown[],
  depth: number,
): ColumnType | undefined {
  const { anyOf: _, oneOf: __, ...common } = schema;
  const others = variants.filter(
    (variant) => !isSchema(variant) || typesOf(variant).some((type) => type !== 'null') || !variant.type,
  );
  const types = others.map((variant) =>
    read(reading, isSchema(variant) ? joined([common, variant]) : variant, depth + 1),
  );
  const [first] = types;
  if (types.includes(undefined)) return undefined;
  if (first && types.every((type) => JSON.stringify(type, bigintText) === JSON.stringify(first, bigintText)))
    return first;
  if (types.every((type) => type && texts.includes(type.kind))) return { kind: 'text' };
  if (types.every((type) => type?.kind === 'integer' || type?.kind === 'double')) return { kind: 'double' };
  return json;
}

function bigintText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}
