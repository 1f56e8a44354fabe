import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { TargetConnector } from '../interface/connector.ts';
import type { Log } from '../interface/log.ts';
import type { SourceMessage } from '../interface/messages.ts';
import type { State } from '../interface/state.ts';
import type { Value } from '../interface/value.ts';
import { stringifyValue } from '../jsonl/values.ts';
import { limited } from '../limited.ts';
import { readAhead } from '../run/read-ahead.ts';
import { forTarget } from '../run/run-unit.ts';
import { graceMilliseconds, type Stop } from '../run/stop.ts';
import { decodeMessages } from '../singer/decode.ts';
import { writeAcknowledged } from '../target/acknowledge.ts';
import { flushBorders } from '../target/checkpoints.ts';
import type { Output } from './output.ts';

/** Of the grace after a signal, what is left to the last FLUSH once the input is cut off. */
const flushMilliseconds = graceMilliseconds / 2;

/** A target's program: Singer text from stdin, and on stdout each acknowledged state, bare, never twice and never empty. */
export async function writeFromInput(
  target: TargetConnector,
  request: {
    readonly integration: unknown;
    readonly input: AsyncIterable<Uint8Array>;
    readonly stop: Stop;
    readonly log: Log;
  },
  output: Output,
): Promise<void> {
  const { integration, stop, log } = request;
  const needs = target.accepts(integration);
  let failure: { readonly error: unknown } | undefined;

  // What came before a bad line is flushed and acknowledged; then the error is told.
  async function* survived(): AsyncGenerator<SourceMessage> {
    try {
      yield* decodeMessages(cutOff(request.input, stop), { exact: needs.exact, log });
    } catch (error) {
      failure = { error };
    }
  }

  const messages = readAhead(flushBorders(forTarget(survived(), target, needs), needs.flush, stop.soft), 2);
  const run = { id: randomUUID(), unit: 'singer', epoch: 1 };
  let last: State | undefined;
  try {
    for await (const { state } of writeAcknowledged(target, messages, { integration, run, signal: stop.hard, log })) {
      if (state === undefined || isDeepStrictEqual(state, last)) continue;
      last = state;
      await output.write(`${stringifyValue(state as Value)}\n`);
    }
  } finally {
    await limited(messages.return(undefined), 1000);
  }
  throwIfAny(failure);
}

function throwIfAny(failure: { readonly error: unknown } | undefined): void {
  if (failure !== undefined) throw failure.error;
}

/** The input, which after a signal ends by itself, or is cut off in time for a last FLUSH within the grace. */
async function* cutOff(input: AsyncIterable<Uint8Array>, stop: Stop): AsyncGenerator<Uint8Array> {
  const iterator = input[Symbol.asyncIterator]();
  const cut = new Promise<'cut'>((resolve) => {
    const later = () => setTimeout(() => resolve('cut'), graceMilliseconds - flushMilliseconds).unref();
    if (stop.soft.aborted) later();
    else stop.soft.addEventListener('abort', later, { once: true });
    stop.hard.addEventListener('abort', () => resolve('cut'), { once: true });
  });
  for (;;) {
    const next = await Promise.race([iterator.next(), cut]);
    if (next === 'cut' || next.done === true) return;
    yield next.value;
  }
}
