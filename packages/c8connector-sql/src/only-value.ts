import { Batch, type Page, type StreamSchema, type Value } from 'c8connector';

/** The part of a schema that one column needs. */
export function schemaOfColumn(schema: StreamSchema, name: string): StreamSchema {
  const property = schema.properties[name];
  return { ...schema, properties: property === undefined ? {} : { [name]: property } };
}

/** The value of a column in pages of JSON lines with at most one row; undefined without a row. Reads them to their end. */
export async function onlyValue(
  pages: AsyncIterable<Page>,
  of: { readonly stream: string; readonly schema: StreamSchema; readonly name: string },
): Promise<Value | undefined> {
  const { stream, schema, name } = of;
  let found: Value | undefined;
  for await (const page of pages) {
    if (!('lines' in page)) continue;
    const batch = Batch.ofLines({ stream, schema, extractedAt: '', exact: 'number' }, page.lines, page.count);
    found = batch.rows()[0]?.[name];
  }
  return found;
}
