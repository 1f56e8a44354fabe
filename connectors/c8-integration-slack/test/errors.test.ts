import { isC8Error } from 'c8connector';
import { describe, expect, it } from 'vitest';
import { slackErrors } from '../c8_integration_slack/errors-table.ts';
import { SlackIntegration } from '../c8_integration_slack/index.ts';
import { onFakeClock } from './fake-clock.ts';
import { type Opened, openSlack, openWebhook } from './harness.ts';

const post = { text: 'hello' };

describe('A refusal', () => {
  it.each(Object.entries(slackErrors).filter(([, { kind }]) => ['login', 'access', 'refused'].includes(kind)))(
    'with %s fails at once with its remedy',
    async (slackCode, { remedy, kind }) => {
      await using opened = await openSlack();
      // Blocks that are refused would be posted as text, and there are none here.
      opened.server.failNext({}, { error: slackCode });
      const error = await opened.failure('postMessage', post);
      const codes: Record<string, string> = {
        login: 'login_refused',
        access: 'access_denied',
        refused: 'action_refused',
      };
      expect(error).toMatchObject({ code: codes[kind], remedy, isRetryable: false, details: { slackCode } });
      expect(String(error)).toContain(`Slack refused chat.postMessage: ${slackCode} (channel ${opened.channel}).`);
      expect(opened.server.requests).toHaveLength(1);
    },
  );

  it('with an unknown code shows the code', async () => {
    await using opened = await openSlack();
    opened.server.failNext({}, { error: 'brand_new_error' });
    const error = await opened.failure('postMessage', post);
    expect(error).toMatchObject({ name: 'DataError', code: 'action_refused' });
    expect(String(error)).toContain('brand_new_error');
  });

  it.each<[string, (opened: Opened) => void, object, string, string, string]>([
    [
      'an archived channel',
      ({ server, channel }) => server.archiveChannel(channel),
      {},
      'is_archived',
      'DataError',
      'channel',
    ],
    [
      'a channel that is gone',
      ({ server, channel }) => server.removeChannel(channel),
      {},
      'channel_not_found',
      'DataError',
      'channel',
    ],
    [
      'a revoked token',
      ({ server }) => server.revokeToken(server.token),
      {},
      'token_revoked',
      'ConnectionError',
      'token',
    ],
    ['a wrong token', () => undefined, { token: 'xoxb-wrong' }, 'invalid_auth', 'ConnectionError', 'token'],
  ])('because of %s names what is at fault', async (_, prepare, config, slackCode, name, property) => {
    await using opened = await openSlack(config);
    prepare(opened);
    expect(await opened.failure('postMessage', post)).toMatchObject({ name, details: { slackCode, property } });
  });

  it('because of a missing scope names the scope', async () => {
    await using opened = await openSlack();
    const token = opened.server.addToken({ scopes: ['chat:write'] });
    const error = await opened.failure('listUsers', {}, { config: { ...opened.config, token } });
    expect(error).toMatchObject({ code: 'access_denied', details: { property: 'token' } });
    expect(String(error)).toContain('missing_scope (needs users:read)');
  });

  it('of an app that is not in the channel names the channel', async () => {
    await using opened = await openSlack();
    const scopes = ['chat:write'];
    const token = opened.server.addToken({ scopes, appName: 'other' });
    const error = await opened.failure(
      'postMessage',
      { ...post, channel: '#general' },
      { config: { ...opened.config, token } },
    );
    expect(String(error)).toContain('Slack refused chat.postMessage: not_in_channel (channel #general).');
  });
});

