import { isDeepStrictEqual } from 'node:util';
import { waitFor } from '../deadline.ts';
import type { TargetNeeds, WriteRequest } from '../interface/connector.ts';
import { ConnectorError, isC8Error } from '../interface/errors.ts';
import type { SourceMessage, TargetMessage } from '../interface/messages.ts';
import type { ConnectionState } from '../interface/progress.ts';
import type { State } from '../interface/state.ts';
import { changes, isUnitState } from '../replication/methods.ts';
import type { ColumnStore } from '../state/column-store.ts';
import { compareColumns, summarize } from '../state/schema-change.ts';
import { writeAcknowledged } from '../target/acknowledge.ts';
import { checkpoints } from '../target/checkpoints.ts';
import { forTarget } from '../target/for-target.ts';
import { beginStream, readableState } from './begin-stream.ts';
import { deliveryPlace } from './deliveries.ts';
import { durablePositions } from './durable-positions.ts';
import { finishStreams } from './finish-streams.ts';
import { isPlanned, leftOf, progressOf, tapUnit } from './plan.ts';
import { readAhead } from './read-ahead.ts';
import { reportUnit, type UnitReport } from './report-unit.ts';
import { retrying } from './retry.ts';
import type { UnitRequest } from './run-context.ts';
import { failureOf, SourceFailure } from './source-failure.ts';
import type { UnitSummary } from './summaries.ts';
import { unitFailure } from './unit-failure.ts';
import { untilFailure } from './until-failure.ts';

/** How many batches a sync reads ahead of the target. */
const readAheadBatches = 2;
/** How long a source may take to release what it holds. */
const releaseMilliseconds = 5000;

/** A unit that is running. */
interface Attempt extends UnitRequest, UnitReport {}

/**
 * Runs one unit: reads it and writes it, or starts its stream over. A state is stored only after the target acknowledged it; what was acknowledged before a failure stays stored. After a
 * retryable failure the whole attempt is repeated. Emits events, and resolves with a summary: never rejects.
 */
