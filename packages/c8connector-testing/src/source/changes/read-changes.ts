import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { type Catalog, parseState, type SourceMessage, type State, stringifyValue, waitFor } from 'c8connector';
import { errorText, Finding } from '../../check.ts';
import { lastState } from '../recording/recording.ts';
import type { SourceContext } from '../source-context.ts';

/** Milliseconds in which a read comes to its end that reads the log to where it ends now. */
const endsWithin = 15_000;
/** Milliseconds in which a read ends once its signal is aborted. */
const stopsWithin = 5000;
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
  const deadline = deadlineOf(request, stopping.signal);
  const messages: SourceMessage[] = [];
  const iterator = (await openRead(context, request, stopping.signal))[Symbol.asyncIterator]();
  const timer = followsFor === undefined ? undefined : setTimeout(() => stopping.abort(), followsFor);
  const looking = lookUntilOver(request, stopping);
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
    integration: await context.config(),
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

type Next = IteratorResult<SourceMessage, unknown>;

/** Waits for messages until the read should have ended. */
function deadlineOf({ name, followsFor }: ChangesRequest, signal: AbortSignal) {
  const limits = { endsAt: followsFor === undefined ? Date.now() + endsWithin : Number.POSITIVE_INFINITY };
  signal.addEventListener('abort', () => {
    limits.endsAt = Date.now() + stopsWithin;
  });

  const wait = async (work: Promise<Next>): Promise<Next | undefined> => {
    if (Date.now() > limits.endsAt) return undefined;
    const first = await waitFor(work, { milliseconds: limits.endsAt - Date.now(), signal });
    if (first !== undefined || !signal.aborted) return first?.value;
    return (await waitFor(work, { milliseconds: limits.endsAt - Date.now() }))?.value;
  };
  return {
    async within(work: Promise<Next>): Promise<Next> {
      let next: Next | undefined;
      try {
        next = await wait(work);
      } catch (error) {
        // What waits for a signal may say so in its own way.
        if (signal.aborted && error instanceof Error && error.name === 'AbortError')
          return { done: true, value: undefined };
        throw new Finding(`no error of ${name}`, errorText(error), { cause: error });
      }
      if (next !== undefined) return next;
      if (signal.aborted)
        throw new Finding(`the end of ${name} within ${stopsWithin / 1000} s after its signal`, 'it goes on');
      throw new Finding(`the end of ${name}, which is to end where the log ended when it began`, 'it goes on');
    },
  };
}
