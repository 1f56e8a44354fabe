import { setTimeout } from 'node:timers/promises';
import { parseValue, stringifyValue } from 'c8connector';
import { type Check, errorText, Finding } from '../check.ts';
import { abortWaiting, silentConfig } from '../interface/aborted.ts';
import { silentServer } from '../interface/silent-server.ts';
import { compileSchema } from '../values/record-validator.ts';
import { callOutcome, type IntegrationContext } from './integration-context.ts';

/** How long a call may take to end after it is aborted. */
const limitMilliseconds = 1000;

/** 79 */
export const goodOutputs: Check<IntegrationContext> = {
  number: 79,
  title: 'a valid call returns an output that matches the output schema of its action',
  where: 'output of the action, and what its run returns',
  async run({ made }) {
    for (const { action, outcome } of await made()) {
      if ('error' in outcome)
        throw new Finding(`action '${action.name}': an output`, errorText(outcome.error), { cause: outcome.error });
      // As in the JSON that the program prints.
      const problem = compileSchema(action.output)(parseValue(stringifyValue(outcome.output)));
      if (problem !== undefined) throw new Finding(`action '${action.name}': an output valid by its schema`, problem);
    }
  },
};

/** 81 */
export const abortedCalls: Check<IntegrationContext> = {
  number: 81,
  title:
    'an aborted call ends within a second, even if the service does not answer, and a call that is aborted before it begins sends nothing',
  where: 'signal of the context: pass it to whatever waits for the service',
  async run(context) {
    const { connector, goodCalls, callsMade } = context;
    const config = await context.config();
    for (const { action, input } of goodCalls()) {
      const before = await callsMade();
      await endsInTime(action.name, AbortSignal.abort(), async (signal) => {
        const outcome = await callOutcome(() => connector.call(action.name, config, input, { signal }));
        if ('output' in outcome)
          throw new Finding(`action '${action.name}': a call that was aborted before it began rejects`, 'an output');
      });
      const sent = ((await callsMade()) ?? 0) - (before ?? 0);
      if (sent !== 0) throw new Finding(`action '${action.name}': nothing sent once it is aborted`, `${sent} calls`);
      const aborting = new AbortController();
      const ended = endsInTime(action.name, aborting.signal, async (signal) => {
        await callOutcome(() => connector.call(action.name, config, input, { signal }));
      });
      aborting.abort();
      await ended;
    }
    await using server = await silentServer();
    const silent = await silentConfig(context, server, 81);
    if (silent === undefined) return;
    for (const { action, input } of goodCalls())
      await abortWaiting(
        `the call of '${action.name}'`,
        (options) => connector.call(action.name, silent, input, options),
        server,
      );
  },
};

async function endsInTime(
  action: string,
  signal: AbortSignal,
  call: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const waiting = new AbortController();
  const late = setTimeout(limitMilliseconds, 'late', { signal: waiting.signal }).catch(() => 'ended');
  try {
    if ((await Promise.race([call(signal), late])) === 'late')
      throw new Finding(`action '${action}': an end within ${limitMilliseconds} ms of the abort`, 'it went on');
  } finally {
    waiting.abort();
  }
}
