import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { type Catalog, parseState, type SourceMessage, type State, stringifyValue, waitFor } from 'c8connector';
import { lastState } from '../recording/recording.ts';
import type { SourceContext } from '../source-context.ts';
import { readDeadline, stopsWithin } from './read-deadline.ts';

/** No two programs start in the same moment, and the rows of a program are numbered from its start. */
const startMilliseconds = 10;

/** How changes are read. */
export interface ChangesRequest {
  readonly catalog: Catalog;
  /** Where an earlier read ended. */
  readonly state?: State | undefined;
  /** What the read is called in findings: `a read from the first STATE`. */
  readonly name: string;
  /** Milliseconds for which the log is followed without end, before the signal is aborted. Left out: the read ends by itself where the log ends. */
  readonly followsFor?: number | undefined;
  /** Asked every 50 ms while the log is followed; true aborts the signal. */
  readonly isOver?: (() => Promise<boolean>) | undefined;
  /** What is durable meanwhile; nobody knows it when left out. */
  readonly durable?: (() => Promise<State | undefined>) | undefined;
  /** Called with each message before the next one is asked for; `stop` aborts the signal. */
  readonly onMessage?: (message: SourceMessage, stop: () => void) => Promise<void> | void;
}

/** What a read of changes gave. */
export interface ReadChanges {
  readonly messages: readonly SourceMessage[];
  /** The last STATE, or where the read began when there is none. */
  readonly state: State;
}

/** Reads changes as a Singer program does, by a connector of its own, with a STATE after each bookmark. Throws a Finding when the read fails, or does not end. */
export async function readChanges(context: SourceContext, request: ChangesRequest): Promise<ReadChanges> {
  const { state, followsFor } = request;
  const stopping = new AbortController();
  const deadline = readDeadline(request, stopping.signal);
  const messages: SourceMessage[] = [];
  const iterator = (await openRead(context, request, stopping.signal))[Symbol.asyncIterator]();
  const timer = followsFor === undefined ? undefined : setTimeout(() => stopping.abort(), followsFor);
  const looking = lookUntilOver(request, stopping);
  // It is waited for at the end.
  looking.catch(() => undefined);
  try {
    for (;;) {
      const next = await deadline.within(iterator.next());
      if (next.done === true) return { messages, state: lastState(messages) ?? state ?? {} };
      messages.push(next.value);
      // Lets the timers have their turn beside a source that never waits.
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
    // As a state file would have kept it.
    ...(state === undefined ? {} : { state: parseState(stringifyValue(state), 'state') }),
    ...(durable === undefined ? {} : { durable }),
    until: followsFor === undefined ? 'now' : 'forever',
    exact: 'number',
    statePerPage: true,
    signal,
    log: context.log,
  });
}
