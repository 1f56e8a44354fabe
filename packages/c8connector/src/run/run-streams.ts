import type { OpenStream } from '../interface/connector.ts';
import type { Unit } from '../interface/progress.ts';
import { countFailures } from '../source/failures.ts';
import { type RunCounts, setStatus } from './count-unit.ts';
import { streamUnits } from './plan.ts';
import type { RunContext } from './run-context.ts';
import { type Emit, runOne } from './run-one.ts';

/** What a run knows of one of its streams. */
interface StreamTurn {
  readonly stream: OpenStream;
  /** Units that were begun in this run, and are not planned again. */
  readonly begun: Set<string>;
  running: number;
  /** Why it gets no more units; undefined while it does. */
  end: 'failed' | 'stopped' | undefined;
}

/**
 * Gives each stream its turn, in order, with so many units at work at once as the run allows. A stream is asked for its units again after each of them, since what is to be done next
 * follows from what was done; those of a stream that was begun go before the next stream. Resolves with whether each stream had its turn, failed or not.
 */
export async function runStreams(open: RunContext, counts: RunCounts, emit: Emit): Promise<boolean> {
  const { concurrency, stop, store, run } = open;
  const failures = countFailures();
  const waiting = open.streams.values();
  const running = new Set<Promise<void>>();
  let ready: { readonly turn: StreamTurn; readonly unit: Unit }[] = [];
  let isEnding = false;

  async function plan(turn: StreamTurn): Promise<void> {
    const units = turn.end !== undefined ? [] : streamUnits(turn.stream, await store.load([turn.stream.id]), run);
    const fresh = units.filter(({ id }) => !turn.begun.has(id));
    for (const { id } of fresh) turn.begun.add(id);
    ready = [...fresh.map((unit) => ({ turn, unit })), ...ready];
    if (turn.running > 0 || fresh.length > 0 || turn.begun.size === 0 || turn.end !== undefined) return;
    setStatus(counts, turn.stream.id, 'done');
    failures.clear();
  }

  async function work(turn: StreamTurn, unit: Unit): Promise<void> {
    turn.running += 1;
    const { status, concernsAll } = await runOne(open, unit, counts, failures, emit);
    turn.running -= 1;
    if (status === 'stopped' || concernsAll) isEnding = true;
    if (status !== 'done') {
      // A failure says more than that another range was stopped.
      turn.end = turn.end === 'failed' ? 'failed' : status;
      ready = ready.filter((other) => other.turn !== turn);
      setStatus(counts, turn.stream.id, turn.end);
    }
    await plan(turn);
  }

  const isStopped = (): boolean => isEnding || stop.soft.aborted;
  for (;;) {
    while (running.size < concurrency && !isStopped()) {
      const next = ready.shift();
      if (next !== undefined) {
        const working = work(next.turn, next.unit);
        running.add(working);
        void working.finally(() => running.delete(working)).catch(() => undefined);
        continue;
      }
      const stream = waiting.next();
      if (stream.done === true) break;
      await plan({ stream: stream.value, begun: new Set(), running: 0, end: undefined });
    }
    if (running.size === 0) return !isStopped();
    await Promise.race(running);
  }
}
