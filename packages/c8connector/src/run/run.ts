import { randomUUID } from 'node:crypto';
import type { Catalog } from '../interface/catalog.ts';
import type { SourceConnector, TargetConnector } from '../interface/connector.ts';
import type { Log } from '../interface/log.ts';
import type { Until } from '../interface/progress.ts';
import type { SourceSession } from '../interface/source-session.ts';
import { selectStreams } from '../singer/selection.ts';
import type { ColumnStore } from '../state/column-store.ts';
import type { DeliveryLog } from '../state/delivery-log.ts';
import type { StateStore } from '../state/state-store.ts';
import { emptyCounts, since } from './count-unit.ts';
import { openScopes } from './deliveries.ts';
import type { EventBody, RunEvent, StreamSummary } from './events.ts';
import { placeOf } from './place.ts';
import { plannedStreams } from './plan.ts';
import type { RunContext } from './run-context.ts';
import { runStreams } from './run-streams.ts';
import { runTap } from './run-tap.ts';
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
  /** How many units are worked on at once; 1 when left out. Each holds some batches in memory. */
  readonly concurrency?: number | undefined;
  /** Until when a log is followed; what the source's config says when left out. */
  readonly until?: Until | undefined;
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
    log.warn(
      'The target writes to another place than in the last run, so all streams are read from their beginning. Keep the state (--keep-state) to go on instead, where all was copied to that place.',
    );
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
  const { concurrency = 1 } = request;
  const { generation } = state;
  const open: RunContext = {
    ...request,
    concurrency,
    session,
    streams: new Map(streams?.map((stream) => [stream.id, stream])),
    fresh: new Set(),
    beginning: new Set(),
    until: request.until ?? session?.log?.until ?? 'now',
    run,
    generation,
  };
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

function statusOf(streams: readonly StreamSummary[]): Finished['status'] {
  if (streams.some(({ status }) => status === 'failed')) return 'failed';
  return streams.some(({ status }) => status === 'stopped') ? 'stopped' : 'done';
}
