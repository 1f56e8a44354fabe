import { randomUUID } from 'node:crypto';
import type { Catalog } from '../interface/catalog.ts';
import type { OpenStream, SourceConnector, SourceSession, TargetConnector } from '../interface/connector.ts';
import { isC8Error } from '../interface/errors.ts';
import type { Log } from '../interface/log.ts';
import type { Unit } from '../interface/progress.ts';
import { selectStreams } from '../singer/selection.ts';
import { countFailures, type Failures } from '../source/failures.ts';
import type { ColumnStore } from '../state/column-store.ts';
import type { DeliveryLog } from '../state/delivery-log.ts';
import type { StateStore } from '../state/state-store.ts';
import { countUnit, emptyCounts, type RunCounts, since } from './count-unit.ts';
import { openScopes } from './deliveries.ts';
import { type EventBody, eventError, type RunEvent, type StreamSummary } from './events.ts';
import { placeOf } from './place.ts';
import { plannedStreams, streamUnits, tapUnit } from './plan.ts';
import type { RunContext } from './run-context.ts';
import { runUnit } from './run-unit.ts';
import { failureOf, SourceFailure } from './source-failure.ts';
import type { Stop } from './stop.ts';

/** What {@link run} needs: two connectors with their configs, what to read, and where the state is kept. */
export interface RunRequest {
  readonly source: SourceConnector;
  readonly sourceConfig: unknown;
  /** The source as the caller has opened it already, and disposes of it; the run opens it itself when left out. */
  readonly session?: SourceSession | undefined;
  readonly target: TargetConnector;
  readonly targetConfig: unknown;
  /** Its metadata selects what is read. */
  readonly catalog: Catalog;
  readonly store: StateStore;
  /** Where the columns of the streams are kept; without it no change of them is noticed. */
  readonly columns?: ColumnStore | undefined;
  /** Where targets that cannot take anything back keep what they did; without it they do it again after an interruption. */
  readonly deliveries?: DeliveryLog | undefined;
  /** Streams that begin anew; `true` for all of them. */
  readonly refresh?: true | readonly string[] | undefined;
  /** Whether to go on although the target writes to another place, which holds what was written before. */
  readonly keepsState?: boolean | undefined;
  readonly stop: Stop;
  readonly log: Log;
  readonly onEvent: (event: RunEvent) => void;
}

type Finished = Extract<RunEvent, { type: 'finished' }>;

/**
 * Runs a whole connection, or goes on with a run that was interrupted: asks after each unit what is to be done next, does it, and emits all of it as events. A stream that fails keeps no other from
 * running. The run is over when each had its turn, failed or not. Only a signal, or an error that concerns every stream, leaves it to be gone on with. Never rejects for the failure of a
 * unit; rejects when the source cannot be opened, or the state cannot be begun.
 */
export async function run(request: RunRequest): Promise<Finished> {
  const { source, sourceConfig, catalog, stop, log } = request;
  const startedAt = performance.now();
  const ids = selectStreams(catalog).map((entry) => entry.tap_stream_id);
  const opened =
    request.session ?? (await source.open?.({ integration: sourceConfig, streams: ids, signal: stop.soft, log }));
  try {
    return await runOpened(request, opened, startedAt);
  } finally {
    if (request.session === undefined) await opened?.[Symbol.asyncDispose]();
  }
}

async function runOpened(
  request: RunRequest,
  session: SourceSession | undefined,
  startedAt: number,
): Promise<Finished> {
  const { target, targetConfig, catalog, store, deliveries, refresh, keepsState, log } = request;
  const streams = session?.select(catalog);
  const begun = await store.begin({
    run: randomUUID(),
    place: placeOf(target, targetConfig),
    refresh,
    keepsState,
    ...(streams === undefined ? {} : { streams: streams.map(({ id }) => id) }),
  });
  if (begun.isMoved)
    log.warn('The target writes to another place than in the last run: all streams are read from their beginning.');
  const { run, state } = begun;
  if (!begun.isResumed) await deliveries?.retain(openScopes(streams ?? [], state, undefined));
  const emit = (event: EventBody): RunEvent => {
    const whole = { ...event, run, at: new Date().toISOString() } as RunEvent;
    request.onEvent(whole);
    return whole;
  };
  const planned = plannedStreams(catalog, streams, state, run);
  emit({ type: 'planned', isResumed: begun.isResumed, streams: planned });

  const counts = emptyCounts(planned);
  const open: RunContext = { ...request, session, streams: streams ?? [], run, generation: state.generation };
  const isOver = streams === undefined ? await runTap(open, counts, emit) : await runStreams(open, counts, emit);
  if (isOver) {
    await store.finish(run);
    await deliveries?.retain(openScopes(streams ?? [], await store.load(), undefined));
  }
  const summaries = [...counts.values()].map(({ summary }) => summary);
  return emit({
    type: 'finished',
    status: statusOf(summaries),
    durationMs: since(startedAt),
    streams: summaries,
  }) as Finished;
}

