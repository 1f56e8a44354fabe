import type { Moment } from './moment.ts';

/**
 * What becomes of digits below a microsecond, which no common format of times holds: they are cut off, the nearest microsecond is taken (half of one upwards), the value is null, or it is an
 * error.
 */
export const subMicroseconds = ['truncate', 'round', 'null', 'fail'] as const;
export type SubMicroseconds = (typeof subMicroseconds)[number];

/**
 * What users of Spark, DuckDB and Python know. It moves no moment into the next second, day or year: `9999-12-31T23:59:59.9999999`, the last moment of some servers, stays in its year.
 */
export const defaultSubMicroseconds: SubMicroseconds = 'truncate';

/**
 * Applies the policy to a moment that was read without a problem. `kept`: nothing was below a microsecond. `changed`: it was cut off or rounded. `null`: null takes its place. `refused`: the
 * moment has a problem now.
 */
export function settleSubMicroseconds(
  moment: Moment,
  policy: SubMicroseconds,
  bytes: Uint8Array,
): 'kept' | 'changed' | 'null' | 'refused' {
  if (!moment.isFiner) return 'kept';
  if (policy === 'null') return 'null';
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
