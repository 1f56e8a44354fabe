import { setMaxListeners } from 'node:events';
import type { Unit } from '../interface/progress.ts';
import type { OpenStream } from '../interface/source-session.ts';
import { hasLog } from '../replication/methods.ts';
import { countFailures } from '../source/failures.ts';
import type { EventBody } from './events.ts';
import { forgetStreams } from './forget-streams.ts';
import { type LogRead, logTurn } from './log-turn.ts';
import { streamUnits } from './plan.ts';
import type { RunContext, UnitRequest } from './run-context.ts';
import { runUnit } from './run-unit.ts';
import type { UnitFailure, UnitSummary } from './summaries.ts';
import type { RunSummary } from './summarize-run.ts';

/** How the units of a run are worked on, and who receives their events and results. */
export interface RunWork {
  /** How many units are worked on at once. */
  readonly concurrency: number;
  readonly summary: RunSummary;
  readonly emit: (event: EventBody) => void;
}

/** The state of one stream within a run. */
interface StreamTurn {
  readonly stream: OpenStream;
  /** Units that were begun in this run, which are not planned again. */
  readonly begun: Set<string>;
  running: number;
  /** Why it gets no more units; undefined while it does. */
  end: 'failed' | 'stopped' | undefined;
  /** Whether it was started over because the server had lost its log, or its copy could not be completed. */
  isBegunAnew: boolean;
  /** Whether it is to be started over as soon as none of its units is running. */
  isLost: boolean;
}

/**
 * Works on each stream, see {@link giveTurns}. When the state cannot be read, it rejects after all running units have ended, so that nothing of a run continues
 * afterwards.
 */
export async function runStreams(open: RunContext, work: RunWork): Promise<boolean> {
  const failing = new AbortController();
  const graceful = AbortSignal.any([open.stop.graceful, failing.signal]);
  setMaxListeners(0, graceful);
  const running = new Set<Promise<void>>();
  try {
    return await giveTurns({ ...open, stop: { graceful, forced: open.stop.forced } }, work, running);
  } catch (error) {
    failing.abort();
    await Promise.allSettled(running);
    throw error;
  }
}

/**
 * Works on each stream, in order, with as many concurrent units as the run allows. After each unit of a stream its next units are planned again, since they depend on
 * what was done. Streams that were begun take precedence over the next stream. Streams that follow a log share one unit, see {@link logTurn}; an endless one takes no slot. Resolves with whether each stream
 * was tried, whether it failed or not.
 */
