import type { ConfigDeclaration, Exact } from '../config/property.ts';
import { connectorBase, connectorConstants, parsed, validateDefinition } from '../definition/definition.ts';
import type { CallOptions, ReadRequest, SourceConnector } from '../interface/connector.ts';
import { type Log, silentLog } from '../interface/log.ts';
import type { Stream } from '../interface/stream.ts';
import { c8ReservedKeys, renameSchema, reservedNames } from '../jsonl/reserved-keys.ts';
import { catalogOf } from '../singer/catalog.ts';
import { discoverSorted } from './discover.ts';
import { openSource } from './open-source.ts';
import { readStreams } from './read-streams.ts';
import { sampleStreams } from './sample.ts';
import { schemaOf } from './schema-of.ts';
import type { SourceDefinition } from './source-definition.ts';

/** Makes the class of a source from one object: `export class Acme extends defineSource({ … }) {}`. */
export function defineSource<const P extends ConfigDeclaration, S extends Stream, R = undefined>(
  definition: SourceDefinition<P, S, R> & { readonly config: P & Exact<P> },
): new () => SourceConnector {
  const constants = connectorConstants(definition, 'source', ['about', 'catalog', 'discover', 'state']);

  const discover = async (integration: unknown, options: CallOptions): Promise<readonly S[]> => {
    const { signal, log } = callContext(options);
    const config = parsed<P>(constants.config, integration, log);
    await using source = openSource(definition, config, { log });
    return await discoverSorted(source, config, { signal, log, only: options.streams });
  };

  class Source extends connectorBase(constants) implements SourceConnector {
    readonly reservedKeys: readonly string[] = [];

    validate(integration: unknown, options: CallOptions = {}) {
      return validateDefinition(definition, constants, integration, options);
    }

    async samples(integration: unknown, options: CallOptions = {}) {
      const { signal, log } = callContext(options);
      const config = parsed<P>(constants.config, integration, log);
      await using source = openSource(definition, config, { log });
      const streams = await discoverSorted(source, config, { signal, log, only: options.streams });
      return await sampleStreams(source, config, streams, { signal, log });
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
      const config = parsed<P>(constants.config, request.integration, request.log);
      await using source = openSource(definition, config, request);
      yield* readStreams(source, config, request);
    }
  }
  const { open } = definition;
  if (open === undefined) return Source;
  return class extends Source {
    open(integration: unknown, { log = silentLog }: CallOptions = {}) {
      // Each read logs the warnings of its config.
      return open.call(definition, { config: parsed<P>(constants.config, integration, silentLog), log });
    }
  };
}

function callContext(options: CallOptions): { signal: AbortSignal; log: Log } {
  return { signal: options.signal ?? new AbortController().signal, log: options.log ?? silentLog };
}
