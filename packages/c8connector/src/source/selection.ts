import { nearest } from '../config/nearest.ts';
import type { Catalog, CatalogEntry } from '../interface/catalog.ts';
import { ConfigError } from '../interface/errors.ts';
import type { Log } from '../interface/log.ts';
import type { Replication } from '../interface/progress.ts';
import type { Stream, StreamSchema, ValueSchema } from '../interface/stream.ts';
import { catalogOf } from '../singer/catalog.ts';
import {
  columnMetadata,
  invalidCatalog,
  selectedColumns,
  selectedOf,
  selectedSchema,
  selectStreams,
  streamMetadata,
} from '../singer/selection.ts';
import { chosenReplication } from './chosen-replication.ts';

/** A stream as it is now, and the user's selection of it. */
export interface SelectedStream<S extends Stream> {
  readonly stream: S;
  /** The key of the source, or of the catalog where the source has none. */
  readonly keyProperties: readonly string[];
  readonly columns: readonly string[];
  readonly schema: StreamSchema;
  readonly replication: Replication;
  /** Its entry in the catalog. */
  readonly entry: CatalogEntry;
}

/** Applies the selection of a catalog to the discovered streams, in the order of their ids. The error for unknown streams names all of them. */
export function selectFrom<S extends Stream>(
  streams: readonly S[],
  catalog: Catalog,
  log: Log,
): readonly SelectedStream<S>[] {
  const entries = selectStreams(catalog);
  const known = new Map(streams.map((stream) => [stream.id, stream]));
  const missing = entries.map((entry) => entry.tap_stream_id).filter((id) => !known.has(id));
  if (missing.length > 0) {
    throw new ConfigError(`unknown stream${missing.length > 1 ? 's' : ''}: ${missing.join(', ')}`, {
      code: 'stream_unknown',
      details: { streams: missing },
    });
  }
  return entries.flatMap((entry) => {
    const stream = known.get(entry.tap_stream_id);
    return stream === undefined ? [] : [select(stream, entry, log)];
  });
}

function select<S extends Stream>(stream: S, wanted: CatalogEntry, log: Log): SelectedStream<S> {
  refuseNestedSelection(wanted);
  const keys = keyOf(stream, wanted, log);
  const replication = chosenReplication(stream, wanted);
  const columns = selectedColumns({
    ...wanted,
    schema: stream.schema,
    metadata: [
      { breadcrumb: [], metadata: { 'table-key-properties': keys } },
      ...selectionOf(stream, wanted, replication),
    ],
  });
  return {
    stream,
    keyProperties: keys,
    columns,
    schema: selectedSchema(stream.schema, columns),
    replication,
    entry: wanted,
  };
}

/** Refuses the deselection of a part of a column: it is not supported, and to ignore it would send data that the user may have meant to hide. */
function refuseNestedSelection(wanted: CatalogEntry): void {
  const columns = columnMetadata(wanted);
  for (const { breadcrumb, metadata } of wanted.metadata) {
    const [, column] = breadcrumb;
    if (breadcrumb.length <= 2 || column === undefined) continue;
    const name = breadcrumb.filter((part) => part !== 'properties').join('.');
    if (selectedOf(wanted, metadata, {}, name) !== false) continue;
    if (selectedOf(wanted, columns.get(column) ?? {}, schemaOf(wanted, column), column) === false) continue;
    throw invalidCatalog(
      wanted,
      `'${name}' is deselected, and a column can only be left out whole; deselect '${column}'`,
    );
  }
}

/** The key of the source; for a view or a table without a key, the one that the user declared. */
function keyOf(stream: Stream, wanted: CatalogEntry, log: Log): readonly string[] {
  const own = stream.keyProperties ?? [];
  const metadata = streamMetadata(wanted);
  const given = metadata['view-key-properties'] ?? [];
  if (!isTextList(given)) throw invalidCatalog(wanted, 'view-key-properties is not a list of columns');
  const unknown = given.find((column) => !Object.hasOwn(stream.schema.properties, column));
  if (unknown !== undefined) throw unknownColumn(stream, unknown);
  if (given.length > 0 && own.length > 0 && !isSame(given, own)) {
    throw invalidCatalog(
      wanted,
      `view-key-properties is ${given.join(', ')}, but the stream has the key ${own.join(', ')}`,
    );
  }
  const listed = metadata['table-key-properties'] ?? wanted.key_properties ?? [];
  if (given.length === 0 && isTextList(listed) && listed.length > 0 && !isSame(listed, own)) {
    const now = own.length === 0 ? 'none now' : `now ${own.join(', ')}`;
    const hint = own.length === 0 ? '; view-key-properties in the catalog can give it one' : '';
    log.warn(`stream '${stream.id}': its key was ${listed.join(', ')} when the catalog was made, and is ${now}${hint}`);
  }
  return own.length > 0 ? own : given;
}

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((column) => other.includes(column));
}

/**
 * The source's metadata of its columns, combined with the user's selection; where both have `inclusion`, that of the source counts. The replication key is always read, because the
 * progress of a read is derived from it.
 */
function selectionOf(stream: Stream, wanted: CatalogEntry, { replicationKey }: Replication): CatalogEntry['metadata'] {
  const given = columnMetadata(wanted);
  for (const column of new Set([...given.keys(), ...Object.keys(wanted.schema.properties)])) {
    if (Object.hasOwn(stream.schema.properties, column)) continue;
    if (selectedOf(wanted, given.get(column) ?? {}, schemaOf(wanted, column), column) === true)
      throw unknownColumn(stream, column);
  }
  const [fresh] = catalogOf([stream]).streams;
  const columns = fresh === undefined ? [] : [...columnMetadata(fresh)];
  return columns.map(([column, { inclusion: offered, ...metadata }]) => {
    const inclusion = column === replicationKey ? 'automatic' : offered;
    const own = given.get(column) ?? {};
    const selected = selectedOf(wanted, own, schemaOf(wanted, column), column);
    return { breadcrumb: ['properties', column], metadata: { ...metadata, ...own, selected, inclusion } };
  });
}

/** The schema of a column in the catalog; {} when it has none. */
function schemaOf({ schema }: CatalogEntry, column: string): ValueSchema {
  return (Object.hasOwn(schema.properties, column) ? schema.properties[column] : undefined) ?? {};
}

function unknownColumn(stream: Stream, column: string): ConfigError {
  const close = nearest(column, Object.keys(stream.schema.properties));
  const hint = close === undefined ? '' : `; did you mean '${close}'?`;
  return new ConfigError(`stream '${stream.id}' has no column '${column}'${hint}`, {
    code: 'column_unknown',
    details: { stream: stream.id, column },
  });
}
