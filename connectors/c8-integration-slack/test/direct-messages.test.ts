import { describe, expect, it } from 'vitest';
import { type Opened, openSlack } from './harness.ts';

/** A server with the direct message of a user, and a message of the app in it. */
async function openDirect(config: object = {}) {
  const opened = await openSlack(config);
  const user = opened.server.addUser({ name: 'ann' });
  const posted = (await opened.call('postMessage', { channel: user, text: 'hello' })) as {
    channel: string;
    ts: string;
  };
  return { opened, user, channel: posted.channel, ts: posted.ts };
}

const actions: readonly [action: string, input: (ts: string) => object, scope: string][] = [
  ['postMessage', () => ({ text: 'a' }), 'chat:write'],
  ['postMessage', (ts) => ({ text: 'a', thread_ts: ts }), 'chat:write'],
  ['updateMessage', (ts) => ({ ts, text: 'changed' }), 'chat:write'],
  ['deleteMessage', (ts) => ({ ts }), 'chat:write'],
  ['uploadFile', () => ({ content: 'a', filename: 'a.txt' }), 'files:write'],
  ['addReaction', (ts) => ({ ts, name: 'tada' }), 'reactions:write'],
  ['readMessages', () => ({}), 'im:history'],
];

describe('The id of a user as channel', () => {
  it.each(actions)('is the direct message with that user for %s', async (action, inputOf) => {
    const { opened, user, channel, ts } = await openDirect();
    await using _ = opened;
    expect(await opened.call(action, { channel: user, ...inputOf(ts) })).toMatchObject({ channel });
    expect(opened.server.requests.every(({ error }) => error === undefined)).toBe(true);
  });

  it.each(actions)('may be in the config for %s', async (action, inputOf) => {
    const { opened, user, channel, ts } = await openDirect();
    await using _ = opened;
    const config = { ...opened.config, channel: user };
    expect(await opened.call(action, inputOf(ts), { config })).toMatchObject({ channel });
  });

  it('opens the direct message when there is none yet', async () => {
    await using opened = await openSlack();
    const user = opened.server.addUser();
    expect(await opened.call('readMessages', { channel: user })).toMatchObject({ messages: [] });
  });

  it.each(actions.filter(([action]) => action !== 'postMessage'))(
    'names the scope that %s needs for it',
    async (action, inputOf, scope) => {
      const { opened, user, ts } = await openDirect();
      await using _ = opened;
      const config = { ...opened.config, token: opened.server.addToken({ scopes: [scope] }) };
      const error = await opened.failure(action, { channel: user, ...inputOf(ts) }, { config });
      expect(error).toMatchObject({ code: 'access_denied', details: { slackCode: 'missing_scope', channel: user } });
      expect(String(error)).toContain('im:write');
    },
  );

  it.each([
    ['of nobody', () => 'U0000NOBODY', 'user_not_found'],
    ['of somebody who is gone', ({ server }: Opened) => server.addUser({ isDeleted: true }), 'user_disabled'],
    ['of an app', ({ server }: Opened) => server.app.userId, 'cannot_dm_bot'],
  ])('%s is refused, with what to do', async (_, userOf, slackCode) => {
    await using opened = await openSlack();
    const error = await opened.failure('uploadFile', { channel: userOf(opened), content: 'a', filename: 'a.txt' });
    expect(error).toMatchObject({ code: 'action_refused', details: { slackCode } });
    expect(opened.server.files).toEqual([]);
  });

  it('causes no request when the rest of the input is invalid', async () => {
    await using opened = await openSlack();
    const channel = opened.server.addUser();
    for (const [action, input] of [
      ['uploadFile', { content: 'a', encoding: 'base64', filename: 'a.txt' }],
      ['updateMessage', { ts: '1.1' }],
      ['readMessages', { oldest: 'yesterday' }],
    ] as const)
      expect(await opened.failure(action, { channel, ...input })).toMatchObject({ code: 'input_invalid' });
    expect(opened.server.requests).toEqual([]);
  });
});
