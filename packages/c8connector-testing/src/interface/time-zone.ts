import { NotRunnable } from '../check.ts';

/** The time zones that are furthest from UTC in both directions, where the date differs for about half of the day. */
export const timeZones = ['Pacific/Kiritimati', 'Pacific/Pago_Pago'] as const;

/** Check 108, which is implemented separately for a source and a target. */
export const sameEverywhere = {
  number: 108,
  title: 'the time zone of the machine does not change any value',
  where:
    'dates and times that go through Date, or through a driver that creates one: a text without a time zone is not in that of the machine, and a date has no time',
} as const;

/** Does some work with the process in a time zone. Throws NotRunnable when the time zone cannot be changed. */
export async function inTimeZone<T>(zone: string, work: () => Promise<T>): Promise<T> {
  const { TZ: before } = process.env;
  process.env.TZ = zone;
  try {
    if (new Intl.DateTimeFormat().resolvedOptions().timeZone !== zone)
      throw new NotRunnable(
        'the time zone of a worker thread cannot be changed: run the tests in processes of their own',
      );
    return await work();
  } finally {
    if (before === undefined) delete process.env.TZ;
    else process.env.TZ = before;
  }
}
