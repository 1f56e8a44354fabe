/**
 * Why a text is not a moment that a column of times can hold. `form`: it is not written as a date or a date-time. `calendar`: no calendar and no clock has it, such as 30 February or
 * minute 75. `hour_24`: midnight as the end of a day. `leap_second`: the second 60, which seconds since 1970 do not count. `year`: in UTC it is before the year 1 or after 9999. `finer`: it has digits
 * below a microsecond. `time_of_day`: a date was asked for, and it has a time other than midnight in UTC.
 */
export type MomentProblem = 'form' | 'calendar' | 'hour_24' | 'leap_second' | 'year' | 'finer' | 'time_of_day';

/** What one reading found. One object serves all readings: each of them writes all of it. */
export interface Moment {
  /**
   * Since 1970-01-01T00:00:00Z, whole, in the Gregorian calendar. With `hour_24`, `leap_second` and `year` it is still where the text stands among others; with `form` and `calendar` it means
   * nothing.
   */
  seconds: number;
  /** Of the second, 0 to 999999. */
  microseconds: number;
  /** Where the digits after the point of the second stand; equal when there are none. */
  fractionStart: number;
  fractionEnd: number;
  /** Whether a digit below the microsecond is not 0. */
  isFiner: boolean;
  /** Whether it says how far it is from UTC. Without that it counts as UTC. */
  hasZone: boolean;
  /** Seconds that its clock is ahead of UTC; already taken off `seconds`. */
  offset: number;
  problem: MomentProblem | undefined;
}

/** A moment for the first reading. */
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

/** What a problem means; a clause that can follow a colon. */
export function momentProblemText(problem: MomentProblem): string {
  return meanings[problem];
}

/** Microseconds since 1970-01-01T00:00:00Z. */
export function microsecondsOf({ seconds, microseconds }: Moment): bigint {
  return BigInt(seconds) * 1_000_000n + BigInt(microseconds);
}

/** The lower 32 bits of {@link microsecondsOf} in two's complement, without making a bigint. */
export function lowWord({ seconds, microseconds }: Moment): number {
  // Of the product only what is below 2^32 counts, and none of its parts may reach 2^53.
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
