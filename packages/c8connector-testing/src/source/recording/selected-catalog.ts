import type { Catalog, CatalogEntry } from 'c8connector';
import { selectStreams, streamMetadata } from 'c8connector';

/** The catalog with only these streams selected; all streams when none are named. Throws when one is unknown. */
export function selectAll(catalog: Catalog, streams?: readonly string[]): Catalog {
  const unknown = streams?.filter((id) => !catalog.streams.some((entry) => entry.tap_stream_id === id)) ?? [];
  if (unknown.length > 0) throw new Error(`the option streams names unknown streams: ${unknown.join(', ')}`);
  return {
    ...catalog,
    streams: catalog.streams.map((entry) => {
      const selected = streams?.includes(entry.tap_stream_id) ?? true;
      const others = entry.metadata.filter(({ breadcrumb }) => breadcrumb.length > 0);
      const own = entry.metadata.filter(({ breadcrumb }) => breadcrumb.length === 0).map(({ metadata }) => metadata);
      return {
        ...entry,
        metadata: [{ breadcrumb: [], metadata: { ...Object.assign({}, ...own), selected } }, ...others],
      };
    }),
  };
}

/**
 * The selected streams that offer INCREMENTAL, with that method and their replication key set; undefined when none does. A stream offers it by `valid-replication-keys`, or
 * by a replication method in its metadata with its key.
 */
export function incrementalCatalog(catalog: Catalog): Catalog | undefined {
  const offered = selectStreams(catalog).filter((entry) => replicationKey(entry) !== undefined);
  if (offered.length === 0) return undefined;
  const { streams } = selectAll(
    catalog,
    offered.map((entry) => entry.tap_stream_id),
  );
  return {
    ...catalog,
    streams: streams.map((entry) => ({
      ...entry,
      metadata: entry.metadata.map(({ breadcrumb, metadata }) =>
        breadcrumb.length === 0 && metadata.selected === true
          ? {
              breadcrumb,
              metadata: {
                ...metadata,
                'replication-method': 'INCREMENTAL',
                'replication-key': replicationKey(entry),
              },
            }
          : { breadcrumb, metadata },
      ),
    })),
  };
}

/** The column by which a stream can be read incrementally; undefined when it does not offer that. */
export function replicationKey(entry: CatalogEntry): string | undefined {
  const metadata = streamMetadata(entry);
  const valid = metadata['valid-replication-keys'];
  const method = metadata['forced-replication-method'] ?? metadata['replication-method'] ?? entry.replication_method;
  const isOffered = method === 'INCREMENTAL' || (Array.isArray(valid) && valid.length > 0 && method !== 'LOG_BASED');
  if (!isOffered) return undefined;
  const given = metadata['replication-key'] ?? entry.replication_key ?? (Array.isArray(valid) ? valid[0] : undefined);
  return typeof given === 'string' ? given : undefined;
}
