import { afterEach, expect, test, vi } from 'vitest';
import { createRunReducer, loadAlerts, parseAlerts, type RunView, sendAlerts } from '../../src/index.ts';
import { openHost } from '../open-host.ts';

afterEach(() => vi.useRealTimers());

const alert = { connector: 'c8-integration-board', config: { token: 'board-secret' }, action: 'say' };
const began = '2026-01-01T00:00:00.000Z';
const error = {
  name: 'ConnectionError',
  code: 'login_refused',
  message: 'no login',
  remedy: 'Log in.',
  exitCode: 3,
} as const;

function failedView(): RunView {
  const time = '2026-01-01T00:00:04.200Z';
  const reducer = createRunReducer('orders', began);
  reducer.end({ error, time, isStopped: false });
  return reducer.view();
}

const signal = new AbortController().signal;

test('an alert is sent once for a failure, according to the memory of the previous run', async () => {
  await using world = await openHost();
  const alerts = await loadAlerts(parseAlerts(alert, { name: 'orders' }), world.host);
  const view = failedView();
  const memory = await sendAlerts(alerts, { view, memory: {}, signal }, world.host);
  expect(world.said).toMatchObject([
    { text: 'orders failed after 4.2 s, 0 rows written\nlogin_refused: no login\nNext: Log in.' },
  ]);
  expect(memory).toEqual({ '0 c8-integration-board say': [{ stream: '', code: 'login_refused' }] });
  expect(await sendAlerts(alerts, { view, memory, signal }, world.host)).toEqual(memory);
  expect(world.said).toHaveLength(1);
});

test('the text of an alert contains no secret', async () => {
  await using world = await openHost();
  const input = { text: '{{error}}' };
  const alerts = await loadAlerts(parseAlerts({ ...alert, input }, { name: 'orders' }), world.host);
  world.host.conceal(['no login']);
  await sendAlerts(alerts, { view: failedView(), memory: {}, signal }, world.host);
  expect(world.said).toMatchObject([{ text: '[secret]' }]);
});

test('an integration that never answers is aborted after 30 s, and the failure is new in the next run', async () => {
  const warnings: unknown[] = [];
  await using world = await openHost({ warn: (message, details) => warnings.push([message, details?.message]) });
  const config = { ...alert.config, is_deaf: true };
  const alerts = await loadAlerts(parseAlerts({ ...alert, config }, { name: 'orders' }), world.host);
  vi.useFakeTimers();
  const sending = sendAlerts(alerts, { view: failedView(), memory: {}, signal }, world.host);
  await vi.waitFor(() => expect(vi.getTimerCount()).toBe(2));
  await vi.advanceTimersByTimeAsync(30_000);
  expect(await sending).toEqual({});
  expect(warnings).toEqual([['an alert was not sent', 'there was no answer in time']]);
});

test('an alert is aborted when its host is stopped', async () => {
  const warnings: unknown[] = [];
  await using world = await openHost({ warn: (message) => warnings.push(message) });
  const config = { ...alert.config, is_deaf: true };
  const alerts = await loadAlerts(parseAlerts({ ...alert, config }, { name: 'orders' }), world.host);
  const stopped = AbortSignal.abort(new Error('stopped'));
  expect(await sendAlerts(alerts, { view: failedView(), memory: {}, signal: stopped }, world.host)).toEqual({});
  expect(warnings).toEqual(['an alert was not sent']);
});
