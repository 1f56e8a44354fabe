import type { ValueSchema } from 'c8connector';
import type { PostgresConfig } from './config.ts';
import type { PostgresType } from './types.ts';

/** What the config says about values that JSON or the targets cannot hold. */
export type Policies = Pick<PostgresConfig, 'out_of_range_dates' | 'special_numbers' | 'unbounded_numeric'>;

/** The JSON Schema of a column. A type has "null" where the column can be null, or where a policy may make it so. */
export function schemaOf(type: PostgresType, isNullable: boolean, policies: Policies): ValueSchema {
  const { type: names, ...keywords } = plainSchema(type, policies);
  const withNull = isNullable || mayBecomeNull(type, policies);
  const withoutNull = names.filter((name) => name !== 'null' || type.kind === 'json');
  return { type: withNull && !withoutNull.includes('null') ? ['null', ...withoutNull] : withoutNull, ...keywords };
}

type Schema = ValueSchema & { readonly type: readonly string[] };

function mayBecomeNull(type: PostgresType, policies: Policies): boolean {
  if (type.kind === 'float' || type.kind === 'numeric') return policies.special_numbers === 'null';
  if (type.kind === 'date' || type.kind === 'timestamp' || type.kind === 'timestamptz')
    return policies.out_of_range_dates === 'null';
  return false;
}

function plainSchema(type: PostgresType, policies: Policies): Schema {
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
    case 'string': {
      const { kind: _, ...keywords } = type;
      return { type: ['string'], ...keywords };
    }
    case 'json':
      return { type: ['null', 'boolean', 'number', 'string', 'array', 'object'], 'x-c8-type': 'json' };
    case 'date':
      return policies.out_of_range_dates === 'text' ? { type: ['string'] } : { type: ['string'], format: 'date' };
    case 'time':
    case 'timetz':
      return { type: ['string'], format: 'time', 'x-c8-type': type.kind };
    case 'timestamp':
    case 'timestamptz':
      if (policies.out_of_range_dates === 'text') return { type: ['string'] };
      return { type: ['string'], format: 'date-time', 'x-c8-type': type.kind };
    case 'bytea':
      return { type: ['string'], contentEncoding: 'base64' };
    case 'hstore':
      return { type: ['object'], additionalProperties: { type: ['null', 'string'] }, 'x-c8-type': 'hstore' };
    case 'array':
      return arraySchema(type.depth, schemaOf(type.items, true, policies));
  }
}

function numericSchema(precision: number | undefined, scale: number, policies: Policies): Schema {
  if (policies.special_numbers === 'text') return { type: ['string', 'number'] };
  if (precision !== undefined) return decimalSchema(precision, scale);
  if (policies.unbounded_numeric === 'double') return { type: ['number'] };
  if (policies.unbounded_numeric === 'decimal(38,9)') return decimalSchema(38, 9);
  return { type: ['number'], 'x-c8-type': 'numeric' };
}

function decimalSchema(precision: number, scale: number): Schema {
  return { type: ['number'], multipleOf: Number(`1e${-scale}`), 'x-c8-type': `numeric(${precision},${scale})` };
}

function arraySchema(depth: number, items: ValueSchema): Schema {
  return { type: ['array'], items: depth > 1 ? arraySchema(depth - 1, items) : items };
}
