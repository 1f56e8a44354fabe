/**
 * Why a column of times cannot hold a text. `form`: it is not written as a date or a date-time. `calendar`: it is not in the calendar or on the clock, such as 30 February or
 * minute 75. `hour_24`: it is midnight as the end of a day. `leap_second`: it is second 60, which seconds since 1970 do not count. `year`: in UTC it is before the year 1 or after 9999. `finer`: it has digits
 * below a microsecond. `time_of_day`: a date is expected, and it has a time other than midnight in UTC.
 */
export type MomentProblem = 'form' | 'calendar' | 'hour_24' | 'leap_second' | 'year' | 'finer' | 'time_of_day';

/** The result of reading one date or time. One object is used for all values: each read overwrites all of it. */
export interface Moment {
  /**
   * Seconds since 1970-01-01T00:00:00Z, whole, in the Gregorian calendar. With the problems `hour_24`, `leap_second` and `year` the number is still right for comparisons; with `form` and
   * `calendar` it means nothing.
   */
  seconds: number;
  /** Microseconds of the second, 0 to 999999. */
  microseconds: number;
  /** Where the digits of the fraction start and end; equal when there are none. */
  fractionStart: number;
  fractionEnd: number;
  /** Whether a digit below a microsecond is not 0. */
  isFiner: boolean;
  /** Whether the text has an offset from UTC. Without one it counts as UTC. */
  hasZone: boolean;
  /** The offset in seconds, positive to the east of UTC; already subtracted from `seconds`. */
  offset: number;
  problem: MomentProblem | undefined;
}

/** A moment to read values into. */
export function newMoment(): Moment {
  return {
    seconds: 0,
    microseconds: 0,
    fractionStart: 0,
    fractionEnd: 0,
    isFiner: false,
    hasZone: false,
    offset: 0,
    problem: undefined,
  };
}

const meanings: Readonly<Record<MomentProblem, string>> = {
  form: 'it is not written as a date or a date-time, such as 2023-04-05T06:07:08.123456Z',
  calendar: 'no calendar has such a day, or no clock such a time',
  hour_24: 'hour 24 is not a time of its day: midnight is 00:00:00 of the next day',
  leap_second: 'second 60 has no place in the count of seconds since 1970',
  year: 'its year is not within 1 and 9999',
  finer: 'it has digits below a microsecond',
  time_of_day: 'a date has no time of day other than midnight in UTC',
};

/** Describes a problem in a clause that can follow a colon. */
export function momentProblemText(problem: MomentProblem): string {
  return meanings[problem];
}

/** Microseconds since 1970-01-01T00:00:00Z. */
export function microsecondsOf({ seconds, microseconds }: Moment): bigint {
  return BigInt(seconds) * 1_000_000n + BigInt(microseconds);
}

/** The lower 32 bits of {@link microsecondsOf} in two's complement, without making a bigint. */
export function lowWord({ seconds, microseconds }: Moment): number {
  // Only the bits of the product below 2^32 matter, and none of its parts may reach 2^53.
  const bottom = (seconds - Math.floor(seconds / 65_536) * 65_536) * 1_000_000 + microseconds;
  const middle = (Math.floor(seconds / 65_536) * 1_000_000) % 65_536;
  return (middle * 65_536 + bottom) | 0;
}

/** The upper 32 bits. */
export function highWord({ seconds, microseconds }: Moment): number {
  const upper = Math.floor(seconds / 65_536);
  const bottom = (seconds - upper * 65_536) * 1_000_000 + microseconds;
  return Math.floor((upper * 1_000_000 + Math.floor(bottom / 65_536)) / 65_536) | 0;
}
