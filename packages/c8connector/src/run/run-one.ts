import { isC8Error } from '../interface/errors.ts';
import type { Unit } from '../interface/progress.ts';
import type { Failures } from '../source/failures.ts';
import { countUnit, type RunCounts } from './count-unit.ts';
import { type EventBody, eventError, type StreamSummary } from './events.ts';
import type { RunContext } from './run-context.ts';
import { runUnit } from './run-unit.ts';
import { failureOf, SourceFailure } from './source-failure.ts';

/** Takes an event that the run adds its id and time to. */
export type Emit = (event: EventBody) => void;

/** What became of a unit. */
export interface Ended {
  readonly status: Exclude<StreamSummary['status'], 'skipped'>;
  /** Whether the other streams would fail in the same way. */
  readonly concernsAll: boolean;
}

/** Runs a unit, counts and emits what it does, and says what its failure means for others. Never rejects. */
export async function runOne(
  open: RunContext,
  unit: Unit,
  counts: RunCounts,
  failures: Failures,
  emit: Emit,
): Promise<Ended> {
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
