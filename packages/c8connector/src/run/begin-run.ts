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
import { openScopes } from './deliveries.ts';
import type { PlannedStream, PlannedUnit } from './events.ts';
import { finishStreams } from './finish-streams.ts';
import { placeOf } from './place.ts';
import { plannedStreams, tapUnit } from './plan.ts';
import { plannedUnits } from './planned-units.ts';
import type { RunContext } from './run-context.ts';
import type { Stop } from './stop.ts';

/** What a run begins with: two connectors with their configs, what to read, and where the state is kept. */
export interface BeginRunRequest {
  readonly source: SourceConnector;
  readonly sourceConfig: unknown;
  readonly target: TargetConnector;
  readonly targetConfig: unknown;
  /** Its metadata selects what is read. */
  readonly catalog: Catalog;
  readonly store: StateStore;
  /** Where the columns of the streams are kept; without it, changes of columns are not noticed. */
  readonly columns?: ColumnStore | undefined;
  /** Where targets that cannot undo anything record what they did; without it, they do it again after an interruption. */
  readonly deliveries?: DeliveryLog | undefined;
  /** Streams that start over; `true` for all of them. */
  readonly refresh?: true | readonly string[] | undefined;
  /** Whether to keep the state although the target writes to another place, because that place holds everything that was written before. Only after a run that ended. */
  readonly keepsState?: boolean | undefined;
  /** Until when a log is followed; as the source's config says when left out. */
  readonly until?: Until | undefined;
  readonly stop: Stop;
  readonly log: Log;
}

/** The unit that claims an epoch above all others at the end of a run. It has no stream. */
const finishUnit = 'finish';

/** A run that has begun. */
export interface BegunRun {
  /** What its units need, except the unit itself and the receiver of events. */
  readonly context: RunContext;
  /** Whether it resumes an interrupted run. */
  readonly isResumed: boolean;
  readonly streams: readonly PlannedStream[];
  readonly units: readonly PlannedUnit[];
}

/**
 * Begins a run, or resumes one that was interrupted, and plans it. Every host calls this first. `session` is the opened source; undefined for one that keeps its own state. Rejects when the catalog selects
 * what the source does not have, or when the state store cannot begin the run.
 */
export async function beginRun(request: BeginRunRequest, session: SourceSession | undefined): Promise<BegunRun> {
  const { target, targetConfig, catalog, store, deliveries, refresh, keepsState, log } = request;
  const streams = session?.select(catalog);
  const { run, state, isResumed, isMoved } = await store.begin({
    run: randomUUID(),
    place: placeOf(target, targetConfig),
    refresh,
    keepsState,
    ...(streams === undefined ? {} : { streams: streams.map(({ id }) => id) }),
  });
  if (isMoved)
    log.warn(
      'The target writes to another place than in the last run, so all streams are read from their beginning. Use --keep-state to resume instead, if all data was copied to that place.',
    );
  if (!isResumed) await deliveries?.retain(openScopes(streams ?? [], state, undefined));
  const planned = plannedStreams(catalog, streams, state, run);
  const { generation } = state;
  const until = request.until ?? session?.log?.until ?? 'now';
  const opened = new Map(streams?.map((stream) => [stream.id, stream]));
  return {
    context: {
      ...request,
      session,
      streams: opened,
      fresh: new Set(),
      beginning: new Set(),
      rejected: new Map(),
      until,
      run,
      generation,
    },
    isResumed,
    streams: planned,
    units:
      streams === undefined
        ? [{ unit: tapUnit, kind: tapUnit, streams: planned.map(({ stream }) => stream) }]
        : plannedUnits(streams, state, run),
  };
}

/** Ends a run in which each stream was tried, whether it failed or not, so that the next run starts over. Not for a run that was stopped, which is to be resumed. */
export async function finishRun(context: RunContext): Promise<void> {
  const { run, streams, store, deliveries } = context;
  if (context.target.finish !== undefined) await clearUp(context);
  await store.finish(run);
  await deliveries?.retain(openScopes([...streams.values()], await store.load(), undefined));
}

/** Removes what dead processes left. Nothing is being written any more, so everything uncommitted is theirs. */
async function clearUp(context: RunContext): Promise<void> {
  const { run, generation, streams, catalog, store, stop, log } = context;
  const ids = streams.size > 0 ? [...streams.keys()] : selectStreams(catalog).map((entry) => entry.tap_stream_id);
  const claim = await store.claim(finishUnit, generation, []).catch(() => undefined);
  // Another host works on the connection.
  if (claim === undefined) return;
  const { epoch, state } = claim;
  await finishStreams(
    context,
    {
      config: context.targetConfig,
      run: { id: run, connection: state.connection, unit: finishUnit, epoch, generation },
      signal: stop.forced,
      log,
    },
    ids,
  );
}
