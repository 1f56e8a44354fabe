import { isDeepStrictEqual } from 'node:util';
import { waitFor } from '../deadline.ts';
import type { SourceConnector, TargetConnector, TargetNeeds } from '../interface/connector.ts';
import type { Rejection } from '../interface/ledger.ts';
import type { Log } from '../interface/log.ts';
import type { SchemaMessage, SourceMessage, TargetMessage } from '../interface/messages.ts';
import type { State } from '../interface/state.ts';
import { compareColumns, type SchemaChange, summarize } from '../state/schema-change.ts';
import type { StateStore } from '../state/state-store.ts';
import { writeAcknowledged } from '../target/acknowledge.ts';
import { checkpoints } from '../target/checkpoints.ts';
import { forTarget } from '../target/for-target.ts';
import type { Unit } from './plan.ts';
import { readAhead } from './read-ahead.ts';
import type { Stop } from './stop.ts';
import { untilFailure } from './until-failure.ts';

/** How many batches a sync reads before the target wants them. */
const readAheadBatches = 2;
/** How long a source may take to let go of what it holds. */
const releaseMilliseconds = 5000;

/** What {@link runUnit} needs, and what it calls back. */
export interface UnitRequest {
  readonly run: string;
  readonly unit: Unit;
  readonly source: SourceConnector;
  readonly sourceConfig: unknown;
  /** What `open` of the source gave for the run. */
  readonly resource?: AsyncDisposable | undefined;
  readonly target: TargetConnector;
  readonly targetConfig: unknown;
  readonly store: StateStore;
  readonly stop: Stop;
  readonly log: Log;
  onRead(stream: string, rows: number, bytes: number): void;
  onSchemaChanged(stream: string, change: SchemaChange): void;
  onRejected(rejection: Rejection): void;
  /** Called after the state is stored. */
  onSaved(rows: ReadonlyMap<string, number>): void;
}

/** What the two halves of a unit know of each other. */
interface UnitProgress {
  /** The newest state that is stored. */
  durable: State | undefined;
  /** Why the source ended. */
  failure: { readonly error: unknown } | undefined;
}

/**
 * Reads one unit and writes it. A state is stored only after the target acknowledged it; what was acknowledged before a failure stays stored. Resolves with
 * `stopped` when the first stage of the stop ended it.
 */
export async function runUnit(request: UnitRequest): Promise<'done' | 'stopped'> {
  const { target, unit, store, stop, log } = request;
  const needs = target.accepts(request.targetConfig);
  const { state: stored, epoch } = await store.claim(unit.id, unit.streams);
  const writeRequest = {
    integration: request.targetConfig,
    run: { id: request.run, unit: unit.id, epoch },
    signal: stop.hard,
    log,
    onRejected: request.onRejected,
  };
  const state = (await target.recover?.(writeRequest)) ?? stored;
  await using ledger = await store.ledger(unit.streams, state);
  const end = new AbortController();
  const progress: UnitProgress = { durable: undefined, failure: undefined };
  const input = inputOf(request, state, needs, progress, end.signal);
  try {
    for await (const { state: acknowledged, rows } of writeAcknowledged(target, input, { ...writeRequest, ledger })) {
      if (acknowledged !== undefined && !isDeepStrictEqual(acknowledged, progress.durable)) {
        await store.commit(unit.id, epoch, acknowledged);
        progress.durable = acknowledged;
      }
      request.onSaved(rows);
    }
  } finally {
    end.abort();
    await waitFor(input.return(undefined), { milliseconds: releaseMilliseconds }).catch(() => undefined);
  }
  if (progress.failure !== undefined) throw progress.failure.error;
  return stop.soft.aborted && !isFinished(progress.durable) ? 'stopped' : 'done';
}

/** What the target is given: the messages of the source from a state on, up to its end, its failure or an abort of `end`. */
function inputOf(
  request: UnitRequest,
  state: State,
  needs: TargetNeeds,
  progress: UnitProgress,
  end: AbortSignal,
): AsyncGenerator<TargetMessage> {
  const { source, target, unit, stop, log } = request;
  const messages = source.read({
    integration: request.sourceConfig,
    catalog: unit.catalog,
    resource: request.resource,
    state,
    durable: () => progress.durable,
    exact: needs.exact,
    signal: AbortSignal.any([stop.soft, end]),
    log,
  });
  const good = untilFailure(observed(messages, request), (error) => {
    if (!stop.soft.aborted) progress.failure = { error };
  });
  return readAhead(checkpoints(forTarget(good, target, needs), needs.flush, stop.soft), readAheadBatches);
}

async function* observed(messages: AsyncIterable<SourceMessage>, request: UnitRequest): AsyncGenerator<SourceMessage> {
  for await (const message of messages) {
    if (message.type === 'RECORDS') request.onRead(message.stream, message.count, message.bytes);
    if (message.type === 'SCHEMA') await compareSchema(message, request);
    yield message;
  }
}

async function compareSchema(
  { stream, schema }: SchemaMessage,
  { store, onSchemaChanged }: UnitRequest,
): Promise<void> {
  const columns = summarize(schema);
  const before = await store.keepColumns(stream, columns);
  const change = before === undefined ? undefined : compareColumns(before, columns);
  if (change !== undefined) onSchemaChanged(stream, change);
}

function isFinished(state: State | undefined): boolean {
  return state !== undefined && (state.currently_syncing ?? null) === null;
}
