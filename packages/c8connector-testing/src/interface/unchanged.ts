import { isDeepStrictEqual } from 'node:util';
import { type CallOptions, isSource } from 'c8connector';
import { Finding, shown } from '../check.ts';
import { type ConnectorContext, outcomeOf, validate } from '../context.ts';

/** Check 23, which is implemented separately for a source, a target and an integration. */
export const unchanged = {
  number: 23,
  title: 'validate, samples, schemas and discover change nothing in the service',
  where: 'what these calls write, create or delete, and what they take out of a queue',
} as const;

/** Compares the results of the option `snapshot` before all calls and after these. */
export async function checkSnapshot(context: ConnectorContext): Promise<void> {
  const before = await context.firstSnapshot();
  await lookAround(context);
  const after = await context.snapshot?.();
  if (!isDeepStrictEqual(after, before))
    throw new Finding(`what snapshot gave at first: ${shown(before)}`, shown(after));
}

/** Makes each call twice: with the connector of the test, and with a new one. Errors are left to other checks. */
export async function lookAround({ connector, makeConnector, config, log }: ConnectorContext): Promise<void> {
  const good = await config();
  const options: CallOptions = { log };
  for (const each of [connector, makeConnector()]) {
    await validate(each, good);
    await outcomeOf(() => each.samples(good, options));
    await outcomeOf(() => each.schemas(good, options));
    if (isSource(each)) await outcomeOf(() => each.discover(good, options));
  }
}
