import {
  type Catalog,
  type ColumnStore,
  type DeliveryLog,
  eventError,
  type PlannedStream,
  type RunEvent,
  run,
  type StateStore,
  type Stop,
  selectStreams,
  type Until,
} from 'c8connector';
import type { Connection } from '../connection/connection.ts';
import { type Endpoints, loadEndpoints } from '../connection/endpoints.ts';
import { applySelection, refuseUnknownStreams } from '../connection/stream-selection.ts';
import type { Host } from '../host.ts';
import { checkColumns } from '../values/action-input.ts';
import { createEventMask, maskError } from './mask-event.ts';
import { type RunRecord, recordOf } from './record.ts';
import { nextActions } from './state.ts';
import { type CurrentRun, createRunReducer, type RunView } from './view.ts';

/** What the core keeps for a connection between two runs; `openFileState` of the core makes all of it. */
export interface OpenState extends AsyncDisposable {
  readonly store: StateStore;
  /** Without it, changes of columns are not noticed. */
  readonly columns?: ColumnStore;
  /** Without it, an interrupted run with an integration repeats its calls. */
  readonly deliveries?: DeliveryLog;
}

/** How {@link runConnection} runs. */
export interface RunOptions {
  /** Opens the state of the connection. Called once; the run closes it. */
  readonly openState: () => Promise<OpenState>;
  /** Stops the run early: `createStop` of the core makes one. */
  readonly stop: Stop;
  /** Selected streams that start over, as a new version; `true` for all of them. */
  readonly refresh?: true | readonly string[];
  /** Whether to keep the state although the target writes to another place than in the last run, because that place holds everything that was written before. Only after a run that ended. */
  readonly keepsState?: boolean;
  /** How many streams, or parts of them, are copied at once; as the connection says when left out. */
  readonly concurrency?: number | undefined;
  /** Until when a log is followed; as the source's config says when left out. */
  readonly until?: Until | undefined;
  /** Called with each event and the run including it. Their texts contain no secret. Must not throw. */
  readonly onEvent?: (event: RunEvent, current: CurrentRun) => void;
  /**
   * Keeps the record of the run. Called once, at its end and before the state is closed, so that the records of two runs are in the order of the runs. Not called
   * when the state could not be opened, so that the record of the run that holds the state is kept.
   */
  readonly onRecord?: (record: RunRecord) => Promise<void>;
}

/** How a run ended. */
export interface RunOutcome {
  /** Its texts contain no secret. */
  readonly view: RunView;
  /** What the next run would do with each selected stream; empty when the run ended before they were selected. */
  readonly next: ReadonlyMap<string, PlannedStream['action']>;
  /** What ended the run outside of its streams: a wrong config, a refused login, a state that cannot be opened. Unlike the view it is not masked. */
  readonly thrown?: unknown;
}

/**
 * Runs a connection, or resumes its interrupted run: loads its connectors, discovers and selects its streams, and runs them with `run` of the core. Never rejects: an error
 * is a failure in the view.
 */
export async function runConnection(connection: Connection, host: Host, options: RunOptions): Promise<RunOutcome> {
  const reducer = createRunReducer(connection.name, now());
  const maskEvent = createEventMask(host);
  const onEvent = (event: RunEvent): void => {
    const masked = maskEvent(event);
    reducer.add(masked);
    options.onEvent?.(masked, reducer);
  };
  const endedBy = (thrown: unknown): RunOutcome => {
    const error = maskError(eventError(thrown), host.mask);
    reducer.end({ error, time: now(), isStopped: options.stop.graceful.aborted });
    return { view: reducer.view(), next: new Map(), thrown };
  };
  try {
    const endpoints = await loadEndpoints(connection, host);
    await using state = await options.openState();
    const outcome = await runEndpoints({ connection, endpoints, state, host, options, onEvent }).then(
      (next): RunOutcome => ({ view: reducer.view(), next }),
      endedBy,
    );
    await options.onRecord?.(recordOf(connection, endpoints, outcome.view));
    return outcome;
  } catch (thrown) {
    return endedBy(thrown);
  }
}

interface Run {
  readonly connection: Connection;
  readonly endpoints: Endpoints;
  readonly state: OpenState;
  readonly host: Host;
  readonly options: RunOptions;
  readonly onEvent: (event: RunEvent) => void;
}

async function runEndpoints({
  connection,
  endpoints,
  state,
  host,
  options,
  onEvent,
}: Run): Promise<RunOutcome['next']> {
  const { log } = host;
  const { stop, refresh, keepsState, concurrency = connection.concurrency, until } = options;
  const { source, sourceConfig, target, targetConfig, rowAction } = endpoints;
  await using session = await source.open?.({ config: sourceConfig, signal: stop.graceful, log });
  const discovered = session?.catalog ?? (await source.discover(sourceConfig, { signal: stop.graceful, log }));
  const catalog = applySelection(discovered, connection.streams);
  if (rowAction !== undefined) checkColumns(rowAction.action, rowAction.input, catalog, session?.select(catalog));
  if (refresh !== undefined && refresh !== true) await refuseUnselected(refresh, endpoints, catalog);
  const { store, columns, deliveries } = state;
  const kept = { store, columns, deliveries, refresh, keepsState, concurrency, until };
  await run({ source, sourceConfig, session, target, targetConfig, catalog, ...kept, stop, log, onEvent });
  return await nextActions(store, catalog, session?.select(catalog), host);
}

async function refuseUnselected(streams: readonly string[], { source }: Endpoints, catalog: Catalog): Promise<void> {
  const selected = selectStreams(catalog).map((entry) => entry.tap_stream_id);
  await refuseUnknownStreams(source, streams, selected, async () => selected);
}

function now(): string {
  return new Date().toISOString();
}
