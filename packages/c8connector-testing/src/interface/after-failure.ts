/** Check 115, which a source and a target each have a way of their own to pass. */
export const sameAfterFailure = {
  number: 115,
  title: 'a connector of which a call failed does the next one as if nothing had happened',
  where:
    'what the connector keeps of a call that failed: a promise that was rejected, a client that is closed, a page that was read in half. A run tries again with the same connector',
} as const;
