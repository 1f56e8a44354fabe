import { isC8Error } from '../interface/errors.ts';
import type { Unit } from '../interface/progress.ts';
import { isGeneralFailure } from '../source/failures.ts';
import { eventError } from './event-error.ts';
import { failureOf, SourceFailure } from './source-failure.ts';
import type { UnitFailure } from './summaries.ts';

/** The failure of a unit, as plain data. */
export function unitFailure(unit: Unit, thrown: unknown): UnitFailure {
  const error = failureOf(thrown);
  return {
    error: eventError(error),
    streams: failedOf(unit, error),
    concerns: concernsOf(thrown),
    ...(isLost(error) ? { isLost: true } : {}),
  };
}

/** All streams share the target and the store, so the others would fail too, unless the error names a stream. */
function concernsOf(thrown: unknown): UnitFailure['concerns'] {
  const error = failureOf(thrown);
  const isClaimLost = isC8Error(error) && error.code === 'claim_lost';
  if (thrown instanceof SourceFailure) {
    if (!isGeneralFailure(error)) return 'streams';
    return thrown.isOfLog ? 'log' : 'source';
  }
  return isClaimLost || isGeneralFailure(error) ? 'all' : 'streams';
}

/** The streams of a unit that an error names; all of them when it names none. */
function failedOf(unit: Unit, error: unknown): readonly string[] {
  const { stream, streams } = isC8Error(error) ? error.details : {};
  const named = unit.streams.filter((id) => id === stream || (Array.isArray(streams) && streams.includes(id)));
  return named.length === 0 ? unit.streams : named;
}

/** Whether a copy cannot be completed, or a log position is lost and the user chose to start over, which a source reports with `isResync`. */
function isLost(error: unknown): boolean {
  if (!isC8Error(error)) return false;
  return error.code === 'copy_lost' || (error.code === 'log_position_lost' && error.details.isResync === true);
}
