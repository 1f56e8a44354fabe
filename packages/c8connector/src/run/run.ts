import { randomUUID } from 'node:crypto';
import type { Catalog } from '../interface/catalog.ts';
import type { SourceConnector, TargetConnector } from '../interface/connector.ts';
import { isC8Error } from '../interface/errors.ts';
import type { Log } from '../interface/log.ts';
import type { StateStore } from '../state/state-store.ts';
import { countUnit, emptyCounts, type RunCounts, since } from './count-unit.ts';
import { type EventBody, eventError, type RunEvent, type StreamSummary } from './events.ts';
import { plan, type Unit } from './plan.ts';
import { runUnit, type UnitRequest } from './run-unit.ts';
import type { Stop } from './stop.ts';

/** What {@link run} needs: two connectors with their configs, what to read, and where the state is kept. */
export interface RunRequest {
  readonly source: SourceConnector;
  readonly sourceConfig: unknown;
  readonly target: TargetConnector;
  readonly targetConfig: unknown;
  /** Its metadata selects what is read. */
  readonly catalog: Catalog;
  readonly store: StateStore;
  readonly stop: Stop;
  readonly log: Log;
  readonly onEvent: (event: RunEvent) => void;
}

type Finished = Extract<RunEvent, { type: 'finished' }>;

/**
 * Runs a whole connection: plans it, runs its units one after the other, and emits all of it as events. A unit that fails does not keep the others from running,
 * unless they would meet the same error; the run is then `failed`, and the next one goes on with what is missing. Never rejects for a unit's failure.
 */
export async function run(request: RunRequest): Promise<Finished> {
  const id = randomUUID();
  const startedAt = performance.now();
  const emit = (event: EventBody): RunEvent => {
    const whole = { ...event, run: id, at: new Date().toISOString() } as RunEvent;
    request.onEvent(whole);
    return whole;
  };
  const made = plan({ catalog: request.catalog, state: await request.store.load() });
  emit({ type: 'planned', isResumed: made.isResumed, streams: made.streams });
  if (!made.isResumed) await request.store.begin(made.state);

  await using resource = openShared(request);
  const counts = emptyCounts(made.streams);
  for (const unit of made.units) {
    if (request.stop.soft.aborted) break;
    const { status, isGeneral = false } = await runOne({ ...request, resource }, id, unit, counts, emit);
    for (const stream of unit.streams) setStatus(counts, stream, status);
    if (isGeneral) break;
  }

  const streams = [...counts.values()].map(({ summary }) => summary);
  const status = statusOf(streams);
  if (status === 'done') await request.store.finish();
  return emit({ type: 'finished', status, durationMs: since(startedAt), streams }) as Finished;
}

/** What the reads of all units share. Without it each read opens what it needs, and an error is that of its unit. */
function openShared({ source, sourceConfig, log }: RunRequest): AsyncDisposable | undefined {
  try {
    return source.open?.(sourceConfig, { log });
  } catch {
    return undefined;
  }
}

async function runOne(
  request: RunRequest & Pick<UnitRequest, 'resource'>,
  run: string,
  unit: Unit,
  counts: RunCounts,
  emit: (event: EventBody) => void,
): Promise<{ status: StreamSummary['status']; isGeneral?: boolean }> {
  const { end, ...callbacks } = countUnit(unit, counts, emit);
  try {
    return { status: await runUnit({ ...request, run, unit, ...callbacks }) };
  } catch (error) {
    if (request.stop.soft.aborted) return { status: 'stopped' };
    emit({ type: 'failed', unit: unit.id, streams: unit.streams, error: eventError(error) });
    request.log.debug('unit failed', {
      unit: unit.id,
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
    return { status: 'failed', isGeneral: isGeneralFailure(error) };
  } finally {
    end();
  }
}

/** Settings and connections are the same for all units, so the others would only fail again; unless the error names its stream. */
function isGeneralFailure(error: unknown): boolean {
  return (
    isC8Error(error) && ['ConfigError', 'ConnectionError'].includes(error.name) && error.details.stream === undefined
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
