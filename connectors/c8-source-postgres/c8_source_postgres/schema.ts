import type { StreamSchema, ValueSchema } from 'c8connector';
import { decimalSchema } from 'c8connector-sql';
import type { PostgresConfig } from './config.ts';
import type { ArrayType, PostgresType } from './types.ts';

/** The policies of the config for values that JSON or the targets cannot hold. */
export type Policies = Pick<PostgresConfig, 'out_of_range_dates' | 'special_numbers' | 'unbounded_numeric' | 'arrays'>;

/** What the schema of a column depends on. */
export interface SchemaColumn {
  readonly name: string;
  readonly type: PostgresType;
  readonly isNullable: boolean;
}

type Schema = ValueSchema & { readonly type: readonly string[] };

/** Named definitions of the schema, for recursive types. */
type Definitions = Map<string, ValueSchema>;

/** The JSON Schema of the rows of a table. A type includes "null" when the column can be null, or when a policy may make it null. */
export function streamSchema(columns: readonly SchemaColumn[], policies: Policies): StreamSchema {
  const definitions: Definitions = new Map();
  const properties = columns.map(
    ({ name, type, isNullable }) => [name, schemaOf(type, isNullable, policies, definitions)] as const,
  );
  return {
    type: 'object',
    properties: Object.fromEntries(properties),
    ...(definitions.size > 0 && { definitions: Object.fromEntries(definitions) }),
  };
}

function schemaOf(type: PostgresType, isNullable: boolean, policies: Policies, definitions: Definitions): ValueSchema {
  const { type: names, ...keywords } = plainSchema(type, policies, definitions);
  const withNull = isNullable || mayBecomeNull(type, policies);
  const withoutNull = names.filter((name) => name !== 'null' || type.kind === 'json');
  return { type: withNull && !withoutNull.includes('null') ? ['null', ...withoutNull] : withoutNull, ...keywords };
}

function mayBecomeNull(type: PostgresType, policies: Policies): boolean {
  if (type.kind === 'float' || type.kind === 'numeric') return policies.special_numbers === 'null';
  return ['date', 'timetz', 'timestamp', 'timestamptz', 'interval'].includes(type.kind)
    ? policies.out_of_range_dates === 'null'
    : false;
}

function plainSchema(type: PostgresType, policies: Policies, definitions: Definitions): Schema {
  switch (type.kind) {
    case 'boolean':
    case 'bit':
      return { type: ['boolean'] };
    case 'integer':
      return { type: ['integer'], minimum: type.minimum, maximum: type.maximum };
    case 'float':
      if (policies.special_numbers === 'text') return { type: ['string', 'number'] };
      return type.isSingle ? { type: ['number'], 'x-c8-type': 'real' } : { type: ['number'] };
    case 'numeric':
      return numericSchema(type.precision, type.scale ?? 0, policies);
    case 'money':
      return decimalSchema(moneyPrecision, type.scale);
    case 'string': {
      const { kind: _, ...keywords } = type;
      return { type: ['string'], ...keywords };
    }
    case 'json':
      return { type: ['null', 'boolean', 'number', 'string', 'array', 'object'], 'x-c8-type': 'json' };
    case 'date':
      return momentSchema(policies, { format: 'date' });
    case 'time':
      // Without a format: since draft 7 a time has an offset.
      return { type: ['string'], 'x-c8-type': 'time' };
    case 'timetz':
      return momentSchema(policies, { format: 'time', 'x-c8-type': 'timetz' });
    case 'timestamp':
    case 'timestamptz':
      return momentSchema(policies, { format: 'date-time', 'x-c8-type': type.kind });
    case 'interval':
      // Without a format: a duration of RFC 3339 has neither a sign nor a fraction.
      return { type: ['string'], 'x-c8-type': 'interval' };
    case 'bytea':
      return { type: ['string'], contentEncoding: 'base64' };
    case 'hstore':
      return { type: ['object'], additionalProperties: { type: ['null', 'string'] }, 'x-c8-type': 'hstore' };
    case 'array':
      return arraySchema(type, policies, definitions);
  }
}

function momentSchema(policies: Policies, keywords: Omit<ValueSchema, 'type'>): Schema {
  return policies.out_of_range_dates === 'text' ? { type: ['string'] } : { type: ['string'], ...keywords };
}

function numericSchema(precision: number | undefined, scale: number, policies: Policies): Schema {
  if (policies.special_numbers === 'text') return { type: ['string', 'number'] };
  if (precision !== undefined) return decimalSchema(precision, scale);
  if (policies.unbounded_numeric === 'double') return { type: ['number'] };
  if (policies.unbounded_numeric === 'decimal(38,9)') return decimalSchema(38, 9);
  return { type: ['number'], 'x-c8-type': 'numeric' };
}

/** Digits of a signed integer of 64 bits, which is what the server stores. */
const moneyPrecision = 19;

/**
 * PostgreSQL stores arrays of any depth in a column, whatever its declaration, so an item is of the element type or again such an array. Targets with typed columns use
 * the declared depth.
 */
function arraySchema(type: ArrayType, policies: Policies, definitions: Definitions): Schema {
  const element = schemaOf(type.items, true, policies, definitions);
  const $ref = `#/definitions/${itemDefinition(element, definitions)}`;
  const name = isJsonList(type, policies) ? 'json' : `array(${type.depth})`;
  return { type: ['array'], items: { $ref }, 'x-c8-type': name };
}

/** The name of the definition of the items of arrays of the element type. Columns of one element type share it. */
function itemDefinition(element: ValueSchema, definitions: Definitions): string {
  for (const [name, { anyOf }] of definitions) if (sameSchema(anyOf?.[0], element)) return name;
  const name = `array_item_${definitions.size + 1}`;
  definitions.set(name, { anyOf: [element, { type: 'array', items: { $ref: `#/definitions/${name}` } }] });
  return name;
}

function sameSchema(one: ValueSchema | undefined, other: ValueSchema): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Whether targets with typed columns store the array as JSON text: because of the config, or because its depth is unknown. */
export function isJsonList({ depth, items }: ArrayType, policies: Policies): boolean {
  if (policies.arrays === 'json' || depth === 0) return true;
  return items.kind === 'array' && isJsonList(items, policies);
}
