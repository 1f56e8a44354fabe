import { type Catalog, type CatalogEntry, ConfigError, type MetadataEntry, nearest, streamMetadata } from 'c8connector';
import type { StreamWish } from './connection.ts';
import { unknownStream, unknownStreams } from './stream-filter.ts';

/**
 * The catalog with the wishes of a connection file in its metadata; all streams are selected when there are none, but those that the source does not select by default. A stream that is named wins over a pattern that
 * matches it. Throws a ConfigError `stream_unknown` or `column_unknown` that tells all names that are not there.
 */
export function selectWishes(catalog: Catalog, wishes: readonly StreamWish[] | undefined): Catalog {
  const names = catalog.streams.map((entry) => entry.tap_stream_id);
  if (names.length === 0)
    throw unknownStreams(['the source has no streams: see its filters, and what its user may read']);
  const missing = (wishes ?? []).filter((wish) => !names.some((name) => matches(wish, name)));
  if (missing.length > 0) throw unknownStreams(missing.map(({ stream }) => missingStream(stream, names)));

  const problems: string[] = [];
  const streams = catalog.streams.map((entry) => {
    const wish = wishFor(entry, wishes ?? [{ stream: '*' }]);
    return wish === undefined ? entry : selectStream(entry, wish, problems);
  });
  if (problems.length > 0) throw new ConfigError(problems.join('\n'), { code: 'column_unknown' });
  return { ...catalog, streams };
}

function missingStream(name: string, names: readonly string[]): string {
  return name.includes('*') ? `no stream of the source matches '${name}'` : unknownStream(name, names);
}

/** A pattern leaves out what the source would otherwise read twice, such as a partition beside its parent; its own name selects it. */
function wishFor(entry: CatalogEntry, wishes: readonly StreamWish[]): StreamWish | undefined {
  const name = entry.tap_stream_id;
  const byName = wishes.find(({ stream }) => stream === name);
  if (byName !== undefined || streamMetadata(entry)['selected-by-default'] === false) return byName;
  return wishes.find((wish) => matches(wish, name));
}

function matches({ stream }: StreamWish, name: string): boolean {
  if (stream === name || !stream.includes('*')) return stream === name;
  const parts = stream.split('*').map((part) => part.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's').test(name);
}

function selectStream(entry: CatalogEntry, wish: StreamWish, problems: string[]): CatalogEntry {
  const known = Object.keys(entry.schema.properties);
  for (const column of wish.columns?.filter((name) => !known.includes(name)) ?? []) {
    const close = nearest(column, known);
    const hint = close === undefined ? '' : `; did you mean '${close}'?`;
    problems.push(`stream '${entry.tap_stream_id}' has no column '${column}'${hint}`);
  }
  const facts = new Map(
    entry.metadata.map(({ breadcrumb, metadata }) => [JSON.stringify(breadcrumb), { breadcrumb, metadata }]),
  );
  const add = (breadcrumb: readonly string[], metadata: MetadataEntry['metadata']): void => {
    const key = JSON.stringify(breadcrumb);
    facts.set(key, { breadcrumb, metadata: { ...facts.get(key)?.metadata, ...metadata } });
  };
  const method = wish.replicationMethod;
  add([], { selected: true, ...(method === undefined ? {} : { 'replication-method': method }) });
  const { columns } = wish;
  if (columns !== undefined) for (const name of known) add(['properties', name], { selected: columns.includes(name) });
  return { ...entry, metadata: [...facts.values()] };
}
