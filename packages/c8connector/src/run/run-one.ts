import { isC8Error } from '../interface/errors.ts';
import type { Unit } from '../interface/progress.ts';
import type { Failures } from '../source/failures.ts';
import { countUnit, type RunCounts } from './count-unit.ts';
import { type EventBody, eventError, type StreamSummary } from './events.ts';
import type { UnitRequest } from './run-context.ts';
import { runUnit } from './run-unit.ts';
import { failureOf, SourceFailure } from './source-failure.ts';

/** Takes an event that the run adds its id and time to. */
export type Emit = (event: EventBody) => void;

/** What became of a unit. */
export interface Ended {
  readonly status: Exclude<StreamSummary['status'], 'skipped'>;
  /** Whether other streams would fail in the same way: all of them, or those that are read from the log. */
  readonly concerns: 'none' | 'log' | 'all';
  /** Of a failure: those streams of the unit that failed. */
  readonly streams: readonly string[];
  /** Whether the server has lost the log of the streams, and they shall begin anew. */
  readonly isLost: boolean;
}

/** Counts the failures of a run in a row, and apart from them those of its log. */
interface RunFailures {
  readonly failures: Failures;
  readonly logFailures: Failures;
}

/** Runs a unit, counts and emits what it does, and says what its failure means for others. Never rejects. */
export async function runOne(
  request: Omit<UnitRequest, `on${string}`>,
  counts: RunCounts,
  { failures, logFailures }: RunFailures,
  emit: Emit,
): Promise<Ended> {
  const { unit, stop, log } = request;
  const { end, ...callbacks } = countUnit(unit, counts, emit);
  const none = { concerns: 'none', streams: unit.streams, isLost: false } as const;
  try {
    return { ...none, status: await runUnit({ ...request, ...callbacks } as UnitRequest) };
  } catch (thrown) {
    if (stop.soft.aborted) return { ...none, status: 'stopped' };
    const error = failureOf(thrown);
    const streams = failedOf(unit, error);
    emit({ type: 'failed', unit: unit.id, streams, error: eventError(error) });
    log.debug('unit failed', {
      unit: unit.id,
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
    return { status: 'failed', concerns: concernOf(thrown, failures, logFailures), streams, isLost: isLost(error) };
  } finally {
    end();
  }
}

function concernOf(thrown: unknown, failures: Failures, logFailures: Failures): Ended['concerns'] {
  const error = failureOf(thrown);
  if (!(thrown instanceof SourceFailure)) return isGeneral(error) ? 'all' : 'none';
  if (thrown.isOfLog) return logFailures.concernsAll(error) ? 'log' : 'none';
  return failures.concernsAll(error) ? 'all' : 'none';
}

/** The streams of a unit that an error names; all of them when it names none. */
function failedOf(unit: Unit, error: unknown): readonly string[] {
  const { stream, streams } = isC8Error(error) ? error.details : {};
  const named = unit.streams.filter((id) => id === stream || (Array.isArray(streams) && streams.includes(id)));
  return named.length === 0 ? unit.streams : named;
}

/** A source says with `isResync` that its user chose to begin anew. */
function isLost(error: unknown): boolean {
  return isC8Error(error) && error.code === 'log_position_lost' && error.details.isResync === true;
}

/** All streams have the same target and the same store, so the others would only fail again; unless the error names its stream. */
function isGeneral(error: unknown): boolean {
  if (!isC8Error(error)) return false;
  return (
    error.code === 'claim_lost' ||
    (['ConfigError', 'ConnectionError'].includes(error.name) && error.details.stream === undefined)
  );
}
