import type { Unit } from '../interface/progress.ts';
import type { OpenStream } from '../interface/source-session.ts';
import { hasLog } from '../replication/methods.ts';
import { countFailures } from '../source/failures.ts';
import { type RunCounts, setStatus } from './count-unit.ts';
import { forgetStreams } from './forget-streams.ts';
import { type LogRead, logTurn } from './log-turn.ts';
import { streamUnits } from './plan.ts';
import type { RunContext } from './run-context.ts';
import { type Emit, type Ended, runOne } from './run-one.ts';

/** What a run knows of one of its streams. */
interface StreamTurn {
  readonly stream: OpenStream;
  /** Units that were begun in this run, and are not planned again. */
  readonly begun: Set<string>;
  running: number;
  /** Why it gets no more units; undefined while it does. */
  end: 'failed' | 'stopped' | undefined;
  /** Whether it was begun anew since the server had lost its log. */
  isBegunAnew: boolean;
}

/**
 * Gives each stream its turn, in order, with so many units at work at once as the run allows. A stream is asked for its units again after each of them, since what is to be done next
 * follows from what was done; those of a stream that was begun go before the next stream. Streams that follow a log share one unit, see {@link logTurn}; without end it takes no slot. Resolves with
 * whether each stream had its turn, failed or not.
 */
export async function runStreams(open: RunContext, counts: RunCounts, emit: Emit): Promise<boolean> {
  const { concurrency, stop, store, run } = open;
  const failures = countFailures();
  const logFailures = countFailures();
  const turns = new Map<string, StreamTurn>();
  const log = logTurn(open.until);
  const waiting = [...open.streams.values()];
  const running = new Set<Promise<void>>();
  let slots = 0;
  let ready: { readonly turn: StreamTurn; readonly unit: Unit }[] = [];
  let isEnding = false;

  const isStopped = (): boolean => isEnding || stop.soft.aborted;

  function turnOf(stream: OpenStream): StreamTurn {
    const turn = turns.get(stream.id) ?? {
      stream,
      begun: new Set(),
      running: 0,
      end: undefined,
      isBegunAnew: false,
    };
    turns.set(stream.id, turn);
    return turn;
  }

  async function plan(turn: StreamTurn): Promise<void> {
    const units = turn.end !== undefined ? [] : streamUnits(turn.stream, await store.load([turn.stream.id]), run);
    if (units.some(({ kind }) => kind === 'log')) return log.join(turn.stream.id);
    const fresh = units.filter(({ id }) => !turn.begun.has(id));
    for (const { id } of fresh) turn.begun.add(id);
    ready = [...fresh.map((unit) => ({ turn, unit })), ...ready];
    if (turn.running > 0 || fresh.length > 0 || turn.begun.size === 0 || turn.end !== undefined) return;
    setStatus(counts, turn.stream.id, 'done');
    failures.clear();
  }

  function endTurn(turn: StreamTurn, status: 'failed' | 'stopped'): void {
    // A failure says more than that another range was stopped.
    turn.end = turn.end === 'failed' ? 'failed' : status;
    log.leave(turn.stream.id);
    ready = ready.filter((other) => other.turn !== turn);
    setStatus(counts, turn.stream.id, turn.end);
  }

  async function work(turn: StreamTurn, unit: Unit): Promise<void> {
    turn.running += 1;
    const ended = await runOne({ ...open, unit }, counts, { failures, logFailures }, emit);
    turn.running -= 1;
    if (ended.status === 'stopped' || ended.concerns === 'all') isEnding = true;
    if (ended.status !== 'done') endTurn(turn, ended.status);
    if (ended.concerns === 'log') failLogged();
    await plan(turn);
  }

  /** What the log cannot do for one stream it cannot do for the others, which are not begun yet. */
  function failLogged(): void {
    for (const stream of open.streams.values())
      if (hasLog(stream.replication.method)) endTurn(turnOf(stream), 'failed');
  }

  async function follow(read: LogRead): Promise<void> {
    const unit: Unit = { id: 'log', kind: 'log', streams: read.streams };
    const ended = await runOne({ ...open, unit, follow: read }, counts, { failures, logFailures }, emit);
    if (ended.status === 'failed') return await leave(read, ended);
    if (ended.status === 'stopped' && !log.isEndless) isEnding = true;
    const status = ended.status;
    if (log.end(read)) for (const id of read.streams) setStatus(counts, id, status);
  }

  /** The streams that failed leave the log, which the others go on with. */
  async function leave(read: LogRead, { concerns, streams, isLost }: Ended): Promise<void> {
    log.end({ ...read, streams: [] });
    if (concerns === 'all') isEnding = true;
    for (const id of streams) {
      const stream = open.streams.get(id);
      if (stream === undefined) continue;
      const turn = turnOf(stream);
      log.leave(id);
      if (isLost && !turn.isBegunAnew) {
        Object.assign(turn, { isBegunAnew: true });
        turn.begun.clear();
        await forgetStreams(open, [id]);
        await plan(turn);
      } else {
        endTurn(turn, 'failed');
        open.log.warn(`stream '${id}' failed: the server keeps its log for it until it is read again`, { stream: id });
      }
    }
  }

  function launch(work: Promise<void>, takes: number): void {
    slots += takes;
    running.add(work);
    void work
      .finally(() => {
        slots -= takes;
        running.delete(work);
      })
      .catch(() => undefined);
  }

  async function planFollowing(): Promise<void> {
    const state = await store.load();
    for (const stream of open.streams.values())
      if (streamUnits(stream, state, run).some(({ kind }) => kind === 'log')) await plan(turnOf(stream));
  }

  await planFollowing();
  for (;;) {
    const isIdle = slots === 0 && ready.length === 0 && waiting.length === 0;
    const read = isStopped() ? undefined : log.next(isIdle);
    if (read !== undefined) launch(follow(read), log.isEndless ? 0 : 1);
    while (slots < concurrency && !isStopped()) {
      const next = ready.shift();
      if (next !== undefined) {
        launch(work(next.turn, next.unit), 1);
        continue;
      }
      const stream = waiting.shift();
      if (stream === undefined) break;
      if (!turns.has(stream.id)) await plan(turnOf(stream));
    }
    if (running.size > 0) await Promise.race(running);
    else if (isStopped()) return !isEnding && isOnlyLogLeft();
    else if (ready.length === 0 && waiting.length === 0 && !log.isWaiting()) return true;
  }

  /** A log without end can only be ended by a signal. */
  function isOnlyLogLeft(): boolean {
    return log.isEndless && ready.length === 0 && waiting.every(({ id }) => turns.has(id));
  }
}
