import { randomUUID } from 'node:crypto';
import type { Catalog } from '../interface/catalog.ts';
import type { SourceConnector, TargetConnector } from '../interface/connector.ts';
import { isC8Error } from '../interface/errors.ts';
import type { Log } from '../interface/log.ts';
import type { StateStore } from '../state/state-store.ts';
import { type EventBody, eventError, type PlannedStream, type RunEvent, type StreamSummary } from './events.ts';
import { type Plan, plan, type Unit } from './plan.ts';
import { runUnit } from './run-unit.ts';
import type { Stop } from './stop.ts';

/** Progress of a stream is told this often at most. */
const progressMilliseconds = 100;

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
type Counts = { -readonly [K in keyof StreamSummary]: StreamSummary[K] };

/**
 * Runs a whole connection: plans it, runs its units one after the other, and tells all of it as events. A unit that fails does not keep the others from running,
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
  const made: Plan = plan({ catalog: request.catalog, state: await request.store.load() });
  emit({ type: 'planned', isResumed: made.isResumed, streams: made.streams });
  if (!made.isResumed) await request.store.begin(made.state);

  const counts = new Map(made.streams.map((stream) => [stream.stream, emptyCounts(stream)]));
  for (const unit of made.units) {
    if (request.stop.soft.aborted) break;
    const { status, isGeneral = false } = await runOne(request, id, unit, made, counts, emit);
    for (const stream of unit.streams) setStatus(counts, stream, status);
    if (isGeneral) break;
  }

  const streams = [...counts.values()];
  const status = streams.some((stream) => stream.status === 'failed')
    ? 'failed'
    : streams.some((stream) => stream.status === 'stopped')
      ? 'stopped'
      : 'done';
  if (status === 'done') await request.store.finish();
  return emit({ type: 'finished', status, durationMs: since(startedAt), streams }) as Finished;
}

async function runOne(
  request: RunRequest,
  run: string,
  unit: Unit,
  { streams }: Plan,
  counts: Map<string, Counts>,
  emit: (event: EventBody) => void,
): Promise<{ status: StreamSummary['status']; isGeneral?: boolean }> {
  const startedAt = performance.now();
  let toldAt = 0;
  /** Rows by stream that were left out since the last FLUSH: the target acknowledges them with the others. */
  const leftOut = new Map<string, number>();
  const tell = (stream: string): void => {
    toldAt = performance.now();
    const { read, bytes } = counts.get(stream) ?? { read: 0, bytes: 0 };
    const estimate = streams.find((planned) => planned.stream === stream)?.estimate;
    emit({
      type: 'progress',
      unit: unit.id,
      stream,
      rows: read,
      bytes,
      ...(estimate === undefined ? {} : { estimate }),
    });
  };
  try {
    const status = await runUnit({
      ...request,
      run,
      unit,
      onRead(stream, rows, bytes) {
        const count = counts.get(stream);
        if (count === undefined) return;
        count.read += rows;
        count.bytes += bytes;
        count.durationMs = since(startedAt);
        if (performance.now() - toldAt >= progressMilliseconds) tell(stream);
      },
      onSchemaChanged(stream, change) {
        emit({ type: 'schema_changed', unit: unit.id, stream, ...change });
      },
      onRejected(rejection) {
        const count = counts.get(rejection.stream);
        if (count !== undefined) count.rejected += 1;
        leftOut.set(rejection.stream, (leftOut.get(rejection.stream) ?? 0) + 1);
        emit({ type: 'rejected', unit: unit.id, ...rejection });
      },
      onSaved(rows) {
        for (const [stream, added] of rows) {
          const count = counts.get(stream);
          if (count !== undefined) count.written += added - (leftOut.get(stream) ?? 0);
        }
        leftOut.clear();
        emit({
          type: 'state_saved',
          unit: unit.id,
          written: Object.fromEntries(unit.streams.map((stream) => [stream, counts.get(stream)?.written ?? 0])),
        });
      },
    });
    return { status };
  } catch (error) {
    if (request.stop.soft.aborted) return { status: 'stopped' };
    emit({ type: 'failed', unit: unit.id, streams: unit.streams, error: eventError(error) });
    request.log.debug('unit failed', {
      unit: unit.id,
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
    return { status: 'failed', isGeneral: isGeneralFailure(error) };
  } finally {
    for (const stream of unit.streams) {
      tell(stream);
      const count = counts.get(stream);
      if (count !== undefined) count.durationMs = since(startedAt);
    }
  }
}

/** Settings and connections are the same for all units, so the others would only fail again; unless the error names its stream. */
function isGeneralFailure(error: unknown): boolean {
  return (
    isC8Error(error) && ['ConfigError', 'ConnectionError'].includes(error.name) && error.details.stream === undefined
  );
}

function emptyCounts({ stream, action }: PlannedStream): Counts {
  const status = action === 'skip' ? 'skipped' : 'stopped';
  return { stream, status, read: 0, written: 0, rejected: 0, bytes: 0, durationMs: 0 };
}

function setStatus(counts: Map<string, Counts>, stream: string, status: StreamSummary['status']): void {
  const count = counts.get(stream);
  if (count !== undefined) count.status = status;
}

function since(startedAt: number): number {
  return Math.round(performance.now() - startedAt);
}
