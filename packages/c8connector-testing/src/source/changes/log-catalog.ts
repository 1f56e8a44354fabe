import type { Catalog } from 'c8connector';
import { selectAll } from '../recording/selected-catalog.ts';

/** The catalog with these streams selected, to be read from the log. */
export function logCatalog(catalog: Catalog, streams: readonly string[]): Catalog {
  const { streams: entries, ...rest } = selectAll(catalog, streams);
  return {
    ...rest,
    streams: entries.map((entry) => ({
      ...entry,
      metadata: entry.metadata.map(({ breadcrumb, metadata }) =>
        breadcrumb.length === 0 && metadata.selected === true
          ? { breadcrumb, metadata: { ...metadata, 'replication-method': 'LOG_BASED' } }
          : { breadcrumb, metadata },
      ),
    })),
  };
}
