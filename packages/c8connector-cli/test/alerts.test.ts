import { createStop, type Log, silentLog } from 'c8connector';
import { type Connection, openAlerts } from 'c8connector-host';
import { afterEach, expect, test, vi } from 'vitest';
import type { Session } from '../src/session.ts';
import { type Folder, openFolder } from './program.ts';

afterEach(() => vi.useRealTimers());

const alert = { connector: './integration.mjs', config: { token: 'quite-secret-token' }, action: 'say' };

async function open(folder: Folder, file: object, log: Log = silentLog) {
  await folder.write('alert.json', file);
  const session: Session = {
    folder: folder.path,
    isDebug: false,
    stop: createStop(),
    log,
    print: async () => undefined,
    say: () => undefined,
    sayThrough: () => undefined,
    conceal: () => undefined,
    mask: (text) => text,
  };
  const end = { connector: '', config: {} };
  const connection: Connection = { file: `${folder.path}/copy.yaml`, source: end, target: end, state: '' };
  return await openAlerts('alert.json', connection, session);
}

test('an integration that never answers is given up after 30 s', async () => {
  await using folder = await openFolder();
  const warnings: unknown[] = [];
  const warn: Log['warn'] = (message, details) => warnings.push([message, details?.message]);
  const config = { ...alert.config, fails: 'deaf' };
  const alerts = await open(folder, { ...alert, config }, { ...silentLog, warn });
  vi.useFakeTimers();
  const sending = alerts.send(new Error('it broke'));
  // The memory is read from a real file first.
  await vi.waitFor(() => expect(vi.getTimerCount()).toBe(2));
  await vi.advanceTimersByTimeAsync(30_000);
  await sending;
  expect(warnings).toEqual([['an alert was not sent', 'there was no answer in time']]);
  await expect(folder.read('copy.yaml.alerts.json')).rejects.toThrow();
});

test.each([
  [
    { conector: 'a' },
    ["conector: unknown key; did you mean 'connector'?", 'connector: is missing', 'action: is missing'],
  ],
  [
    { ...alert, on: ['failed', 'success', 'success'] },
    ['on[0]: must be one of failure,', "'success' stands there more"],
  ],
  [{ alerts: [7] }, ['alerts[0]: give { connector: NAME']],
  [{ ...alert, connector: './source.mjs' }, ["alert: './source.mjs' is a source: only an integration can send alerts"]],
  [
    { alerts: [alert, { ...alert, action: 'sya' }] },
    ["alerts[1]: c8-integration-board has no action 'sya'; did you mean"],
  ],
  [{ ...alert, input: { text: '{{strem}}' } }, ["alert: {{strem}}: an alert has no 'strem'; did you mean 'stream'?"]],
  [{ ...alert, input: { times: 0 } }, ['alert: the input of say is wrong:', 'times: 0 is out of bounds']],
  [{ ...alert, config: {} }, ['alert: the config has a problem: token: is mandatory']],
])('a file of alerts is refused with what is wrong with it: %j', async (file, said) => {
  await using folder = await openFolder();
  const error: unknown = await open(folder, file).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ name: 'ConfigError', exitCode: 2 });
  for (const text of said) expect(String(error)).toContain(text);
});
