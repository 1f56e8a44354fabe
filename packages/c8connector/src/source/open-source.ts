import type { ConfigDeclaration, ConfigOf } from '../config/property.ts';
import type { ReadRequest } from '../interface/connector.ts';
import type { Log } from '../interface/log.ts';
import type { Stream } from '../interface/stream.ts';
import type { DiscoverContext, Page, ReadContext, SourceDefinition } from './source-definition.ts';

/** A source whose calls share what its `open` gave. Disposing disposes of that. */
export interface OpenSource<P extends ConfigDeclaration, S extends Stream> extends AsyncDisposable {
  discover(context: Omit<DiscoverContext<ConfigOf<P>>, 'resource'>): Promise<readonly S[]> | readonly S[];
  read(stream: S, context: Omit<ReadContext<ConfigOf<P>>, 'resource'>): AsyncIterable<Page> | Iterable<Page>;
}

/** Opens a source for one call of a connector. A `resource` of the host takes the place of one of its own, and stays the host's: it is not disposed of. */
export function openSource<P extends ConfigDeclaration, S extends Stream, R>(
  definition: SourceDefinition<P, S, R>,
  config: ConfigOf<P>,
  { resource: given, log }: Pick<ReadRequest, 'resource'> & { readonly log: Log },
): OpenSource<P, S> {
  const own = given === undefined ? definition.open?.({ config, log }) : undefined;
  // The resource of a request is one that this source has opened: see `SourceConnector.open`.
  const resource = (given ?? own) as R;
  return {
    discover: (context) => definition.discover({ ...context, resource }),
    read: (stream, context) => definition.read(stream, { ...context, resource }),
    async [Symbol.asyncDispose]() {
      await own?.[Symbol.asyncDispose]();
    },
  };
}
