import type { ConfigDeclaration, ConfigOf, Exact } from './config/property.ts';
import type { CallOptions, ReadRequest, SourceConnector } from './connector.ts';
import { connectorBase, connectorFacts, type Definition, parsed, validateDefinition } from './define.ts';
import { type Log, silentLog } from './log.ts';
import { c8ReservedKeys, renameSchema, reservedNames } from './reserved-keys.ts';
import { discoverSorted } from './runtime/discover.ts';
import { readStreams } from './runtime/read-streams.ts';
import { sampleStreams } from './runtime/sample.ts';
import { schemaOf } from './schema-of.ts';
import { catalogOf } from './singer/catalog.ts';
import type { Exactness } from './singer/lines.ts';
import type { Bookmark } from './singer/state.ts';
import type { Stream, StreamSchema } from './stream.ts';
import type { Row } from './value.ts';

/**
 * Some rows, and where to go on after them. `lines` are `count` JSON objects, each ended by a newline, holding exactly the selected columns in the order of
 * the schema; with `exact: 'text'` decimals and JSON columns stand in them as strings. A page without a bookmark cannot be resumed behind.
 */
export type Page = { readonly bookmark?: Bookmark } & (
  | { readonly rows: readonly Row[] }
  | { readonly lines: Uint8Array; readonly count: number; readonly exact?: Exactness }
);

/** What `discover` of a source is given. */
export interface DiscoverContext<C> {
  readonly config: C;
  /** When given, only these stream ids are wanted: a source that can ask its server for less may do so, others ignore it. */
  readonly only?: readonly string[];
  readonly signal: AbortSignal;
  readonly log: Log;
}

/** What `read` of a source is given for one stream. */
export interface ReadContext<C> {
  readonly config: C;
  /** The bookmark of the last page that is durable; absent when the stream is read from its beginning. */
  readonly bookmark?: Bookmark;
  /** The selected columns, in the order of the schema. */
  readonly columns: readonly string[];
  /** The schema of the selected columns. */
  readonly schema: StreamSchema;
  /** How decimals and JSON columns should stand in `lines`; the runtime converts lines that stand otherwise. */
  readonly exact: Exactness;
  /** No more rows than these are wanted: a hint, the runtime stops by itself. */
  readonly limit?: number;
  readonly signal: AbortSignal;
  readonly log: Log;
}

/** What an author writes for a source; see {@link defineSource}. */
export interface SourceDefinition<P extends ConfigDeclaration, S extends Stream> extends Definition<P> {
  discover(context: DiscoverContext<ConfigOf<P>>): Promise<readonly S[]> | readonly S[];
  /** Called once for each selected stream. Open what it needs with `await using`: ending early disposes. */
  read(stream: S, context: ReadContext<ConfigOf<P>>): AsyncIterable<Page> | Iterable<Page>;
}

/** Makes the class of a source from one object: `export class Acme extends defineSource({ … }) {}`. */
export function defineSource<const P extends ConfigDeclaration, S extends Stream>(
  definition: SourceDefinition<P, S> & { readonly config: P & Exact<P> },
): new () => SourceConnector {
  const facts = connectorFacts(definition, 'source', ['about', 'catalog', 'discover', 'state']);

  const discover = async (integration: unknown, options: CallOptions): Promise<readonly S[]> => {
    const { signal, log } = callContext(options);
    return await discoverSorted(definition, parsed<P>(facts.config, integration, log), {
      signal,
      log,
      only: options.streams,
    });
  };

  return class extends connectorBase(facts) implements SourceConnector {
    readonly reservedKeys: readonly string[] = [];

    validate(integration: unknown, options: CallOptions = {}) {
      return validateDefinition(definition, facts, integration, options);
    }

    async samples(integration: unknown, options: CallOptions = {}) {
      const { signal, log } = callContext(options);
      const config = parsed<P>(facts.config, integration, log);
      const streams = await discoverSorted(definition, config, { signal, log, only: options.streams });
      return await sampleStreams(definition, config, streams, { signal, log });
    }

    async schemas(integration: unknown, options: CallOptions = {}) {
      const streams = await discover(integration, options);
      return streams.map(({ id, schema, keyProperties = [] }) => {
        const names = reservedNames(schema, keyProperties, c8ReservedKeys);
        return schemaOf(id, renameSchema(schema, keyProperties, names).schema);
      });
    }

    async discover(integration: unknown, options: CallOptions = {}) {
      return catalogOf(await discover(integration, options));
    }

    async *read(request: ReadRequest) {
      yield* readStreams(definition, parsed<P>(facts.config, request.integration, request.log), request);
    }
  };
}

function callContext(options: CallOptions): { signal: AbortSignal; log: Log } {
  return { signal: options.signal ?? new AbortController().signal, log: options.log ?? silentLog };
}
