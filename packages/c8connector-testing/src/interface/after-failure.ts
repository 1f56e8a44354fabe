/** Check 115, which is implemented separately for a source and a target. */
export const sameAfterFailure = {
  number: 115,
  title: 'after a failed call, a connector does the next call as if nothing had happened',
  where:
    'what the connector keeps of a failed call: a rejected promise, a closed client, a half-read page. A run retries with the same connector',
} as const;
