import { eventError, type PlannedStream, type RunEvent, run, type StateStore, type Stop } from 'c8connector';
import type { Connection } from '../connection/connection.ts';
import { type Endpoints, loadEndpoints } from '../connection/endpoints.ts';
import { applySelection } from '../connection/stream-selection.ts';
import type { Host } from '../host.ts';
import { checkColumns } from '../values/action-input.ts';
import { createEventMask, maskError } from './mask-event.ts';
import { type RunRecord, recordOf } from './record.ts';
import { forgetBookmarks, nextActions } from './state.ts';
import { endRun, newRunView, type RunView, reduceRun } from './view.ts';

/** How {@link runConnection} runs. */
export interface RunOptions {
  /** Opens where the state of the connection is kept. Called once; the run closes it. */
  readonly openStore: () => Promise<StateStore>;
  /** Ends the run before its time: `createStop` of the core makes one. */
  readonly stop: Stop;
  /** Forget first how far the selected streams are. */
  readonly isFullRefresh?: boolean;
  /** Called with each event and the view that it leads to. No text in them holds a secret. Must not throw. */
  readonly onEvent?: (event: RunEvent, view: RunView) => void;
  /**
   * Keeps the record of the run. Called once, at its end and before the state is closed, so that the records of two runs come in the order of the runs. Not called
   * when the state could not be opened: the record of whoever has it stays.
   */
  readonly onRecord?: (record: RunRecord) => Promise<void>;
}

/** How a run ended. */
export interface RunOutcome {
  /** No text in it holds a secret. */
  readonly view: RunView;
  /** What the next run would do with each selected stream; empty when the run did not get as far as selecting them. */
  readonly next: ReadonlyMap<string, PlannedStream['action']>;
  /** What ended the run outside of its streams: a wrong config, a refused login, a state that cannot be opened. Unlike the view it is not masked. */
  readonly thrown?: unknown;
}

/**
 * Runs a connection, or goes on with it: loads its connectors, discovers and selects its streams, and runs them by the core's `run`. Never rejects: what went wrong
 * is a failure in the view.
 */
export async function runConnection(connection: Connection, host: Host, options: RunOptions): Promise<RunOutcome> {
  let view = newRunView(connection.name, now());
  const maskEvent = createEventMask(host);
  const onEvent = (event: RunEvent): void => {
    const masked = maskEvent(event);
    view = reduceRun(view, masked);
    options.onEvent?.(masked, view);
  };
  const endedBy = (thrown: unknown): RunOutcome => {
    const error = maskError(eventError(thrown), host.mask);
    view = endRun(view, { error, time: now(), isStopped: options.stop.soft.aborted });
    return { view, next: new Map(), thrown };
  };
  try {
    const endpoints = await loadEndpoints(connection, host);
    await using store = await options.openStore();
    const outcome = await runEndpoints({ connection, endpoints, store, host, options, onEvent }).then(
      (next): RunOutcome => ({ view, next }),
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
  readonly store: StateStore;
  readonly host: Host;
  readonly options: RunOptions;
  readonly onEvent: (event: RunEvent) => void;
}

async function runEndpoints({
  connection,
  endpoints,
  store,
  host,
  options,
  onEvent,
}: Run): Promise<RunOutcome['next']> {
  const { log } = host;
  const { stop, isFullRefresh = false } = options;
  const { source, sourceConfig, target, targetConfig, rowAction } = endpoints;
  const discovered = await source.discover(sourceConfig, { signal: stop.soft, log });
  const catalog = applySelection(discovered, connection.streams);
  if (rowAction !== undefined) checkColumns(rowAction.action, rowAction.input, catalog);
  if (isFullRefresh) await forgetBookmarks(store, catalog);
  await run({ source, sourceConfig, target, targetConfig, catalog, store, stop, log, onEvent });
  return await nextActions(store, catalog, host);
}

function now(): string {
  return new Date().toISOString();
}
