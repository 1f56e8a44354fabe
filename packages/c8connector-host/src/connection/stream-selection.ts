import {
  type C8Connector,
  type Catalog,
  type CatalogEntry,
  ConfigError,
  findAction,
  isIntegration,
  type MetadataEntry,
  nearest,
  streamMetadata,
} from 'c8connector';
import type { StreamSelection } from './connection.ts';

/**
 * The catalog with a selection in its metadata. Without a selection all streams are selected, except those that the source does not select by default. The name of a
 * stream takes precedence over a pattern that matches it. Throws a ConfigError `stream_unknown` or `column_unknown` with all names that do not exist.
 */
export function applySelection(catalog: Catalog, selections: readonly StreamSelection[] | undefined): Catalog {
  const names = catalog.streams.map((entry) => entry.tap_stream_id);
  if (names.length === 0)
    throw unknownStreams(['the source has no streams: see its filters, and what its user may read']);
  const missing = (selections ?? []).filter((selection) => !names.some((name) => matches(selection, name)));
  if (missing.length > 0) throw unknownStreams(missing.map(({ stream }) => missingStream(stream, names)));

  const problems: string[] = [];
  const streams = catalog.streams.map((entry) => {
    const selection = selectionOf(entry, selections ?? [{ stream: '*' }]);
    return selection === undefined ? entry : selectStream(entry, selection, problems);
  });
  if (problems.length > 0) throw new ConfigError(problems.join('\n'), { code: 'column_unknown' });
  return { ...catalog, streams };
}

/**
 * Throws a ConfigError `stream_unknown` with the requested names that do not exist; `known` returns the names to suggest from. For an integration, the
 * actions are in place of streams.
 */
export async function refuseUnknownStreams(
  connector: C8Connector,
  asked: readonly string[],
  found: readonly string[],
  known: () => Promise<readonly string[]>,
): Promise<void> {
  const missing = asked.filter((name) => !found.includes(name));
  if (missing.length === 0) return;
  if (isIntegration(connector)) for (const name of missing) findAction(connector, name);
  const names = await known();
  throw unknownStreams(missing.map((name) => unknownStream(name, names)));
}

function missingStream(name: string, names: readonly string[]): string {
  return name.includes('*') ? `no stream of the source matches '${name}'` : unknownStream(name, names);
}

function unknownStream(name: string, known: readonly string[]): string {
  const close = nearest(name, known);
  return `the source has no stream '${name}'${close === undefined ? '' : `; did you mean '${close}'?`}`;
}

function unknownStreams(problems: readonly string[]): ConfigError {
  return new ConfigError(problems.join('\n'), { code: 'stream_unknown' });
}

/** A pattern does not match streams whose rows are also in another one, such as a partition and its parent; these are selected by name. */
function selectionOf(entry: CatalogEntry, selections: readonly StreamSelection[]): StreamSelection | undefined {
  const name = entry.tap_stream_id;
  const byName = selections.find(({ stream }) => stream === name);
  if (byName !== undefined || streamMetadata(entry)['selected-by-default'] === false) return byName;
  return selections.find((selection) => matches(selection, name));
}

function matches({ stream }: StreamSelection, name: string): boolean {
  if (stream === name || !stream.includes('*')) return stream === name;
  const parts = stream.split('*').map((part) => part.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's').test(name);
}

function selectStream(
  entry: CatalogEntry,
  { replicationMethod, replicationKey, columns }: StreamSelection,
  problems: string[],
): CatalogEntry {
  const known = Object.keys(entry.schema.properties);
  const named = new Set([...(columns ?? []), ...(replicationKey === undefined ? [] : [replicationKey])]);
  for (const column of [...named].filter((name) => !known.includes(name))) {
    const close = nearest(column, known);
    const hint = close === undefined ? '' : `; did you mean '${close}'?`;
    problems.push(`stream '${entry.tap_stream_id}' has no column '${column}'${hint}`);
  }
  const stream = {
    selected: true,
    ...(replicationMethod === undefined ? {} : { 'replication-method': replicationMethod }),
    ...(replicationKey === undefined ? {} : { 'replication-key': replicationKey }),
  };
  const added: MetadataEntry[] = [{ breadcrumb: [], metadata: stream }];
  if (columns !== undefined) {
    for (const name of known)
      added.push({ breadcrumb: ['properties', name], metadata: { selected: columns.includes(name) } });
  }
  return { ...entry, metadata: mergeMetadata([...entry.metadata, ...added]) };
}

/** One entry for each breadcrumb; when several have the same key, the last one counts. */
function mergeMetadata(entries: readonly MetadataEntry[]): readonly MetadataEntry[] {
  const merged = new Map<string, MetadataEntry>();
  for (const { breadcrumb, metadata } of entries) {
    const key = JSON.stringify(breadcrumb);
    merged.set(key, { breadcrumb, metadata: { ...merged.get(key)?.metadata, ...metadata } });
  }
  return [...merged.values()];
}
