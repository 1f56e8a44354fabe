import { NotRunnable } from '../check.ts';

/** Places where it is another day than in UTC for most of the day, on both sides. */
export const timeZones = ['Pacific/Kiritimati', 'Pacific/Pago_Pago'] as const;

/** Check 108, which a source and a target each have a way of their own to pass. */
export const sameEverywhere = {
  number: 108,
  title: 'the time zone of the machine does not change any value',
  where:
    'dates and times that go through Date, or through a driver that creates one: a text without a time zone is not in that of the machine, and a date has no time',
} as const;

/** Does some work in a process that is in a time zone. Throws NotRunnable where that cannot be changed. */
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
