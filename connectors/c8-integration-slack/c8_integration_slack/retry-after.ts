/** The longest that one Retry-After is waited for, in milliseconds, whatever Slack asks for. */
export const longestRetryAfter = 300_000;

/** Milliseconds of a Retry-After header: seconds or an HTTP date, at most {@link longestRetryAfter}. Undefined when it says nothing that can be read. */
export function retryAfterOf(header: string | null): number | undefined {
  const text = header?.trim() ?? '';
  if (text === '') return undefined;
  const wanted = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return Number.isNaN(wanted) ? undefined : Math.min(longestRetryAfter, Math.max(0, Math.ceil(wanted)));
}
