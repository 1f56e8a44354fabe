import { ConfigError } from '../interface/errors.ts';
import type { Until } from '../interface/progress.ts';

/** The value of `--until` or `--follow`; undefined when neither is given. Throws a ConfigError `call_invalid` for anything except `now`, `forever` or seconds. */
export function parseUntil({
  until,
  follow = false,
}: {
  readonly until?: string | undefined;
  readonly follow?: boolean | undefined;
}): Until | undefined {
  if (until === undefined) return follow ? 'forever' : undefined;
  if (follow) throw invalid('--follow and --until do not go together: --follow is --until forever');
  if (until === 'now' || until === 'forever') return until;
  const seconds = /^\d+(\.\d+)?$/.test(until) ? Number(until) : Number.NaN;
  if (!(seconds > 0)) throw invalid(`--until ${until}: use now, forever, or a number of seconds`);
  return seconds;
}

function invalid(message: string): ConfigError {
  return new ConfigError(message, { code: 'call_invalid' });
}
