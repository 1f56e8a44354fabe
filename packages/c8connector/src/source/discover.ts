import type { ConfigDeclaration, ConfigOf } from '../config/property.ts';
import type { Log } from '../interface/log.ts';
import type { Stream } from '../interface/stream.ts';
import type { OpenSource } from './open-source.ts';

/** The streams of a source by id; only those that are wanted, whether or not the source looks at that. */
export async function discoverSorted<P extends ConfigDeclaration, S extends Stream>(
  definition: OpenSource<P, S>,
  config: ConfigOf<P>,
  {
    only,
    ...options
  }: { readonly only: readonly string[] | undefined; readonly signal: AbortSignal; readonly log: Log },
): Promise<readonly S[]> {
  const streams = await definition.discover({ config, ...options, ...(only === undefined ? {} : { only }) });
  const wanted = only === undefined ? streams : streams.filter((stream) => only.includes(stream.id));
  return wanted.toSorted((one, other) => (one.id < other.id ? -1 : 1));
}
