import { setTimeout } from 'node:timers/promises';
import { type C8Connector, type CallOptions, isSource } from 'c8connector';
import { type Check, Finding, orReason } from '../check.ts';
import { type ConnectorContext, outcomeOf } from '../context.ts';
import { endsWithin } from '../ends-within.ts';
import { pointedAt } from './addresses.ts';
import { type SilentServer, silentServer } from './silent-server.ts';

const limitMilliseconds = 1000;
/** How long a call may take to connect before it is aborted anyway. */
const graceMilliseconds = 2000;

type Call = readonly [name: string, call: (config: object, options: CallOptions) => Promise<unknown>];

/** 25 */
export const abortedWork: Check<ConnectorContext> = {
  number: 25,
  title: 'an abort ends validate, samples, schemas and discover within a second, even if the server does not answer',
  where: 'signal of the options and of the context: pass it to whatever waits for the service',
  async run(context) {
    const good = await context.config();
    const calls = callsOf(context.connector);
    await Promise.all(
      calls.map(([name, call]) =>
        endsWithin(
          limitMilliseconds,
          () => outcomeOf(() => call(good, { signal: AbortSignal.abort() })),
          `${name}, aborted before it began,`,
        ),
      ),
    );
    await using server = await silentServer();
    const config = await silentConfig(context, server, 25);
    if (config === undefined) return;
    const connected: boolean[] = [];
    for (const [name, call] of calls)
      connected.push(await abortWaiting(name, (options) => call(config, options), server));
    if (!connected.includes(true))
      context.note(
        '25 tried no call that waits: none connected to the server of the kit; give unreachable: ({ host, port }) => ({ … })',
      );
  },
};

/** The config with the silent server as its address. Undefined when the connector has no address, so that it cannot be made to wait. */
export async function silentConfig(
  context: ConnectorContext,
  server: SilentServer,
  number: number,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const config = await orReason(() => pointedAt(context, server));
  if ('value' in config) return config.value;
  context.note(`${number} tried only calls that are aborted before they begin: ${config.reason}`);
  return undefined;
}

function callsOf(connector: C8Connector): readonly Call[] {
  return [
    ['validate', (config, options) => connector.validate(config, options)],
    ['samples', (config, options) => connector.samples(config, options)],
    ['schemas', (config, options) => connector.schemas(config, options)],
    ...(isSource(connector)
      ? [['discover', (config: object, options: CallOptions) => connector.discover(config, options)] as const]
      : []),
  ];
}

/**
 * Aborts a call once it has connected to the silent server, and throws a Finding when it continues. A call that may clean up must only disconnect from the server; what it does afterwards is not
 * checked. Returns whether it had connected when it was aborted.
 */
export async function abortWaiting(
  name: string,
  call: (options: CallOptions) => Promise<unknown>,
  server: SilentServer,
  { limit = limitMilliseconds, mayCleanUp = false } = {},
): Promise<boolean> {
  const aborting = new AbortController();
  const waited = new AbortController();
  const isConnected = server.connected().then(() => true);
  let isOver = false;
  const work = call({ signal: aborting.signal }).then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  const ended = work.then(() => {
    isOver = true;
    return false;
  });
  const late = setTimeout(graceMilliseconds, false, { signal: waited.signal }).catch(() => false);
  const connected = await Promise.race([isConnected, ended, late]);
  waited.abort();
  // A request must be under way before it can be cancelled.
  await setTimeout(50);
  if (isOver) return connected;
  const left = mayCleanUp ? [server.left().then(() => ({ error: undefined }))] : [];
  aborting.abort();
  const outcome = await endsWithin(
    limit,
    () => Promise.race([work, ...left]),
    `${name}, aborted while the server says nothing,`,
  );
  if (connected && 'value' in outcome && name === 'validate')
    throw new Finding('validate rejects when it is aborted before the server said anything', 'it resolved');
  return connected;
}
