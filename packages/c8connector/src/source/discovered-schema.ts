import { ConnectorError } from '../interface/errors.ts';
import type { Stream, StreamSchema } from '../interface/stream.ts';
import { columnSchema } from '../singer/column-schema.ts';
import { isJsonObject } from '../singer/document.ts';
import { rowProperties } from '../singer/row-properties.ts';

/**
 * A discovered stream with its schema in normal form: JavaScript authors may leave `properties` out, or write `true` for a column. Throws a ConnectorError
 * `contract_broken` that names the stream, and the column, when the schema is not valid.
 */
export function withUsableSchema<S extends Stream>(stream: S): S {
  const given: unknown = stream.schema;
  if (!isJsonObject(given)) throw broken(stream.id, 'it is not an object');
  const columns = Object.entries(rowProperties(given));
  const usable = columns.map(([name, column]) => [
    name,
    columnSchema(column, (problem) => broken(stream.id, problem, name)),
  ]);
  const isAsGiven =
    isJsonObject(given.properties) && usable.every(([, column], index) => column === columns[index]?.[1]);
  if (isAsGiven && columns.length === Object.keys(stream.schema.properties).length) return stream;
  return { ...stream, schema: { ...given, properties: Object.fromEntries(usable) } as StreamSchema };
}

function broken(stream: string, problem: string, column?: string): ConnectorError {
  const which = column === undefined ? '' : `, column '${column}'`;
  return new ConnectorError(`stream '${stream}'${which}: its schema cannot be used: ${problem}`, {
    code: 'contract_broken',
    details: { stream, ...(column === undefined ? {} : { column }) },
  });
}