type Emit = (event: EventBody) => void;

/** What became of a unit. */
interface Ended {
  readonly status: StreamSummary['status'];
  /** Whether the other streams would fail in the same way. */
  readonly concernsAll: boolean;
}

/** Gives each stream its turn. Resolves with whether all of them had it. */
async function runStreams(open: RunContext, counts: RunCounts, emit: Emit): Promise<boolean> {
  const failures = countFailures();
  for (const stream of open.streams) {
    const { status, concernsAll } = await runStream(open, stream, counts, failures, emit);
    if (status !== undefined) setStatus(counts, stream.id, status);
    if (status === 'done') failures.clear();
    if (status === 'stopped' || concernsAll) return false;
  }
  return true;
}

/** Does the units of a stream until there is none left, or one fails. The status is undefined when there was none. */
async function runStream(
  open: RunContext,
  stream: OpenStream,
  counts: RunCounts,
  failures: Failures,
  emit: Emit,
): Promise<Partial<Ended>> {
  const hadTurn = new Set<string>();
  for (;;) {
    if (open.stop.soft.aborted) return { status: 'stopped' };
    // Each unit changes what is to be done next.
    const units = streamUnits(stream, await open.store.load([stream.id]), open.run);
    const unit = units.find(({ id }) => !hadTurn.has(id));
    if (unit === undefined) return hadTurn.size === 0 ? {} : { status: 'done' };
    hadTurn.add(unit.id);
    const ended = await runOne(open, unit, counts, failures, emit);
    if (ended.status !== 'done') return ended;
  }
}

/** The one unit of a source that keeps its own state. Resolves with whether it came to its end. */
async function runTap(open: RunContext, counts: RunCounts, emit: Emit): Promise<boolean> {
  const streams = [...counts.keys()];
  if (streams.length === 0) return true;
  if (open.stop.soft.aborted) return false;
  const unit: Unit = { id: tapUnit, kind: tapUnit, streams };
  const { status, concernsAll } = await runOne(open, unit, counts, countFailures(), emit);
  for (const stream of streams) setStatus(counts, stream, status);
  return status !== 'stopped' && !concernsAll;
}

async function runOne(open: RunContext, unit: Unit, counts: RunCounts, failures: Failures, emit: Emit): Promise<Ended> {
  const { end, ...callbacks } = countUnit(unit, counts, emit);
  try {
    return { status: await runUnit({ ...open, unit, ...callbacks }), concernsAll: false };
  } catch (thrown) {
    if (open.stop.soft.aborted) return { status: 'stopped', concernsAll: false };
    const isOfSource = thrown instanceof SourceFailure;
    const error = failureOf(thrown);
    emit({ type: 'failed', unit: unit.id, streams: unit.streams, error: eventError(error) });
    open.log.debug('unit failed', {
      unit: unit.id,
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
    return { status: 'failed', concernsAll: isOfSource ? failures.concernsAll(error) : isGeneral(error) };
  } finally {
    end();
  }
}

/** All streams have the same target and the same store, so the others would only fail again; unless the error names its stream. */
function isGeneral(error: unknown): boolean {
  if (!isC8Error(error)) return false;
  return (
    error.code === 'claim_lost' ||
    (['ConfigError', 'ConnectionError'].includes(error.name) && error.details.stream === undefined)
  );
}

function setStatus(counts: RunCounts, stream: string, status: StreamSummary['status']): void {
  const summary = counts.get(stream)?.summary;
  if (summary !== undefined) summary.status = status;
}

function statusOf(streams: readonly StreamSummary[]): Finished['status'] {
  if (streams.some(({ status }) => status === 'failed')) return 'failed';
  return streams.some(({ status }) => status === 'stopped') ? 'stopped' : 'done';
}
