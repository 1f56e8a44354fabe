import type { SubMicroseconds } from '../../interface/columns.ts';
import type { Moment } from './moment.ts';

/** The policies, in the order of caution. */
export const subMicroseconds: readonly SubMicroseconds[] = ['fail', 'truncate', 'round'];

/** As with all that a typed column cannot hold exactly: no value changes without somebody having asked for it. Keys that differ in their last digit alone would be equal. */
export const defaultSubMicroseconds: SubMicroseconds = 'fail';

/**
 * Applies the policy to a moment that was read without a problem. `kept`: nothing was below a microsecond. `changed`: it was cut off or rounded. `refused`: the moment has a problem now. Cutting off moves
 * no moment into the next second, day or year: `9999-12-31T23:59:59.9999999`, the last moment of some servers, stays in its year, and is refused when it is rounded.
 */
export function settleSubMicroseconds(
  moment: Moment,
  policy: SubMicroseconds,
  bytes: Uint8Array,
): 'kept' | 'changed' | 'refused' {
  if (!moment.isFiner) return 'kept';
  if (policy === 'fail') moment.problem = 'finer';
  else if (policy === 'round' && (bytes[moment.fractionStart + 6] as number) >= 0x35) roundUp(moment);
  return moment.problem === undefined ? 'changed' : 'refused';
}

/** Behind it the year 10000 begins. */
const lastSecond = 253_402_300_799;

function roundUp(moment: Moment): void {
  moment.microseconds++;
  if (moment.microseconds < 1_000_000) return;
  moment.microseconds = 0;
  if (moment.seconds === lastSecond) moment.problem = 'year';
  moment.seconds++;
}
