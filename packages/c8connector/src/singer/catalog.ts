import type { Catalog, CatalogEntry, MetadataEntry } from '../interface/catalog.ts';
import { ConfigError } from '../interface/errors.ts';
import { defaultMethod, type Stream, type StreamSchema } from '../interface/stream.ts';
import { exactMembers, exactSchema, plainMembers, plainSchema } from '../jsonl/plain-schema.ts';
import { columnSchema } from './column-schema.ts';
import { isJsonObject, parseDocument } from './document.ts';
import { shownName } from './shown.ts';

/** The catalog of the discovered streams, in the order of their ids, with nothing selected. */
export function catalogOf(streams: readonly Stream[]): Catalog {
  const sorted = [...streams].sort((one, other) => compare(one.id, other.id));
  return { streams: sorted.map(entryOf) };
}

function entryOf(stream: Stream): CatalogEntry {
  const keys = stream.keyProperties ?? [];
  const metadata: Record<string, unknown> = { inclusion: 'available' };
  if (stream.isView !== true || keys.length > 0) metadata['table-key-properties'] = keys;
  if (stream.schemaName !== undefined) metadata['schema-name'] = stream.schemaName;
  if (stream.databaseName !== undefined) metadata['database-name'] = stream.databaseName;
  if (stream.isView !== undefined) metadata['is-view'] = stream.isView;
  if (stream.rowCount !== undefined) metadata['row-count'] = stream.rowCount;
  if (stream.isSelectedByDefault === false) metadata['selected-by-default'] = false;
  Object.assign(metadata, replicationMetadata(stream));
  const columns = Object.keys(stream.schema.properties).map((name) => {
    const metadata: Record<string, unknown> = {
      inclusion: keys.includes(name) ? 'automatic' : 'available',
      'selected-by-default': true,
    };
    const columnType = ownValue(stream.columnTypes, name);
    if (columnType !== undefined) metadata['sql-datatype'] = columnType;
    return { breadcrumb: ['properties', name], metadata };
  });
  return {
    tap_stream_id: stream.id,
    stream: stream.id,
    table_name: stream.tableName ?? stream.id,
    schema: plainSchema(stream.schema),
    key_properties: keys,
    metadata: [{ breadcrumb: [], metadata: metadata }, ...columns],
  };
}

/** How a user can choose to have the stream read, and the default of its source. Without metadata a stream is copied whole. */
function replicationMetadata({ replication }: Stream): Readonly<Record<string, unknown>> {
  if (replication === undefined) return {};
  const { methods, keys = [], isForced = false, reasons = {} } = replication;
  const [first = defaultMethod] = methods;
  const isOnlyOne = isForced || methods.length <= 1;
  return {
    ...(keys.length > 0 ? { 'valid-replication-keys': keys } : {}),
    ...(isForced || (isOnlyOne && first !== defaultMethod) ? { 'forced-replication-method': first } : {}),
    ...(isOnlyOne ? {} : { 'replication-method': first }),
    ...(Object.keys(reasons).length > 0 ? { 'unsupported-replication-methods': reasons } : {}),
  };
}

/** A catalog in which the texts of numbers that a double cannot hold are numbers again. To be written with `stringifyValue`: what a Singer program prints. */
export function exactCatalog(catalog: Catalog): unknown {
  const streams = catalog.streams.map((entry) => ({
    ...(exactMembers({ ...entry, schema: null }) as object),
    schema: exactSchema(entry.schema),
  }));
  return { ...(exactMembers({ ...catalog, streams: null }) as object), streams };
}

/**
 * Reads the text of a catalog file as plain JSON. A number that a double cannot hold becomes a text; see {@link exactCatalog}. `file` is the name of the file in the message of the
 * ConfigError `catalog_unreadable`.
 */
export function parseCatalog(text: string, file: string): Catalog {
  const refuse = (reason: string, cause?: unknown) =>
    new ConfigError(`The catalog file ${file} cannot be used: ${reason}.`, {
      code: 'catalog_unreadable',
      cause,
      details: { file },
    });
  const catalog = parseDocument(text, refuse);
  if (!Array.isArray(catalog.streams)) throw refuse('its streams are not a list');
  return {
    ...(plainMembers({ ...catalog, streams: null }) as object),
    streams: catalog.streams.map((entry, index) => parseEntry(entry, `streams[${index}]`, refuse)),
  };
}

function parseEntry(entry: unknown, path: string, refuse: (reason: string) => Error): CatalogEntry {
  if (!isJsonObject(entry)) throw refuse(`${path} is not an object`);
  const id = entry.tap_stream_id ?? entry.stream;
  if (typeof id !== 'string') throw refuse(`${path}.tap_stream_id is not a text`);
  const { schema, metadata = [], stream = id } = entry;
  if (typeof stream !== 'string') throw refuse(`${path}.stream is not a text`);
  if (!isJsonObject(schema)) throw refuse(`${path}.schema is not an object`);
  const properties = schema.properties ?? {};
  if (!isJsonObject(properties)) throw refuse(`${path}.schema.properties is not an object`);
  const columns = Object.entries(properties).map(([name, property]) => [
    name,
    columnSchema(property, (problem) => refuse(`${path}.schema.properties[${shownName(name)}]: ${problem}`)),
  ]);
  if (!isMetadata(metadata)) throw refuse(`${path}.metadata is not a list of { breadcrumb, metadata }`);
  return {
    ...(plainMembers({ ...entry, schema: null }) as object),
    tap_stream_id: id,
    stream,
    schema: plainSchema({ ...schema, properties: Object.fromEntries(columns) as StreamSchema['properties'] }),
    metadata: plainMembers(metadata) as readonly MetadataEntry[],
  };
}

function isMetadata(value: unknown): value is readonly MetadataEntry[] {
  return (
    Array.isArray(value) &&
    value.every((entry) => isJsonObject(entry) && isTextList(entry.breadcrumb) && isJsonObject(entry.metadata))
  );
}

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

/** By UTF-16 code units, the same on every machine. */
function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

function ownValue<T>(object: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return object !== undefined && Object.hasOwn(object, key) ? object[key] : undefined;
}
