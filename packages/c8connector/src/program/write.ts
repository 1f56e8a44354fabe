import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { untilAborted, waitFor } from '../deadline.ts';
import type { TargetConnector } from '../interface/connector.ts';
import type { Rejection } from '../interface/ledger.ts';
import type { Log } from '../interface/log.ts';
import type { State } from '../interface/state.ts';
import type { Value } from '../interface/value.ts';
import { valueLine } from '../jsonl/value-line.ts';
import { readAhead } from '../run/read-ahead.ts';
import { graceMilliseconds, type Stop } from '../run/stop.ts';
import { untilFailure } from '../run/until-failure.ts';
import { decodeMessages } from '../singer/decode.ts';
import { writeAcknowledged } from '../target/acknowledge.ts';
import { checkpoints } from '../target/checkpoints.ts';
import { forTarget } from '../target/for-target.ts';
import type { Output } from './output.ts';

/** The part of the grace period that is reserved for the last FLUSH, after the input was cut off. */
const flushMilliseconds = graceMilliseconds / 2;
/** How long the input may take to release what it holds. */
const releaseMilliseconds = 1000;

/** A target's program: Singer text from stdin, and a state line on stdout for each acknowledged state, none twice and none without a state. */
export async function writeFromInput(
  target: TargetConnector,
  request: {
    readonly config: unknown;
    readonly input: AsyncIterable<Uint8Array>;
    readonly stop: Stop;
    readonly log: Log;
  },
  output: Output,
): Promise<void> {
  const { config, stop, log } = request;
  const needs = target.accepts(config);
  let failure: { readonly error: unknown } | undefined;

  const input = decodeMessages(untilAborted(request.input, cutOff(stop)), { exact: needs.exact, log });
  // What came before a bad line is flushed and acknowledged, which may take long; then the error is thrown.
  const good = untilFailure(input, (error) => {
    failure = { error };
    log.warn('the input ends early; what came before is stored first', { error: messageOf(error) });
  });
  const hasRecover = target.recover !== undefined;
  const options = { limits: needs.flush, hasRecover, signal: stop.graceful };
  const messages = readAhead(checkpoints(forTarget(good, target, needs), options), 2);
  const now = Date.now();
  // A pipe has no stored state, so its connection is a new one each time.
  const run = { id: randomUUID(), connection: randomUUID(), unit: 'pipe', epoch: now, generation: now };
  let last: State | undefined;
  try {
    const rejected = new Map<string, number>();
    const onRejected = (rejection: Rejection) => {
      rejected.set(rejection.stream, (rejected.get(rejection.stream) ?? 0) + 1);
      log.warn('rejected', { ...rejection });
    };
    const request = { config, run, signal: stop.forced, log, rejected, onRejected };
    for await (const { state, isCheckpoint } of writeAcknowledged(target, messages, request)) {
      // A target that commits with its state has not committed what is not a checkpoint.
      if (state === undefined || (hasRecover && !isCheckpoint) || isDeepStrictEqual(state, last)) continue;
      last = state;
      await output.write(valueLine(state as Value));
    }
  } finally {
    await waitFor(messages.return(undefined), { milliseconds: releaseMilliseconds }).catch(() => undefined);
  }
  throwIfAny(failure);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function throwIfAny(failure: { readonly error: unknown } | undefined): void {
  if (failure !== undefined) throw failure.error;
}

/** Aborted when the input must end if it has not ended by itself after a signal: in time for a last FLUSH within the grace period. */
function cutOff(stop: Stop): AbortSignal {
  const cut = new AbortController();
  const later = () => setTimeout(() => cut.abort(), graceMilliseconds - flushMilliseconds).unref();
  if (stop.graceful.aborted) later();
  else stop.graceful.addEventListener('abort', later, { once: true });
  return AbortSignal.any([stop.forced, cut.signal]);
}
