import { describe, expect, it } from 'vitest';
import { SlackIntegration } from '../c8_integration_slack/index.ts';
import { scopes } from '../c8_integration_slack/scopes.ts';
import { openSlack, openWebhook } from './harness.ts';

const validate = (config: unknown) => new SlackIntegration().validate(config);
const failure = (config: unknown) =>
  validate(config).then(
    () => undefined,
    (error: unknown) => error,
  );

describe('Validation', () => {
  it('passes, and posts nothing', async () => {
    await using opened = await openSlack();
    const report = await validate(opened.config);
    const steps = report.steps.map(({ id, status }) => `${id} ${status}`);
    expect(steps).toEqual(['config passed', 'credentials passed', 'login passed', 'scopes passed', 'channel passed']);
    expect(opened.server.requests.map(({ method }) => method)).toEqual(['auth.test', 'conversations.info']);
  });

  it('finds a channel by its name, and returns its id', async () => {
    await using opened = await openSlack();
    const secret = opened.server.addChannel({ name: 'secret', isPrivate: true });
    const report = await validate({ ...opened.config, channel: '#secret' });
    expect(report.steps.at(-1)?.message).toContain(secret);
  });

  it.each([
    ['a wrong token', { token: 'xoxb-wrong' }, 'login', 'login_refused', 'token'],
    ['an unknown channel', { channel: 'C0000000000' }, 'channel', 'action_refused', 'channel'],
    ['an unknown name', { channel: '#nowhere' }, 'channel', 'config_invalid', 'channel'],
    ['a wrong address', { api_url: 'https://slack.com' }, 'credentials', 'config_invalid', 'api_url'],
  ])('fails for %s', async (_, wrong, id, code, property) => {
    await using opened = await openSlack(wrong);
    const error = await failure(opened.config);
    expect(error).toMatchObject({ name: 'ValidationError', code });
    const step = (error as { report: { steps: unknown[] } }).report.steps.at(-1);
    expect(step).toMatchObject({ id, status: 'failed', property });
  });

  it('fails for an archived channel, and for one that the app is not in', async () => {
    await using opened = await openSlack();
    const archived = opened.server.addChannel({ isArchived: true });
    const foreign = opened.server.addChannel({ isMember: false });
    const token = opened.server.addToken({ scopes: Object.values(scopes).flatMap(({ needed }) => needed) });
    expect(String(await failure({ ...opened.config, channel: archived }))).toContain('is archived');
    expect(String(await failure({ ...opened.config, token, channel: foreign }))).toContain('is not in');
    const report = await validate({ ...opened.config, channel: foreign });
    expect(report.steps.at(-1)).toMatchObject({ id: 'channel', status: 'passed' });
  });

  it('fails without chat:write, and warns of the actions whose scopes are missing', async () => {
    await using opened = await openSlack();
    const readOnly = opened.server.addToken({ scopes: ['users:read'] });
    const error = await failure({ ...opened.config, token: readOnly });
    expect(error).toMatchObject({ code: 'access_denied' });
    expect(String(error)).toContain('chat:write (postMessage, updateMessage, deleteMessage)');
    const postOnly = opened.server.addToken({ scopes: ['chat:write'] });
    const report = await validate({ ...opened.config, token: postOnly });
    expect(report.ok).toBe(true);
    expect(report.steps.find(({ id }) => id === 'scopes')).toMatchObject({
      status: 'warning',
      message: expect.stringContaining('reactions:write (addReaction)'),
    });
    expect(report.steps.at(-1)).toMatchObject({ id: 'channel', status: 'warning' });
  });

  it('names both ways to log in when neither is given', async () => {
    const error = await failure({});
    expect(error).toMatchObject({ cause: { problems: [{ property: 'token' }, { property: 'webhook_url' }] } });
  });

  it('checks only the form of a webhook, and reports that', async () => {
    await using opened = await openWebhook();
    const report = await validate(opened.config);
    expect(report.steps.at(-1)?.message).toContain('not called');
    expect(opened.server.requests).toEqual([]);
    expect(await failure({ webhook_url: 'https://example.com/' })).toMatchObject({ code: 'config_invalid' });
  });

  it('warns of a channel that a webhook does not use', async () => {
    await using opened = await openWebhook({ channel: '#general' });
    expect((await validate(opened.config)).steps.at(-1)).toMatchObject({ status: 'warning' });
  });
});