async function giveTurns(
  open: RunContext,
  { concurrency, summary, emit }: RunWork,
  running: Set<Promise<void>>,
): Promise<boolean> {
  const { stop, store, run } = open;
  const failures = countFailures();
  const logFailures = countFailures();
  const turns = new Map<string, StreamTurn>();
  const log = logTurn(open.until);
  const waiting = [...open.streams.values()];
  /** Streams whose log was read to its end. They are done once it is not read again in this run. */
  const followed = new Map<string, Unit>();
  let slots = 0;
  let ready: { readonly turn: StreamTurn; readonly unit: Unit }[] = [];
  let isEnding = false;

  const isStopped = (): boolean => isEnding || stop.graceful.aborted;

  function turnOf(stream: OpenStream): StreamTurn {
    const turn = turns.get(stream.id) ?? {
      stream,
      begun: new Set(),
      running: 0,
      end: undefined,
      isBegunAnew: false,
      isLost: false,
    };
    turns.set(stream.id, turn);
    return turn;
  }

  async function plan(turn: StreamTurn, before?: Unit): Promise<void> {
    const units = turn.end !== undefined ? [] : streamUnits(turn.stream, await store.load([turn.stream.id]), run);
    if (units.some(({ kind }) => kind === 'log')) return log.join(turn.stream.id);
    const fresh = units.filter(({ id }) => !turn.begun.has(id));
    for (const { id } of fresh) turn.begun.add(id);
    ready = [...fresh.map((unit) => ({ turn, unit })), ...ready];
    const isAtWork = turn.running > 0 || ready.some((other) => other.turn === turn);
    if (isAtWork || before === undefined || turn.end !== undefined) return;
    complete(turn.stream.id, before);
    failures.clear();
  }

  function complete(stream: string, unit: Unit): void {
    summary.complete(stream);
    emit({ type: 'stream', unit: unit.id, stream, phase: 'done' });
  }

  function endTurn(turn: StreamTurn, status: 'failed' | 'stopped'): void {
    // A failure takes precedence over another range that was stopped.
    turn.end = turn.end === 'failed' ? 'failed' : status;
    log.leave(turn.stream.id);
    followed.delete(turn.stream.id);
    ready = ready.filter((other) => other.turn !== turn);
  }

  async function workOn(request: Pick<UnitRequest, 'unit' | 'follow'>): Promise<UnitSummary> {
    const done = await runUnit({ ...open, ...request, onEvent: emit });
    summary.add(done);
    return done;
  }

  /** Which other streams would fail in the same way. */
  function othersOf({ concerns, error }: UnitFailure, { kind }: Unit): 'none' | 'log' | 'all' {
    if (concerns === 'all') return 'all';
    if (concerns === 'log') return logFailures.concernsAll(error) ? 'log' : 'none';
    const alike = kind === 'log' ? logFailures : failures;
    return alike.concernsAll(concerns === 'source' ? error : undefined) ? 'all' : 'none';
  }

  async function work(turn: StreamTurn, unit: Unit): Promise<void> {
    turn.running += 1;
    const { status, failure } = await workOn({ unit });
    turn.running -= 1;
    if (failure?.isLost === true && canBeginAnew(turn)) {
      turn.isLost = true;
      ready = ready.filter((other) => other.turn !== turn);
    } else judge(turn, unit, status, failure);
    if (!turn.isLost || turn.end !== undefined) return await plan(turn, unit);
    // What its other units read no longer counts, but the copy can be forgotten only after they have ended.
    if (turn.running === 0) await beginAnew(turn);
  }

  /** Applies the result of a unit to its stream and the others. */
  function judge(turn: StreamTurn, unit: Unit, status: UnitSummary['status'], failure: UnitFailure | undefined): void {
    const others = failure === undefined ? 'none' : othersOf(failure, unit);
    if (status === 'stopped' || others === 'all') isEnding = true;
    if (status !== 'done') endTurn(turn, status);
    if (others === 'log' && failure !== undefined) failLogged(failure, unit);
  }

  function canBeginAnew({ isBegunAnew, isLost, end }: StreamTurn): boolean {
    return end === undefined && (isLost || !isBegunAnew);
  }

  async function beginAnew(turn: StreamTurn): Promise<void> {
    Object.assign(turn, { isBegunAnew: true, isLost: false });
    turn.begun.clear();
    await forgetStreams(open, [turn.stream.id]);
    await plan(turn);
  }

  /** When the log cannot be begun for one stream, neither can it for the others, which are not begun yet. */
  function failLogged({ error }: UnitFailure, unit: Unit): void {
    const logged = [...open.streams.values()].filter((stream) => hasLog(stream.replication.method)).map(turnOf);
    const streams = logged.filter(({ end }) => end !== 'failed').map(({ stream }) => stream.id);
    for (const turn of logged) endTurn(turn, 'failed');
    if (streams.length === 0) return;
    summary.fail(streams);
    emit({ type: 'failed', unit: unit.id, streams, error });
    for (const stream of streams) emit({ type: 'stream', unit: unit.id, stream, phase: 'failed' });
  }

  async function follow(read: LogRead): Promise<void> {
    const unit: Unit = { id: 'log', kind: 'log', streams: read.streams };
    for (const id of read.streams) followed.delete(id);
    const { status, failure } = await workOn({ unit, follow: read });
    if (failure !== undefined) return await leave(read, failure, unit);
    if (status === 'stopped' && !log.isEndless) isEnding = true;
    // An endless log that was ended because of other failures is not done.
    const isOver = status === 'done' && !(log.isEndless && isEnding);
    if (log.end(read) && isOver) for (const id of read.streams) followed.set(id, unit);
  }

  /** The failed streams leave the log, and the others continue. */
  async function leave(read: LogRead, failure: UnitFailure, unit: Unit): Promise<void> {
    log.fail(read);
    if (othersOf(failure, unit) === 'all') isEnding = true;
    for (const id of failure.streams) {
      const stream = open.streams.get(id);
      if (stream === undefined) continue;
      const turn = turnOf(stream);
      log.leave(id);
      if (failure.isLost === true && !turn.isBegunAnew) await beginAnew(turn);
      else {
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
  const isOver = await workOnAll();
  for (const [id, unit] of followed) complete(id, unit);
  return isOver;

  async function workOnAll(): Promise<boolean> {
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
      // An endless log does not end by itself.
      if (isEnding) log.finish();
      if (running.size > 0) await Promise.race(running);
      else if (isStopped()) return !isEnding && isOnlyLogLeft();
      else if (ready.length === 0 && waiting.length === 0 && !log.isWaiting()) return true;
    }
  }

  /** Only a signal ends an endless log. */
  function isOnlyLogLeft(): boolean {
    return log.isEndless && ready.length === 0 && waiting.every(({ id }) => turns.has(id));
  }
}
