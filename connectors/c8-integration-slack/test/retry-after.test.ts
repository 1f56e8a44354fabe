import { describe, expect, it } from 'vitest';
import { onFakeClock } from './fake-clock.ts';
import { openSlack } from './harness.ts';

describe('A ratelimited with status 200', () => {
  it.each([
    ['seconds', '7', 7000],
    ['a date of HTTP', () => new Date(Date.now() + 7000).toUTCString(), 6000],
    ['nothing', undefined, 30_000],
    ['what is not a time', 'soon', 30_000],
    ['a negative number', '-7', 30_000],
    ['no time at all', '0', 1000],
    ['a time that is over', 'Tue, 14 Nov 2023 22:13:20 GMT', 1000],
    ['a year', '31536000', 300_000],
    ['a number that is too large', '9'.repeat(400), 300_000],
  ])('is waited for as long as its Retry-After says: %s', async (_, header, milliseconds) => {
    await using opened = await openSlack();
    for (const [action, method] of [
      ['postMessage', 'chat.postMessage'],
      ['listUsers', 'users.list'],
    ] as const) {
      const value = typeof header === 'function' ? header() : header;
      const headers: Record<string, string> = value === undefined ? {} : { 'retry-after': value };
      opened.server.failNext({ method }, { status: 200, body: { ok: false, error: 'ratelimited' }, headers });
      await onFakeClock(() => opened.call(action, action === 'postMessage' ? { text: 'once' } : {}));
      const [first, second] = opened.server.requests.filter((request) => request.method === method);
      const waited = (second?.at ?? 0) - (first?.at ?? 0);
      expect(waited).toBeGreaterThanOrEqual(milliseconds);
      expect(waited).toBeLessThan(milliseconds + 3000);
    }
    expect(opened.server.messages(opened.channel)).toHaveLength(1);
  });
});
