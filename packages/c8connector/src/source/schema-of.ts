import type { AttributeType, Schema } from '../interface/connector.ts';
import type { StreamSchema } from '../interface/stream.ts';
import { type ColumnType, columnType } from '../jsonl/column-type.ts';

/** The C8 form of a stream's schema: one attribute a column, in the order of the columns. */
export function schemaOf(stream: string, schema: StreamSchema): Schema {
  const attributes = Object.entries(schema.properties).map(([name, column]) => ({
    name,
    type: attributeTypes[columnType(column, schema).kind],
  }));
  return { name: stream, attributes };
}

const attributeTypes: Readonly<Record<ColumnType['kind'], AttributeType>> = {
  boolean: 'bool',
  integer: 'long',
  decimal: 'double',
  numeric: 'double',
  real: 'double',
  double: 'double',
  text: 'string',
  date: 'string',
  time: 'string',
  timestamp: 'string',
  timestamptz: 'string',
  binary: 'string',
  json: 'object',
  list: 'object',
};
