/** Check 115, which a source and a target each have a way of their own to pass. */
export const sameAfterFailure = {
  number: 115,
  title: 'after a failed call, a connector does the next call as if nothing had happened',
  where:
    'what the connector keeps of a failed call: a rejected promise, a closed client, a half-read page. A run retries with the same connector',
} as const;