describe('A webhook that is refused', () => {
  it.each([
    [400, 'invalid_payload', 'action_refused', 'blocks'],
    [400, 'user_not_found', 'action_refused', 'user'],
    [400, 'no_text', 'action_refused', 'text'],
    [403, 'invalid_token', 'login_refused', 'webhook_url'],
    [403, 'action_prohibited', 'access_denied', 'webhook_url'],
    [403, 'posting_to_general_channel_denied', 'access_denied', 'webhook_url'],
    [404, 'channel_not_found', 'action_refused', 'channel'],
    [404, 'no_service', 'login_refused', 'webhook_url'],
    [404, 'no_team', 'login_refused', 'webhook_url'],
    [404, 'team_disabled', 'login_refused', 'webhook_url'],
    [410, 'channel_is_archived', 'action_refused', 'channel'],
  ])('with %i %s fails at once with its remedy', async (status, body, code, property) => {
    await using opened = await openWebhook();
    opened.server.failNext({}, { status, body });
    const error = await opened.failure('postMessage', post);
    expect(error).toMatchObject({ code, remedy: slackErrors[body]?.remedy, details: { slackCode: body, property } });
    expect(String(error)).toContain(`Slack refused the post to the webhook: ${body}.`);
    expect(opened.server.requests).toHaveLength(1);
  });

  it('by something other than Slack is reported as such', async () => {
    await using opened = await openWebhook();
    opened.server.failNext({}, { status: 403, body: '<html>Proxy</html>' });
    const error = await opened.failure('postMessage', post);
    expect(error).toMatchObject({ name: 'ConnectionError', code: 'server_answer_invalid' });
    expect(String(error)).toContain('answered webhook with status 403 and an HTML page');
    expect(opened.server.requests).toHaveLength(1);
  });
});

describe('The way to Slack', () => {
  it.each([
    ['a host that is unknown', 'http://no-such-host.invalid/api/', 'host_unknown'],
    ['a port that fetch does not use', 'http://127.0.0.1:1/api/', 'connection_refused'],
  ])('to %s is reported as such', async (_, api_url, code) => {
    await using opened = await openSlack({ api_url });
    const error = await onFakeClock(() => opened.failure('listUsers'));
    expect(error).toMatchObject({ name: 'ConnectionError', code, details: { property: 'api_url' } });
  });

  it('that does not lead to Slack is reported as such', async () => {
    await using opened = await openSlack();
    const config = { ...opened.config, api_url: `${opened.server.url}/nothing/api/` };
    const error = await opened.failure('listUsers', {}, { config });
    expect(error).toMatchObject({ name: 'ConnectionError', code: 'server_answer_invalid' });
    expect(String(error)).toContain('answered users.list with status 404');
  });
});

describe('Secrets', () => {
  /** Everything that an error holds, the hidden parts and the causes too. */
  function allOf(error: unknown): string {
    if (typeof error !== 'object' || error === null) return String(error);
    const names = Object.getOwnPropertyNames(error);
    return names.map((name) => `${name}: ${allOf(Reflect.get(error, name))}`).join('\n');
  }

  const failures = [
    { error: 'invalid_auth' },
    { error: 'msg_too_long', details: { response_metadata: { messages: ['[ERROR] too long'] } } },
    { status: 500, body: 'broken' },
    { status: 400, body: 'invalid_payload' },
    { status: 302, headers: { location: 'http://127.0.0.1:1/elsewhere' } },
    { status: 200, body: '<html>' },
    { drop: 'request' },
  ] as const;

  it.each(failures)('are in no error and no log after %j', async (failure) => {
    await using withToken = await openSlack();
    await using withWebhook = await openWebhook();
    const token = String(withToken.config.token);
    const path = new URL(withWebhook.url).pathname;
    for (const [opened, secret] of [
      [withToken, token],
      [withWebhook, path],
    ] as const) {
      opened.server.failNext({}, failure, 9);
      const input = { text: 'hello', blocks: [{ type: 'divider' }] };
      const error = await onFakeClock(() => opened.failure('postMessage', input));
      expect(isC8Error(error)).toBe(true);
      expect(`${allOf(error)}\n${opened.logged.join('\n')}`).not.toContain(secret);
    }
  });

  it.each([
    ['token', 'xoxb-12345 67890'],
    ['token', 'xoxb-12345é67890'],
    ['webhook_url', 'https://user:xoxb-12345@hooks.slack.com/services/T1/B1/x'],
    ['webhook_url', 'hooks.slack.com/services/T1/xoxb-12345'],
  ])('of the wrong form are refused, and not shown: %s', async (property, value) => {
    const slack = new SlackIntegration();
    const error = await slack
      .call('postMessage', { [property]: value }, { text: 'a', channel: '#a' })
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'ConfigError', problems: [{ property }] });
    expect(allOf(error)).not.toContain('xoxb-12345');
  });
});
