import type { Catalog, CatalogEntry } from '../interface/catalog.ts';
import type { StreamSchema, ValueSchema } from '../interface/stream.ts';

/** The streams that the catalog selects, by id. A stream is selected by `selected: true` in its metadata, or in its schema as old catalogs have it. */
export function selectStreams(catalog: Catalog): CatalogEntry[] {
  return catalog.streams
    .filter((entry) => (streamMetadata(entry).selected ?? entry.schema.selected) === true)
    .sort((one, other) =>
      one.tap_stream_id < other.tap_stream_id ? -1 : Number(one.tap_stream_id > other.tap_stream_id),
    );
}

/** What the catalog says about a stream as a whole; {} when it says nothing. */
export function streamMetadata(entry: CatalogEntry): Readonly<Record<string, unknown>> {
  return Object.assign(
    {},
    ...entry.metadata.filter(({ breadcrumb }) => breadcrumb.length === 0).map(({ metadata }) => metadata),
  );
}

/** The columns that identify a row: those the user gave a view, else those of the source; [] when there are none. */
export function keyProperties(entry: CatalogEntry): readonly string[] {
  const metadata = streamMetadata(entry);
  for (const keys of [metadata['view-key-properties'], metadata['table-key-properties'], entry.key_properties]) {
    if (Array.isArray(keys) && keys.length > 0) return keys.map(String);
  }
  return [];
}

/**
 * The columns to read, in the order of the schema. The key is always read, and so is what has inclusion `automatic`; `unsupported` never is; of the rest
 * what is `selected`, or says nothing of it and is `selected-by-default`, or says nothing at all. Metadata of nested columns is ignored.
 */
export function selectedColumns(entry: CatalogEntry): string[] {
  const keys = keyProperties(entry);
  const facts = new Map<string, Readonly<Record<string, unknown>>>();
  for (const { breadcrumb, metadata } of entry.metadata) {
    const [first, name] = breadcrumb;
    if (breadcrumb.length === 2 && first === 'properties' && name !== undefined)
      facts.set(name, { ...facts.get(name), ...metadata });
  }
  return Object.entries(entry.schema.properties)
    .filter(([name, schema]) => isSelected(facts.get(name) ?? {}, schema, keys.includes(name)))
    .map(([name]) => name);
}

function isSelected(metadata: Readonly<Record<string, unknown>>, schema: ValueSchema, isKey: boolean): boolean {
  const inclusion = metadata.inclusion ?? schema.inclusion;
  if (inclusion === 'unsupported') return false;
  if (inclusion === 'automatic' || isKey) return true;
  return (metadata.selected ?? schema.selected ?? metadata['selected-by-default'] ?? true) === true;
}

/** The schema of some of the columns, in its own order; definitions and all else stay. */
export function selectedSchema(schema: StreamSchema, columns: readonly string[]): StreamSchema {
  const kept = new Set(columns);
  const properties = Object.fromEntries(Object.entries(schema.properties).filter(([name]) => kept.has(name)));
  const required = schema.required;
  if (!Array.isArray(required)) return { ...schema, properties };
  return { ...schema, properties, required: required.filter((name) => kept.has(name)) };
}
