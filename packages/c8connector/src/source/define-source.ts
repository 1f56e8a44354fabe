import type { ConfigDeclaration, Exact } from '../config/property.ts';
import { connectorBase, connectorConstants, parsed, validateDefinition } from '../definition/definition.ts';
import type { CallOptions, ReadRequest, SourceConnector } from '../interface/connector.ts';
import { type Log, silentLog } from '../interface/log.ts';
import type { OpenRequest } from '../interface/source-session.ts';
import type { SlotOptions, SourceSlot } from '../interface/source-slot.ts';
import type { Stream } from '../interface/stream.ts';
import { c8ReservedKeys, renameSchema, reservedNames } from '../jsonl/reserved-keys.ts';
import { catalogOf } from '../singer/catalog.ts';
import { type OpenedStreams, openSource, openStreams } from './open-source.ts';
import { readStreams } from './read-streams.ts';
import { sampleStreams } from './sample.ts';
import { schemaOf } from './schema-of.ts';
import type { SlotDefinition, SourceDefinition } from './source-definition.ts';

/** Makes the class of a source from one object: `export class Acme extends defineSource({ … }) {}`. */
export function defineSource<const P extends ConfigDeclaration, S extends Stream, R = undefined>(
  definition: SourceDefinition<P, S, R> & { readonly config: P & Exact<P> },
): new () => SourceConnector & Required<Pick<SourceConnector, 'open'>> {
  const constants = connectorConstants(definition, 'source', [
    ...(['about', 'catalog', 'discover', 'state'] as const),
    ...(definition.log === undefined ? [] : (['log-based'] as const)),
  ]);
  const configOf = (config: unknown, log: Log) => parsed<P>(constants.config, config, log);
  const open = async (config: unknown, options: CallOptions): Promise<OpenedStreams<P, S, R>> => {
    const { signal, log } = callContext(options);
    return await openStreams(definition, configOf(config, log), { signal, log, streams: options.streams });
  };

  return class extends connectorBase(constants) implements SourceConnector {
    readonly reservedKeys: readonly string[] = [];
    readonly slot = slotOf(definition.log?.slot, configOf);

    validate(config: unknown, options: CallOptions = {}) {
      return validateDefinition(definition, constants, config, options);
    }

    async samples(config: unknown, options: CallOptions = {}) {
      await using opened = await open(config, options);
      return await sampleStreams(opened, callContext(options));
    }

    async schemas(config: unknown, options: CallOptions = {}) {
      await using opened = await open(config, options);
      return opened.streams.map(({ id, schema, keyProperties = [] }) => {
        const names = reservedNames(schema, keyProperties, c8ReservedKeys);
        return schemaOf(id, renameSchema(schema, keyProperties, names).schema);
      });
    }

    async discover(config: unknown, options: CallOptions = {}) {
      await using opened = await open(config, options);
      return catalogOf(opened.streams);
    }

    async open(request: OpenRequest) {
      return await openSource(definition, configOf(request.config, request.log), request);
    }

    async *read(request: ReadRequest) {
      yield* readStreams(definition, configOf(request.config, request.log), request);
    }
  };
}

function callContext(options: CallOptions): { signal: AbortSignal; log: Log } {
  return { signal: options.signal ?? new AbortController().signal, log: options.log ?? silentLog };
}

function slotOf<C>(
  slot: SlotDefinition<C> | undefined,
  configOf: (integration: unknown, log: Log) => C,
): SourceSlot | undefined {
  if (slot === undefined) return undefined;
  const contextOf = (integration: unknown, options: SlotOptions) => {
    const context = callContext(options);
    return { ...context, config: configOf(integration, context.log), connection: options.connection };
  };
  return {
    find: async (integration, options) => await slot.find(contextOf(integration, options)),
    drop: async (integration, options) => await slot.drop(contextOf(integration, options)),
  };
}
