import { nearest } from '../config/nearest.ts';
import type { ConfigDeclaration, ConfigOf } from '../config/property.ts';
import type { CatalogEntry } from '../interface/catalog.ts';
import type { ReadRequest } from '../interface/connector.ts';
import { ConfigError } from '../interface/errors.ts';
import type { Stream, StreamSchema } from '../interface/stream.ts';
import { catalogOf } from '../singer/catalog.ts';
import { selectedColumns, selectedSchema, selectStreams } from '../singer/selection.ts';
import { discoverSorted } from './discover.ts';
import type { SourceDefinition } from './source-definition.ts';

/** A stream as it is now, and what of it is wanted. */
export interface SelectedStream<S extends Stream> {
  readonly stream: S;
  readonly columns: readonly string[];
  readonly schema: StreamSchema;
}

/** Discovers the selected streams anew and applies the catalog's selection to them. Unknown streams and columns are told all at once. */
export async function selectFresh<P extends ConfigDeclaration, S extends Stream>(
  definition: SourceDefinition<P, S>,
  config: ConfigOf<P>,
  request: ReadRequest,
): Promise<readonly SelectedStream<S>[]> {
  const entries = selectStreams(request.catalog);
  if (entries.length === 0) return [];
  const only = entries.map((entry) => entry.tap_stream_id);
  const streams = await discoverSorted(definition, config, { only, signal: request.signal, log: request.log });
  const known = new Map(streams.map((stream) => [stream.id, stream]));
  const missing = only.filter((id) => !known.has(id));
  if (missing.length > 0) {
    throw new ConfigError(`unknown stream${missing.length > 1 ? 's' : ''}: ${missing.join(', ')}`, {
      code: 'stream_unknown',
      details: { streams: missing },
    });
  }
  return entries.flatMap((entry) => {
    const stream = known.get(entry.tap_stream_id);
    return stream === undefined ? [] : [select(stream, entry)];
  });
}

function select<S extends Stream>(stream: S, wanted: CatalogEntry): SelectedStream<S> {
  const [fresh] = catalogOf([stream]).streams;
  const method = wanted.metadata.find((entry) => entry.breadcrumb.length === 0)?.metadata['replication-method'];
  if (method !== undefined && method !== 'FULL_TABLE') {
    throw new ConfigError(
      `stream '${stream.id}': replication method ${JSON.stringify(method)} is not supported; use FULL_TABLE`,
      {
        code: 'method_unsupported',
        details: { stream: stream.id },
      },
    );
  }
  const columns = selectedColumns({
    ...wanted,
    schema: stream.schema,
    metadata: withWishes(fresh?.metadata ?? [], wanted, stream),
  });
  return { stream, columns, schema: selectedSchema(stream.schema, columns) };
}

/** The source's own facts with the user's wishes laid over them; a fact wins where both speak of `inclusion`. */
function withWishes(facts: CatalogEntry['metadata'], wanted: CatalogEntry, stream: Stream): CatalogEntry['metadata'] {
  const wishes = new Map(wanted.metadata.map((entry) => [entry.breadcrumb.join('\0'), entry.metadata]));
  for (const { breadcrumb, metadata } of wanted.metadata) {
    const column = breadcrumb[1];
    if (breadcrumb.length !== 2 || column === undefined || metadata.selected !== true) continue;
    if (!Object.hasOwn(stream.schema.properties, column)) throw unknownColumn(stream, column);
  }
  return facts.map(({ breadcrumb, metadata }) => {
    const wish = wishes.get(breadcrumb.join('\0'));
    const inclusion = 'inclusion' in metadata ? { inclusion: metadata.inclusion } : {};
    return { breadcrumb, metadata: { ...metadata, ...wish, ...inclusion } };
  });
}

function unknownColumn(stream: Stream, column: string): ConfigError {
  const close = nearest(column, Object.keys(stream.schema.properties));
  const hint = close === undefined ? '' : `; did you mean '${close}'?`;
  return new ConfigError(`stream '${stream.id}' has no column '${column}'${hint}`, {
    code: 'column_unknown',
    details: { stream: stream.id, column },
  });
}
