import type { StreamSchema, ValueSchema } from 'c8connector';
import { decimalSchema } from 'c8connector-sql';
import type { MysqlConfig } from './config.ts';
import type { MysqlType } from './types.ts';

/** The policy of the config for values that JSON or the targets cannot hold. */
export type Policies = Pick<MysqlConfig, 'out_of_range_dates'>;

/** What the schema of a column depends on. */
export interface SchemaColumn {
  readonly name: string;
  readonly type: MysqlType;
  readonly isNullable: boolean;
}

type Schema = ValueSchema & { readonly type: readonly string[] };

/** The JSON Schema of the rows of a table. A type includes "null" when the column can be null, or when a policy may make it null. */
export function streamSchema(columns: readonly SchemaColumn[], policies: Policies): StreamSchema {
  const properties = columns.map(({ name, type, isNullable }) => [name, schemaOf(type, isNullable, policies)] as const);
  return { type: 'object', properties: Object.fromEntries(properties) };
}

function schemaOf(type: MysqlType, isNullable: boolean, policies: Policies): ValueSchema {
  const { type: names, ...keywords } = plainSchema(type, policies);
  const withNull = isNullable || (isMoment(type) && policies.out_of_range_dates === 'null');
  const withoutNull = names.filter((name) => name !== 'null' || type.kind === 'json');
  return { type: withNull && !withoutNull.includes('null') ? ['null', ...withoutNull] : withoutNull, ...keywords };
}

function isMoment({ kind }: MysqlType): boolean {
  return kind === 'date' || kind === 'timestamp' || kind === 'timestamptz';
}

function plainSchema(type: MysqlType, policies: Policies): Schema {
  switch (type.kind) {
    case 'boolean':
    case 'bit':
      return { type: ['boolean'] };
    case 'bits':
      return { type: ['string'], maxLength: type.length };
    case 'integer':
      return { type: ['integer'], minimum: type.minimum, maximum: type.maximum };
    case 'year':
      // A column holds years up to 2155, but the function year() in a view returns this type too.
      return { type: ['integer'], minimum: 0, maximum: 9999 };
    case 'float':
      return type.isSingle ? { type: ['number'], 'x-c8-type': 'real' } : { type: ['number'] };
    case 'numeric':
      return decimalSchema(type.precision, type.scale);
    case 'string': {
      const { kind: _, mayBeInvalid: __, ...keywords } = type;
      return { type: ['string'], ...keywords };
    }
    case 'json':
      return { type: ['null', 'boolean', 'number', 'string', 'array', 'object'], 'x-c8-type': 'json' };
    case 'date':
      return momentSchema(policies, { format: 'date' });
    case 'timestamp':
    case 'timestamptz':
      return momentSchema(policies, { format: 'date-time', 'x-c8-type': type.kind });
    case 'time':
      // Without a format: it may be negative, and longer than a day.
      return { type: ['string'], 'x-c8-type': 'mysql-time' };
    case 'binary':
      return { type: ['string'], contentEncoding: 'base64' };
    case 'geometry':
      return { type: ['object'], 'x-c8-type': 'geojson' };
    case 'vector':
      return { type: ['array'], items: { type: ['number'], 'x-c8-type': 'real' } };
  }
}

function momentSchema(policies: Policies, keywords: Omit<ValueSchema, 'type'>): Schema {
  return policies.out_of_range_dates === 'text' ? { type: ['string'] } : { type: ['string'], ...keywords };
}
