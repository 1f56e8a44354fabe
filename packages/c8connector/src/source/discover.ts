import type { ConfigDeclaration } from '../config/property.ts';
import type { Log } from '../interface/log.ts';
import type { Stream } from '../interface/stream.ts';
import { withUsableSchema } from './discovered-schema.ts';
import type { Opened } from './read-unit.ts';

/** The streams of a source by id; only the requested ones, whether or not the source honours the request. */
export async function discoverSorted<P extends ConfigDeclaration, S extends Stream, R>(
  { definition, config, resource }: Opened<P, S, R>,
  {
    only,
    ...options
  }: { readonly only: readonly string[] | undefined; readonly signal: AbortSignal; readonly log: Log },
): Promise<readonly S[]> {
  const streams = await definition.discover({ config, resource, ...options, ...(only === undefined ? {} : { only }) });
  const ids = new Set(only);
  const wanted = only === undefined ? streams : streams.filter(({ id }) => ids.has(id));
  return wanted.map(withUsableSchema).toSorted((one, other) => (one.id < other.id ? -1 : 1));
}
