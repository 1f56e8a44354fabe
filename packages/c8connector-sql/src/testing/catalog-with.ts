import type { Catalog } from 'c8connector';

/** A catalog that selects one stream, with this metadata. */
export function catalogWith(stream: string, said: Readonly<Record<string, unknown>>): Catalog {
  const schema = { type: 'object', properties: {} };
  const metadata = [{ breadcrumb: [], metadata: { ...said, selected: true } }];
  return { streams: [{ tap_stream_id: stream, stream, schema, metadata }] };
}
