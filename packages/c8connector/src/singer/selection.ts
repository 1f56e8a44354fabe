import type { Catalog, CatalogEntry } from '../interface/catalog.ts';
import { ConfigError } from '../interface/errors.ts';
import type { StreamSchema, ValueSchema } from '../interface/stream.ts';

type Metadata = Readonly<Record<string, unknown>>;

/**
 * The streams that the catalog selects, by id. A stream is selected by `selected: true` in its metadata, or in its schema, as in old catalogs. Throws a
 * ConfigError `catalog_invalid` when `selected` is neither true nor false.
 */
export function selectStreams(catalog: Catalog): CatalogEntry[] {
  return catalog.streams
    .filter((entry) => selectedOf(entry, streamMetadata(entry), entry.schema) === true)
    .sort((one, other) =>
      one.tap_stream_id < other.tap_stream_id ? -1 : Number(one.tap_stream_id > other.tap_stream_id),
    );
}

/** The catalog's metadata of a stream as a whole; {} when it has none. */
export function streamMetadata(entry: CatalogEntry): Metadata {
  return Object.assign(
    {},
    ...entry.metadata.filter(({ breadcrumb }) => breadcrumb.length === 0).map(({ metadata }) => metadata),
  );
}

/** The catalog's metadata of each column, without that of nested columns. */
export function columnMetadata(entry: CatalogEntry): ReadonlyMap<string, Metadata> {
  const columns = new Map<string, Metadata>();
  for (const { breadcrumb, metadata } of entry.metadata) {
    const [first, name] = breadcrumb;
    if (breadcrumb.length === 2 && first === 'properties' && name !== undefined)
      columns.set(name, { ...columns.get(name), ...metadata });
  }
  return columns;
}

/**
 * Whether a stream or a column is selected; undefined when the catalog does not say. `selected` in the metadata takes precedence over that in the schema, where old
 * catalogs have it. The texts "true" and "false" count as true and false.
 *
 * @throws {ConfigError} `catalog_invalid` when it is anything else.
 */
export function selectedOf(
  entry: CatalogEntry,
  metadata: Metadata,
  schema: ValueSchema,
  column?: string,
): boolean | undefined {
  const selected = metadata.selected ?? schema.selected ?? undefined;
  if (selected === undefined || typeof selected === 'boolean') return selected;
  const text = typeof selected === 'string' ? selected.toLowerCase() : '';
  if (text === 'true' || text === 'false') return text === 'true';
  const what = column === undefined ? '' : `column '${column}': `;
  throw invalidCatalog(entry, `${what}selected is ${JSON.stringify(selected)}, neither true nor false`);
}

/** The error for a catalog whose request is unclear or impossible; `problem` follows the name of the stream. */
export function invalidCatalog({ tap_stream_id: stream }: CatalogEntry, problem: string): ConfigError {
  return new ConfigError(`stream '${stream}': ${problem}`, { code: 'catalog_invalid', details: { stream } });
}

/** The columns that identify a row: those that the user declared for a view, otherwise those of the source; [] when there are none. */
export function keyProperties(entry: CatalogEntry): readonly string[] {
  const metadata = streamMetadata(entry);
  for (const keys of [metadata['view-key-properties'], metadata['table-key-properties'], entry.key_properties]) {
    if (Array.isArray(keys) && keys.length > 0) return keys.map(String);
  }
  return [];
}

/**
 * The replication methods in the catalog: the chosen one, from the metadata or else from the top level of the entry, and the one that the tap forces. Each with the
 * name of the key that holds it; [] when the catalog has none.
 */
export function replicationMethods(entry: CatalogEntry): readonly { readonly key: string; readonly method: unknown }[] {
  const metadata = streamMetadata(entry);
  const forced = metadata['forced-replication-method'];
  const chosen =
    (metadata['replication-method'] ?? undefined) === undefined
      ? { key: 'replication_method', method: entry.replication_method }
      : { key: 'replication-method', method: metadata['replication-method'] };
  // Some taps give their reason beside it.
  const plain = typeof forced === 'object' && forced !== null ? (forced as Metadata)['replication-method'] : forced;
  const methods = [chosen, { key: 'forced-replication-method', method: plain }];
  return methods.filter(({ method }) => method !== undefined && method !== null);
}

/** The replication key chosen in the metadata or at the top level of the entry, with the name of the key that holds it; undefined when the catalog has none. */
export function replicationKey(entry: CatalogEntry): { readonly key: string; readonly column: unknown } {
  const own = streamMetadata(entry)['replication-key'] ?? undefined;
  const legacy = entry.replication_key ?? undefined;
  return own === undefined && legacy !== undefined
    ? { key: 'replication_key', column: legacy }
    : { key: 'replication-key', column: own };
}

/**
 * The columns to read, in the order of the schema. Key columns and those with inclusion `automatic` are always read, those with `unsupported` never. Of the others, those that
 * are `selected`; where `selected` is missing, `selected-by-default` decides; where both are missing, the column is read. Metadata of nested columns is ignored. Throws what
 * `selectStreams` does.
 */
export function selectedColumns(entry: CatalogEntry): string[] {
  const keys = keyProperties(entry);
  const columns = columnMetadata(entry);
  return Object.entries(entry.schema.properties)
    .filter(([name, schema]) => {
      const metadata = columns.get(name) ?? {};
      const inclusion = metadata.inclusion ?? schema.inclusion;
      if (inclusion === 'unsupported') return false;
      if (inclusion === 'automatic' || keys.includes(name)) return true;
      return selectedOf(entry, metadata, schema, name) ?? metadata['selected-by-default'] !== false;
    })
    .map(([name]) => name);
}

/** The schema reduced to some of its columns, in its own order; everything else, such as definitions, is kept. */
export function selectedSchema(schema: StreamSchema, columns: readonly string[]): StreamSchema {
  const kept = new Set(columns);
  const properties = Object.fromEntries(Object.entries(schema.properties).filter(([name]) => kept.has(name)));
  const required = schema.required;
  if (!Array.isArray(required)) return { ...schema, properties };
  return { ...schema, properties, required: required.filter((name) => kept.has(name)) };
}
