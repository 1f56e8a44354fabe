import { describe, expect, it } from 'vitest';
import { openSlack } from './harness.ts';

describe('The token of an organization', () => {
  const lists = ['listChannels', 'listUsers'];

  it.each(lists)('lists one workspace by team_id: %s', async (action) => {
    await using opened = await openSlack();
    const token = opened.server.addToken({ isOrganization: true });
    const config = { ...opened.config, token, team_id: opened.server.teamId };
    await expect(opened.call(action, {}, { config })).resolves.toBeDefined();
    const error = await opened.failure(action, {}, { config: { ...config, team_id: undefined } });
    expect(error).toMatchObject({ name: 'DataError', details: { property: 'team_id' } });
    expect(String(error)).toContain('team_id');
    const other = await opened.failure(action, {}, { config: { ...config, team_id: 'T0000OTHER' } });
    expect(other).toMatchObject({ code: 'access_denied', details: { property: 'team_id' } });
  });

  it('needs team_id, and the validation reports that', async () => {
    await using opened = await openSlack();
    const config = { ...opened.config, token: opened.server.addToken({ isOrganization: true }) };
    const { steps } = await opened.slack.validate(config);
    expect(steps.find(({ id }) => id === 'login')).toMatchObject({
      status: 'warning',
      remedy: expect.stringContaining('team_id'),
    });
    const whole = await opened.slack.validate({ ...config, team_id: opened.server.teamId, channel: '#general' });
    expect(whole.steps.map(({ status }) => status)).not.toContain('warning');
  });

  it('is not needed with other tokens, which ignore it', async () => {
    await using opened = await openSlack({ team_id: 'T0000OTHER' });
    for (const action of lists) await expect(opened.call(action)).resolves.toBeDefined();
  });
});
