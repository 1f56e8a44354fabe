import type { Action, IntegrationConnector } from 'c8connector';
import { findAction } from 'c8connector';
import { NotRunnable } from '../check.ts';
import { type ConnectorContext, connectorContext, once } from '../context.ts';
import type { IntegrationTestOptions } from '../options.ts';

/** A call that the test allows to make. */
interface GoodCall {
  readonly action: Action;
  readonly input: Readonly<Record<string, unknown>>;
}

/** The outcome of a call. */
export type CallOutcome = { readonly output: unknown } | { readonly error: unknown };

/** What the checks of an integration share. */
export interface IntegrationContext extends ConnectorContext<IntegrationConnector> {
  /** The calls that the test allows to make, at least one. Throws NotRunnable when the options allow none. */
  readonly goodCalls: () => readonly [GoodCall, ...GoodCall[]];
  /** Each allowed call, made once, with its outcome. */
  readonly made: () => Promise<readonly (GoodCall & { readonly outcome: CallOutcome })[]>;
  /** How many calls have reached the service; undefined when the options do not provide it. */
  readonly callsMade: () => Promise<number | undefined>;
}

/** Nothing is called before a check asks for it. */
export function integrationContext(options: IntegrationTestOptions): IntegrationContext {
  const context = connectorContext<IntegrationConnector>(options);
  const { connector, config, log } = context;
  const goodCalls = () => goodCallsOf(connector, options);
  return {
    ...context,
    goodCalls,
    made: once(async () => {
      const made: (GoodCall & { readonly outcome: CallOutcome })[] = [];
      for (const call of goodCalls()) {
        const outcome = await callOutcome(async () =>
          connector.call(call.action.name, await config(), call.input, { log }),
        );
        made.push({ ...call, outcome });
      }
      return made;
    }),
    callsMade: async () => await options.callsMade?.(),
  };
}

/** The result of a call, or its error. */
export async function callOutcome(call: () => Promise<unknown>): Promise<CallOutcome> {
  try {
    return { output: await call() };
  } catch (error) {
    return { error };
  }
}

function goodCallsOf(
  connector: IntegrationConnector,
  { calls = {}, allowExamples = false }: IntegrationTestOptions,
): readonly [GoodCall, ...GoodCall[]] {
  const given = Object.entries(calls).map(([name, input]) => ({ action: findAction(connector, name), input }));
  const examples = connector.actions
    .filter(({ name }) => allowExamples && !Object.hasOwn(calls, name))
    .map((action) => ({ action, input: action.example }));
  const [first, ...rest] = [...given, ...examples];
  if (first !== undefined) return [first, ...rest];
  throw new NotRunnable(
    'the options allow no call: give calls: { action: input } of calls that may really be made, or allowExamples: true',
  );
}
