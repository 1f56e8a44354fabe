import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { type Catalog, parseState, type SourceMessage, type State, stringifyValue, waitFor } from 'c8connector';
import { lastState } from '../recording/recording.ts';
import type { SourceContext } from '../source-context.ts';
import { readDeadline, stopsWithin } from './read-deadline.ts';

/** Pause between reads, since the rows of a program are numbered from its start time: no two programs start at the same moment. */
const startMilliseconds = 10;

/** How changes are read. */
export interface ChangesRequest {
  readonly catalog: Catalog;
  /** Where an earlier read ended. */
  readonly state?: State | undefined;
  /** The name of the read in findings: `a read from the first STATE`. */
  readonly name: string;
  /** Milliseconds for which the log is followed before the signal is aborted. When left out, the read ends by itself at the end of the log. */
  readonly followsFor?: number | undefined;
  /** Called every 50 ms while the log is followed; true aborts the signal. */
  readonly isOver?: (() => Promise<boolean>) | undefined;
  /** Returns the durable state during the read; unknown when left out. */
  readonly durable?: (() => Promise<State | undefined>) | undefined;
  /** Called with each message before the next one is requested; `stop` aborts the signal. */
  readonly onMessage?: (message: SourceMessage, stop: () => void) => Promise<void> | void;
}

/** The result of a read of changes. */
export interface ReadChanges {
  readonly messages: readonly SourceMessage[];
  /** The last STATE, or where the read began when there is none. */
  readonly state: State;
}

/** Reads changes like a Singer program, with a new connector, and with a STATE after each bookmark. Throws a Finding when the read fails, or does not end. */
export async function readChanges(context: SourceContext, request: ChangesRequest): Promise<ReadChanges> {
  const { state, followsFor } = request;
  const stopping = new AbortController();
  const deadline = readDeadline(request, stopping.signal);
  const messages: SourceMessage[] = [];
  const iterator = (await openRead(context, request, stopping.signal))[Symbol.asyncIterator]();
  const timer = followsFor === undefined ? undefined : setTimeout(() => stopping.abort(), followsFor);
  const looking = lookUntilOver(request, stopping);
  // It is awaited at the end.
  looking.catch(() => undefined);
  try {
    for (;;) {
      const next = await deadline.within(iterator.next());
      if (next.done === true) return { messages, state: lastState(messages) ?? state ?? {} };
      messages.push(next.value);
      // Lets timers fire even if the source never waits.
      if (messages.length % 16 === 0) await setImmediate();
      await request.onMessage?.(next.value, () => stopping.abort());
    }
  } finally {
    clearTimeout(timer);
    stopping.abort();
    await waitFor(Promise.resolve(iterator.return?.()), { milliseconds: stopsWithin }).catch(() => undefined);
    await looking;
    await sleep(startMilliseconds);
  }
}

async function lookUntilOver({ isOver }: ChangesRequest, stopping: AbortController): Promise<void> {
  while (isOver !== undefined && !stopping.signal.aborted) {
    if (await isOver()) stopping.abort();
    else await sleep(50);
  }
}

async function openRead(
  context: SourceContext,
  { catalog, state, durable, followsFor }: ChangesRequest,
  signal: AbortSignal,
): Promise<AsyncIterable<SourceMessage>> {
  return context.makeConnector().read({
    config: await context.config(),
    catalog,
    // Converted as by a state file.
    ...(state === undefined ? {} : { state: parseState(stringifyValue(state), 'state') }),
    ...(durable === undefined ? {} : { durable }),
    until: followsFor === undefined ? 'now' : 'forever',
    exact: 'number',
    statePerPage: true,
    signal,
    log: context.log,
  });
}
