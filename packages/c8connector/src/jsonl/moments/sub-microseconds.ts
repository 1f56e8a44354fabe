import type { SubMicroseconds } from '../../interface/columns.ts';
import type { Moment } from './moment.ts';

/** The policies, the most cautious first. */
export const subMicroseconds: readonly SubMicroseconds[] = ['fail', 'truncate', 'round'];

/** As for everything that a typed column cannot hold exactly: no value is changed unless the user chose so. Keys that differ only in their last digit would become equal. */
export const defaultSubMicroseconds: SubMicroseconds = 'fail';

/**
 * Applies the policy to a moment that was read without a problem. `kept`: it had no digits below a microsecond. `changed`: they were truncated or rounded. `refused`: the moment now has a problem. Truncating
 * never moves a moment into the next second, day or year: `9999-12-31T23:59:59.9999999`, the last moment of some servers, stays in its year, while rounding it is refused.
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

/** The last second of the year 9999. */
const lastSecond = 253_402_300_799;

function roundUp(moment: Moment): void {
  moment.microseconds++;
  if (moment.microseconds < 1_000_000) return;
  moment.microseconds = 0;
  if (moment.seconds === lastSecond) moment.problem = 'year';
  moment.seconds++;
}
