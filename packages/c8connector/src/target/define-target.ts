import type { ConfigDeclaration, ConfigOf, Exact } from '../config/property.ts';
import {
  connectorBase,
  connectorConstants,
  type Definition,
  parsed,
  validateDefinition,
} from '../definition/definition.ts';
import type {
  CallOptions,
  ObjectsOptions,
  StoredObject,
  TargetConnector,
  TargetNeeds,
  WriteRequest,
} from '../interface/connector.ts';
import { type Log, silentLog } from '../interface/log.ts';
import type { TargetMessage } from '../interface/messages.ts';
import type { State } from '../interface/state.ts';

/** What `write` of a target receives: the {@link WriteRequest} with its config parsed. */
export interface WriteContext<C> extends Omit<WriteRequest, 'config'> {
  readonly config: C;
}

/** What `objects` of a target receives: the {@link ObjectsOptions} with the parsed config. */
export interface ObjectsContext<C> extends Omit<ObjectsOptions, 'streams' | 'onStep'> {
  readonly config: C;
  readonly signal: AbortSignal;
  readonly log: Log;
}

/** {@link TargetNeeds}, reduced to what differs from the defaults. */
export interface PartialNeeds {
  readonly flush?: Partial<TargetNeeds['flush']>;
  readonly exact?: TargetNeeds['exact'];
  readonly face?: TargetNeeds['face'];
  readonly place?: string;
  readonly needsLedger?: boolean;
}

/** The defaults: at most 10,000 rows, 32 MB or 60 s between two FLUSHes. */
const defaultNeeds: TargetNeeds = { flush: { rows: 10_000, bytes: 32_000_000, age: 60 }, exact: 'number' };

/** What an author writes for a target; see {@link defineTarget}. */
export interface TargetDefinition<P extends ConfigDeclaration> extends Definition<P> {
  /** Columns of these names are renamed before they reach `write`. */
  readonly reservedKeys?: readonly string[];
  accepts?(config: ConfigOf<P>): PartialNeeds;
  /** Yields the state of each FLUSH once everything before it is durable. */
  write(messages: AsyncIterable<TargetMessage>, context: WriteContext<ConfigOf<P>>): AsyncIterable<State | undefined>;
  /** See {@link TargetConnector.recover}. */
  recover?(context: WriteContext<ConfigOf<P>>): Promise<State | undefined>;
  /** See {@link TargetConnector.finish}. */
  finish?(context: WriteContext<ConfigOf<P>>, streams: readonly string[]): Promise<void>;
  /** See {@link TargetConnector.objects}. */
  objects?(context: ObjectsContext<ConfigOf<P>>): AsyncIterable<StoredObject>;
}

/** Makes the class of a target from one object: `export class Acme extends defineTarget({ … }) {}`. */
export function defineTarget<const P extends ConfigDeclaration>(
  definition: TargetDefinition<P> & { readonly config: P & Exact<P> },
): new () => TargetConnector {
  const { recover, finish, objects } = definition;
  const constants = connectorConstants(definition, 'target', recover === undefined ? ['about'] : ['about', 'recover']);
  const contextOf = ({ config, ...request }: WriteRequest): WriteContext<ConfigOf<P>> => ({
    ...request,
    config: parsed<P>(constants.config, config, request.log),
  });

  class Target extends connectorBase(constants) implements TargetConnector {
    readonly reservedKeys = definition.reservedKeys ?? [];

    validate(config: unknown, options: CallOptions = {}) {
      return validateDefinition(definition, constants, config, options);
    }

    async samples() {
      return [];
    }

    async schemas() {
      return [];
    }

    accepts(config: unknown) {
      const wanted = definition.accepts?.(parsed<P>(constants.config, config, silentLog)) ?? {};
      return { ...defaultNeeds, ...wanted, flush: { ...defaultNeeds.flush, ...wanted.flush } };
    }

    async *write(messages: AsyncIterable<TargetMessage>, request: WriteRequest) {
      yield* definition.write(messages, contextOf(request));
    }
  }
  // A method that the author left out must not exist: hosts check for its name.
  const optional: Pick<TargetConnector, 'recover' | 'finish' | 'objects'> = {
    ...(recover && { recover: (request) => recover.call(definition, contextOf(request)) }),
    ...(finish && { finish: (request, streams) => finish.call(definition, contextOf(request), streams) }),
    ...(objects && {
      objects: (config, { signal = new AbortController().signal, log = silentLog, ...options } = {}) =>
        objects.call(definition, { ...options, signal, log, config: parsed<P>(constants.config, config, log) }),
    }),
  };
  Object.assign(Target.prototype, optional);
  return Target;
}
