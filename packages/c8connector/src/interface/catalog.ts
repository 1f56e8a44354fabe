import type { StreamSchema } from './stream.ts';

/** Metadata and selection of a stream (breadcrumb []) or a column (breadcrumb ['properties', name]). */
export interface MetadataEntry {
  readonly breadcrumb: readonly string[];
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** One stream of a Singer catalog. Keys that are not known here are carried along unchanged. */
export interface CatalogEntry {
  readonly tap_stream_id: string;
  readonly stream: string;
  readonly table_name?: string;
  readonly schema: StreamSchema;
  readonly metadata: readonly MetadataEntry[];
  readonly key_properties?: readonly string[];
  readonly [key: string]: unknown;
}

/** What `discover` gives and `read` takes, in Singer's own JSON form. */
export interface Catalog {
  readonly streams: readonly CatalogEntry[];
}
