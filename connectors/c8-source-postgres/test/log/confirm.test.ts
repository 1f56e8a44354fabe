import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { reportPositions } from '../../c8_source_postgres/log/confirm.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A log whose last bytes came this many milliseconds ago, in fake time. */
function silentLog() {
  const began = performance.now();
  const errors: Error[] = [];
  const sent: Buffer[] = [];
  return {
    errors,
    sent,
    copy: {
      send: (message: Buffer) => void sent.push(message),
      silence: () => performance.now() - began,
      fail: (error: Error) => void errors.push(error),
    },
  };
}

test('the connection to a server that sends nothing for two minutes, though a reply is requested every second, is closed', async () => {
  const { copy, errors, sent } = silentLog();
  using _ = reportPositions(copy, async () => undefined, { confirmed: 0n, received: () => 0n });
  await vi.advanceTimersByTimeAsync(119_000);
  expect([errors, sent.length]).toEqual([[], 120]);
  await vi.advanceTimersByTimeAsync(2000);
  expect(errors[0]).toMatchObject({ code: 'connection_lost', isRetryable: true });
});

test('the confirmed position never goes back, and nothing is confirmed while the durable position is unknown', async () => {
  const { copy, sent } = silentLog();
  const durable = [undefined, { a: { lsn: 50 } }, { a: { lsn: 200 }, b: { lsn: 150 } }, { a: { lsn: '?' } }];
  using _ = reportPositions(copy, async () => durable.shift(), { confirmed: 100n, received: () => 300n });
  await vi.advanceTimersByTimeAsync(3000);
  expect(sent.map((message) => message.readBigUInt64BE(14))).toEqual([100n, 100n, 150n, 150n]);
});
