import { type ConfigDeclaration, type ConfigOf, configProperties, type Exact } from '../config/property.ts';
import {
  connectorBase,
  connectorConstants,
  type Definition,
  parsed,
  validateDefinition,
} from '../definition/definition.ts';
import type { Action, CallOptions, IntegrationConnector } from '../interface/connector.ts';
import { type Log, silentLog } from '../interface/log.ts';
import type { ValueSchema } from '../interface/stream.ts';
import type { Row } from '../interface/value.ts';
import { findAction, inputSchema } from './action.ts';
import { parseInput } from './input.ts';

/** What `run` of an action receives. */
export interface ActionContext<C, I> {
  readonly config: C;
  /** Parsed by the declaration of the action. */
  readonly input: I;
  readonly signal: AbortSignal;
  readonly log: Log;
  /**
   * A value that the connector object keeps between its calls, such as how fast a service may be called. `make` creates it on the first call. There is one value for each `make`,
   * and it lives as long as the object.
   */
  keep<T>(make: () => T): T;
}

/** One action of an integration; see {@link defineAction}. */
export interface ActionDefinition<P extends ConfigDeclaration, C = never> {
  readonly description: string;
  readonly input: P;
  /** JSON Schema of what `run` returns. */
  readonly output: ValueSchema;
  /** A valid input, for samples and docs. */
  readonly example: Readonly<Record<string, unknown>>;
  /** Performs the action once. What it throws is reported unchanged; an unknown outcome is a ConnectionError `outcome_unknown`. */
  run(context: ActionContext<C, ConfigOf<P>>): Promise<unknown>;
}

/** What an author writes for an integration; see {@link defineIntegration}. */
export interface IntegrationDefinition<P extends ConfigDeclaration> extends Definition<P> {
  /** By name. Each is made with {@link defineAction}, which infers the type of its input. */
  readonly actions: Readonly<Record<string, AnyAction<ConfigOf<P>>>>;
  /** See {@link IntegrationConnector.escape}. */
  escape?(text: string): string;
}

/** An action with any type of input. */
export interface AnyAction<C> extends Omit<ActionDefinition<ConfigDeclaration>, 'run'> {
  run(context: ActionContext<C, never>): Promise<unknown>;
}

/**
 * Infers the type of an action's input from its declaration, for a config of type C: `defineAction<SlackConfig>()({ input: { … }, run: ({ config, input }) => … })`.
 */
export function defineAction<C>() {
  return <const P extends ConfigDeclaration>(
    definition: Omit<ActionDefinition<P, C>, 'input'> & { readonly input: P & Exact<P> },
  ): AnyAction<C> => definition;
}

/** Makes the class of an integration from one object: `export class Acme extends defineIntegration({ … }) {}`. */
export function defineIntegration<const P extends ConfigDeclaration>(
  definition: IntegrationDefinition<P> & { readonly config: P & Exact<P> },
): new () => IntegrationConnector {
  const constants = connectorConstants(definition, 'integration', ['about']);
  const { escape: escapeText } = definition;
  const actions = Object.entries(definition.actions).map(([name, action]) => wireAction(name, action));

  class Integration extends connectorBase(constants) implements IntegrationConnector {
    readonly reservedKeys: readonly string[] = [];
    readonly actions = actions;
    readonly #kept = new Map<() => unknown, unknown>();

    validate(config: unknown, options: CallOptions = {}) {
      return validateDefinition(definition, constants, config, options);
    }

    async samples() {
      return actions.map((action) => ({ schema: inputSchema(action), data: [action.example as Row] }));
    }

    async schemas() {
      return actions.map(inputSchema);
    }

    async call(action: string, raw: unknown, input: unknown, options: CallOptions = {}) {
      const known = findAction(this, action);
      const log = options.log ?? silentLog;
      const signal = options.signal ?? new AbortController().signal;
      signal.throwIfAborted();
      const config = parsed<P>(constants.config, raw, log);
      const run = definition.actions[action]?.run as (context: ActionContext<ConfigOf<P>, unknown>) => Promise<unknown>;
      const keep = <T>(make: () => T): T => {
        if (!this.#kept.has(make)) this.#kept.set(make, make());
        return this.#kept.get(make) as T;
      };
      return await run({ config, input: parseInput(known, input, log), signal, log, keep });
    }
  }
  if (escapeText === undefined) return Integration;
  return class extends Integration {
    escape(text: string) {
      return escapeText(text);
    }
  };
}

/** An action as a host sees it. */
function wireAction(name: string, { description, input, output, example }: AnyAction<never>): Action {
  return { name, description, input: configProperties(input), output, example };
}
