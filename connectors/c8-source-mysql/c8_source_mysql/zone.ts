import { ConfigError } from 'c8connector';

const hour = 3600;

/**
 * A lower bound of the local times from this moment on, in seconds since 1970 as if they were in UTC: when the clocks are set back within an hour, the times of that hour come again.
 *
 * @throws {ConfigError} `config_invalid` for an unknown time zone.
 */
export function localFrom(seconds: number, zone: string): number {
  const clock = clockOf(zone);
  const offset = offsetAt(clock, seconds);
  return seconds + offset - Math.max(0, offset - offsetAt(clock, seconds + hour));
}

function clockOf(zone: string): Intl.DateTimeFormat {
  const parts = {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  } as const;
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', ...parts });
  } catch (error) {
    throw new ConfigError(`The time zone ${zone} is unknown.`, {
      code: 'config_invalid',
      remedy: 'Correct timestamp_zone. It is the name of a time zone, such as Europe/Berlin, or UTC.',
      cause: error,
      details: { property: 'timestamp_zone' },
    });
  }
}

/** Seconds by which the local time is ahead of UTC. */
function offsetAt(clock: Intl.DateTimeFormat, seconds: number): number {
  const parts = new Map(clock.formatToParts(seconds * 1000).map(({ type, value }) => [type, Number(value)]));
  const [year = 0, month = 0, day = 0] = (['year', 'month', 'day'] as const).map((part) => parts.get(part));
  const [hours, minutes, rest] = (['hour', 'minute', 'second'] as const).map((part) => parts.get(part));
  return Date.UTC(year, month - 1, day, hours, minutes, rest) / 1000 - seconds;
}
