import { expect, test } from 'vitest';
import { loadAlerts, parseAlerts } from '../../src/index.ts';
import { openHost } from '../open-host.ts';

const alert = { connector: 'c8-integration-board', config: { token: 'quite-secret-token' }, action: 'say' };

test('by default, an alert is for failures and has the whole message', async () => {
  await using world = await openHost();
  const rejected = { event: 'rejected', input: { room: 'rows' } };
  const several = { alerts: [alert, { ...alert, input: { text: '{{code}}' }, on: ['success', rejected] }] };
  expect(await loadAlerts(parseAlerts(several, { name: 'orders' }), world.host)).toMatchObject([
    { id: '0 c8-integration-board say', action: 'say', inputs: { failure: { text: '{{summary}}' } } },
    {
      id: '1 c8-integration-board say',
      inputs: { success: { text: '{{code}}' }, rejected: { text: '{{code}}', room: 'rows' } },
    },
  ]);
});

test.each([
  [7, ['alerts: give { connector: NAME']],
  [
    { conector: 'a' },
    ["conector: unknown key; did you mean 'connector'?", 'connector: is missing', 'action: is missing'],
  ],
  [{ ...alert, on: ['failed', 'success', 'success'] }, ['on[0]: must be one of failure,', "'success' is listed more"]],
  [{ alerts: [7] }, ['alerts[0]: give { connector: NAME']],
  [{ alerts: [] }, ['alerts: must be a list of alerts']],
  [
    { ...alert, connector: 'c8-source-lists' },
    ["alert: 'c8-source-lists' is a source: only an integration can send alerts"],
  ],
  [
    { alerts: [alert, { ...alert, action: 'sya' }] },
    ["alerts[1]: c8-integration-board has no action 'sya'; did you mean"],
  ],
  [{ ...alert, input: { text: '{{strem}}' } }, ["alert: {{strem}}: an alert has no 'strem'; did you mean 'stream'?"]],
  [{ ...alert, input: { times: 0 } }, ['alert: the input of say has a problem:', 'times: 0 is out of bounds']],
  [{ ...alert, config: {} }, ['alert: the config has a problem: token: is mandatory']],
])('invalid alerts are refused with the problem: %j', async (value, said) => {
  await using world = await openHost();
  const error: unknown = await (async () => loadAlerts(parseAlerts(value, { name: 'orders' }), world.host))().catch(
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({ name: 'ConfigError', exitCode: 2 });
  for (const text of said) expect(String(error)).toContain(text);
});