export async function runUnit(request: UnitRequest): Promise<UnitSummary> {
  const { unit, stop, log, onEvent } = request;
  const report = reportUnit(unit, onEvent);
  const attempt = (progressed: () => void) => attemptUnit({ ...request, ...report }, progressed);
  try {
    return report.onEnd((await retrying(attempt, { signal: stop.graceful, onRetry: report.onRetry })) ?? 'stopped');
  } catch (thrown) {
    if (stop.graceful.aborted) return report.onEnd('stopped');
    const error = failureOf(thrown);
    log.debug('unit failed', {
      unit: unit.id,
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
    return report.onEnd('failed', unitFailure(unit, thrown));
  }
}

/** The order matters: claim, recover, adopt, plan again, read and write. */
async function attemptUnit(planned: Attempt, progressed: () => void): Promise<'done' | 'stopped'> {
  const { target, streams, store, run, generation } = planned;
  let request = planned;
  const { unit } = planned;
  const claim = await store.claim(unit.id, generation, unit.streams);
  if (unit.kind === 'begin') {
    await beginStream(request, claim);
    return 'done';
  }
  const write: WriteRequest = {
    config: request.targetConfig,
    run: { id: run, connection: claim.state.connection, unit: unit.id, epoch: claim.epoch, generation },
    streams: unit.streams,
    signal: request.stop.forced,
    log: request.log,
    onRejected(rejection) {
      const { stream } = rejection;
      request.rejected.set(stream, (request.rejected.get(stream) ?? 0) + 1);
      request.onRejected(rejection);
    },
    rejected: request.rejected,
  };
  const recovered = await target.recover?.(write);
  if (recovered !== undefined) checkRecovered(recovered, request);
  const state = recovered === undefined ? claim.state : await store.adopt(unit.id, claim.epoch, recovered);
  // The sequence numbers of this attempt would be below those that the target has.
  if (isUnitState(recovered) && (recovered.lastEpoch ?? 0) > claim.epoch) return await attemptUnit(planned, progressed);
  const left = leftOf(unit, streams, state, run);
  if (left === undefined) return 'done';
  request = { ...planned, unit: left };
  const { needsLedger = false } = target.accepts(request.targetConfig);
  if (!needsLedger) {
    const outcome = await transfer(request, await readableState(request, state, claim.epoch), write, progressed);
    if (unit.kind === 'seal' && outcome === 'done') await finishStreams(request, write, unit.streams);
    return outcome;
  }
  // Sent calls cannot be undone: an interrupted copy is resumed even without a durable position.
  const { scope, from, isLog } = deliveryPlace(left, state, run);
  await using ledger = await request.deliveries?.open(scope, from, { isLog });
  return await transfer(request, state, { ...write, ledger }, progressed);
}

/** A target must return a state that it received, or nothing: anything else would replace the progress of the stream. */
function checkRecovered(recovered: State, { target, unit }: Attempt): void {
  if (unit.kind === tapUnit ? !('patches' in recovered) : isUnitState(recovered)) return;
  throw new ConnectorError(
    `${target.packageName}: recover() of the unit '${unit.id}' returned a state that write() never received for it`,
    { code: 'contract_broken', details: { streams: unit.streams } },
  );
}

/** What the reading and the writing half of a unit share. */
interface Halves {
  /** Why the source failed. */
  failure: { readonly error: unknown } | undefined;
  /** Whether the source came to its end without being stopped. */
  isComplete: boolean;
}

/** Reads a unit and writes it. */
async function transfer(
  request: Attempt,
  state: ConnectionState,
  write: WriteRequest,
  progressed: () => void,
): Promise<'done' | 'stopped'> {
  const { target, unit, store } = request;
  const halves: Halves = { failure: undefined, isComplete: false };
  const end = new AbortController();
  const input = inputOf(request, state, write.run.epoch, halves, end.signal);
  let durable: State | undefined;
  let written = new Map<string, number>();
  try {
    for await (const { state: said, rows, isCheckpoint } of writeAcknowledged(target, input, write)) {
      for (const [stream, count] of rows) written.set(stream, (written.get(stream) ?? 0) + count);
      // A target that commits with its state has not committed what is not a checkpoint.
      if (!isCheckpoint && target.recover !== undefined) continue;
      if (said !== undefined && !isDeepStrictEqual(said, durable)) {
        await store.commit(unit.id, write.run.epoch, said);
        durable = said;
        // A source may begin by repeating its position: an attempt that gets no further must not count as progress.
        if (isProgress(said, state)) progressed();
      }
      request.onSaved(written, durable);
      written = new Map();
    }
  } finally {
    end.abort();
    await waitFor(input.return(undefined), { milliseconds: releaseMilliseconds }).catch(() => undefined);
  }
  if (halves.failure !== undefined) {
    await checkClaim(request, write.run.epoch);
    throw halves.failure.error;
  }
  if (!halves.isComplete) return 'stopped';
  await checkComplete(request);
  return 'done';
}

/** A source may fail because another run has taken over, and uses its slot or has confirmed more of the log. That error is then reported instead, and not retried. */
async function checkClaim({ store, unit }: Attempt, epoch: number): Promise<void> {
  try {
    await store.adopt(unit.id, epoch, { patches: {} });
  } catch (error) {
    if (isC8Error(error) && error.code === 'claim_lost') throw error;
  }
}

/** Checks that a read which ended has reported its end: otherwise its stream would never advance, without an error. */
async function checkComplete({ source, unit, streams, store, run }: Attempt): Promise<void> {
  if (unit.kind !== 'copy' && unit.kind !== 'seal') return;
  if (!isPlanned(unit, streams, await store.load(unit.streams), run)) return;
  const message = `${source.packageName}: read() of the unit '${unit.id}' ended without a STATE that it is complete`;
  throw new SourceFailure(
    new ConnectorError(message, { code: 'contract_broken', details: { stream: unit.streams[0] } }),
  );
}

function isProgress(said: State, before: ConnectionState): boolean {
  if (!isUnitState(said)) return !isDeepStrictEqual(said, before.rest);
  return Object.entries(said.patches).some(([stream, patch]) => changes(progressOf(before, stream), patch));
}

/** The target's input: the messages of the source from a state on, until its end, its failure or an abort of `end`. */
function inputOf(
  request: Attempt,
  state: ConnectionState,
  epoch: number,
  halves: Halves,
  end: AbortSignal,
): AsyncGenerator<TargetMessage> {
  const { target, targetConfig, stop } = request;
  const needs = target.accepts(targetConfig);
  const signal = AbortSignal.any([stop.graceful, end]);
  const good = untilFailure(observed(messagesOf(request, state, epoch, needs, signal), request, halves), (error) => {
    if (!stop.graceful.aborted)
      halves.failure = { error: new SourceFailure(error, { isOfLog: request.unit.kind === 'log' }) };
  });
  const options = { limits: needs.flush, hasRecover: target.recover !== undefined, signal: stop.graceful };
  return readAhead(checkpoints(forTarget(good, target, needs), options), readAheadBatches);
}

function messagesOf(
  request: Attempt,
  state: ConnectionState,
  epoch: number,
  { exact, face }: TargetNeeds,
  signal: AbortSignal,
): AsyncIterable<SourceMessage> {
  const { source, sourceConfig, session, catalog, unit, run, store, log } = request;
  if (session === undefined)
    return source.read({ config: sourceConfig, catalog, state: state.rest, exact, signal, log });
  const version = () => store.version(unit.id, epoch);
  const { follow: how = unit.kind === 'log' ? { until: 'now' as const } : undefined } = request;
  const follow = how && { ...how, durable: () => durablePositions(request) };
  const { connection, streams: progress } = state;
  return session.read({ unit, run, connection, progress, epoch, version, exact, face, follow, signal, log });
}

async function* observed(
  messages: AsyncIterable<SourceMessage>,
  request: Attempt,
  halves: Halves,
): AsyncGenerator<SourceMessage> {
  let syncing: unknown;
  for await (const message of messages) {
    if (message.type === 'RECORDS') request.onRead(message.stream, message.count, message.bytes);
    if (message.type === 'SCHEMA') await compareSchema(message.stream, summarize(message.schema), request);
    if (message.type === 'STATE') {
      syncing = message.value.currently_syncing;
      request.onLag(message.lag);
    }
    yield message;
  }
  const isFinished = request.unit.kind === tapUnit && (syncing ?? null) === null;
  halves.isComplete = !request.stop.graceful.aborted || isFinished;
}

async function compareSchema(
  stream: string,
  now: Parameters<ColumnStore['keep']>[1],
  { columns, onSchemaChanged }: Attempt,
): Promise<void> {
  const before = await columns?.keep(stream, now);
  const change = before === undefined ? undefined : compareColumns(before, now);
  if (change !== undefined) onSchemaChanged(stream, change);
}
