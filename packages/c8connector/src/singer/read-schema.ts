import type { SchemaMessage } from '../interface/messages.ts';
import type { StreamSchema } from '../interface/stream.ts';
import { plainSchema } from '../jsonl/plain-schema.ts';
import { columnSchema } from './column-schema.ts';
import { isJsonObject } from './document.ts';
import { schemaError } from './line-error.ts';
import { rowProperties } from './row-properties.ts';
import { shownName, shownValue } from './shown.ts';

/** The most columns: more than any common database allows in a table. A schema with more uses data as column names. */
const mostColumns = 20_000;

/**
 * Reads a SCHEMA. Its `properties` are all columns that the schema declares anywhere, each normalized by `columnSchema`. A schema that declares no columns allows any, unless it forbids them, and its records are
 * kept as they are; see `isFree`. Without key properties the key is empty. Throws a DataError `schema_invalid` that names the stream, the column and the line.
 */
export function readSchema(
  message: Readonly<Record<string, unknown>>,
  stream: string,
  line: number,
  warn: (problem: string) => void,
): SchemaMessage {
  const schema = readStreamSchema(message.schema, stream, line);
  if (message.key_properties === undefined) {
    warn(`the SCHEMA of the stream ${shownName(stream)} has no key_properties: it is taken as a stream without a key`);
  }
  const keyProperties = readNames(message.key_properties ?? [], 'key_properties', stream, line);
  const lacking = keyProperties.find((name) => !Object.hasOwn(schema.properties, name));
  if (lacking !== undefined && Object.keys(schema.properties).length > 0) {
    throw schemaError({ line, stream }, `the key property ${shownName(lacking)} is none of its columns`);
  }
  const bookmarks = message.bookmark_properties ?? undefined;
  if (bookmarks === undefined) return { type: 'SCHEMA', stream, schema, keyProperties };
  const bookmarkProperties = readNames(bookmarks, 'bookmark_properties', stream, line);
  return { type: 'SCHEMA', stream, schema, keyProperties, bookmarkProperties };
}

/** Accepts a list of names, or one name instead of a list of one. */
function readNames(value: unknown, key: string, stream: string, line: number): readonly string[] {
  if (typeof value === 'string') return [value];
  if (!Array.isArray(value))
    throw schemaError({ line, stream }, `'${key}' is ${shownValue(value)}, not a list of texts`);
  const other = value.find((name) => typeof name !== 'string');
  if (other !== undefined) {
    throw schemaError({ line, stream }, `'${key}' holds ${shownValue(other)}, which is not a text`);
  }
  return [...new Set(value as string[])];
}

function readStreamSchema(schema: unknown, stream: string, line: number): StreamSchema {
  const own = schema === true ? {} : schema;
  if (!isJsonObject(own)) throw schemaError({ line, stream }, `it is ${shownValue(own)}, not an object`);
  const { properties } = own;
  if (properties !== undefined && properties !== null && !isJsonObject(properties)) {
    throw schemaError({ line, stream }, `its properties are ${shownValue(properties)}, not an object`);
  }
  const found = Object.entries(rowProperties(own));
  if (found.length > mostColumns) {
    const remedy = 'describe what is in them as one column of objects';
    throw schemaError({ line, stream }, `it has ${found.length} columns, and ${mostColumns} are the most: ${remedy}`);
  }
  const columns = found.map(([column, property]) => [
    column,
    columnSchema(property, (problem) => schemaError({ line, stream, column }, problem)),
  ]);
  const plain = plainSchema({ ...own, properties: Object.fromEntries(columns) }) as StreamSchema;
  return columns.length > 0 ? plain : { ...plain, additionalProperties: own.additionalProperties ?? true };
}
