import { SlackError } from './slack-error.ts';

/** Returns `ts` values such as `1712345678.000100`, each greater than all before it; `clock` is in milliseconds. */
export function createTimestamps(clock: () => number): () => string {
  let last = 0;
  return () => {
    last = Math.max(Math.floor(clock() * 1000), last + 100);
    return `${Math.floor(last / 1e6)}.${String(last % 1e6).padStart(6, '0')}`;
  };
}

/** Microseconds since 1970; `code` is the error for a text that is not a timestamp. */
export function microseconds(ts: string, code: string): number {
  const [, seconds, fraction = ''] = /^(\d{1,10})(?:\.(\d{0,6}))?$/.exec(ts) ?? [];
  if (seconds === undefined) throw new SlackError(code);
  return Number(seconds) * 1e6 + Number(fraction.padEnd(6, '0'));
}
