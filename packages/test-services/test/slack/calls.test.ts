import type { ConversationsListResponse, UsersListResponse } from '@slack/web-api';
import { expect, it } from 'vitest';
import { type SlackServer, startSlack } from '../../src/slack/server.ts';
import { beforeEachTest, call, connect, refusal } from './client.ts';

let server: SlackServer;
beforeEachTest((opened) => {
  ({ server } = opened);
});

it('returns the caller and its scopes', async () => {
  const token = server.addToken({ scopes: ['chat:write', 'users:read'] });
  const answer = await connect(server, token).auth.test();
  expect(answer).toMatchObject({ ok: true, user_id: server.app.userId, team_id: server.teamId });
  expect(answer.response_metadata?.scopes).toEqual(['chat:write', 'users:read']);
});

it('refuses a call without a token, with a wrong one, and with one that was revoked', async () => {
  const revoked = server.addToken();
  server.revokeToken(revoked);
  const inactive = server.addToken();
  server.revokeToken(inactive, 'account_inactive');
  expect((await call(server, 'auth.test', {})).json).toEqual({ ok: false, error: 'not_authed' });
  expect((await call(server, 'auth.test', {}, 'xoxb-wrong')).json.error).toBe('invalid_auth');
  expect((await call(server, 'auth.test', {}, revoked)).json.error).toBe('token_revoked');
  expect((await call(server, 'auth.test', {}, inactive)).json.error).toBe('account_inactive');
});

it('names the scope that is missing and those that are there', async () => {
  const token = server.addToken({ scopes: ['users:read', 'chat:write'] });
  const { json, headers } = await call(server, 'reactions.add', {}, token);
  expect(json).toEqual({
    ok: false,
    error: 'missing_scope',
    needed: 'reactions:write',
    provided: 'users:read,chat:write',
  });
  expect(headers.get('x-accepted-oauth-scopes')).toBe('reactions:write');
});

it('takes a form with its token as a field, and JSON inside it', async () => {
  const channel = server.addChannel();
  const blocks = JSON.stringify([{ type: 'divider' }]);
  const form = new URLSearchParams({ token: server.token, channel, text: 'a b+c', blocks });
  expect((await call(server, 'chat.postMessage', form)).json.ok).toBe(true);
  expect(server.messages(channel)).toMatchObject([{ text: 'a b+c', blocks: [{ type: 'divider' }] }]);
});

it('ignores JSON if a method accepts only forms', async () => {
  const user = server.addUser();
  const { json } = await call(server, 'users.info', { user }, server.token);
  expect(json).toMatchObject({ error: 'invalid_arguments', errors: ['missing required field: user'] });
  expect((await call(server, 'users.info', new URLSearchParams({ user }), server.token)).json.ok).toBe(true);
});

it('refuses bodies that it cannot read', async () => {
  const send = async (type: string, body: string, method = 'chat.postMessage') => {
    const headers = { 'content-type': type, authorization: `Bearer ${server.token}` };
    const response = await fetch(`${server.url}/api/${method}`, { method: 'POST', headers, body });
    return ((await response.json()) as { error: string }).error;
  };
  expect(await send('application/json', '{"a":')).toBe('invalid_json');
  expect(await send('application/json', '[]')).toBe('json_not_object');
  expect(await send('application/x-www-form-urlencoded', 'a=%zz')).toBe('invalid_form_data');
  expect(await send('multipart/form-data; boundary=x', 'nothing')).toBe('invalid_form_data');
  expect(await send('application/xml', '<a/>')).toBe('invalid_post_type');
  expect(await send('application/json', '{}', 'chat.shout')).toBe('unknown_method');
});

it('lists channels by type, page by page, with archived ones unless they are excluded', async () => {
  await using own = await startSlack();
  const client = connect(own);
  for (const name of ['a', 'b', 'c']) own.addChannel({ name });
  own.addChannel({ name: 'old', isArchived: true });
  own.addChannel({ name: 'secret', isPrivate: true });
  own.addChannel({ name: 'unseen', isPrivate: true, isMember: false });
  const names: unknown[] = [];
  const options = { limit: 2, types: 'public_channel,private_channel' };
  for await (const page of client.paginate('conversations.list', options)) {
    names.push((page as ConversationsListResponse).channels?.map(({ name }) => name));
  }
  expect(names).toEqual([['a', 'b'], ['c', 'old'], ['secret']]);
  const active = await client.conversations.list({ exclude_archived: true });
  expect(active.channels?.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
  expect(await refusal(client.conversations.list({ types: 'club' }))).toBe('invalid_types');
  const reader = connect(own, own.addToken({ scopes: ['channels:read'] }));
  expect(await refusal(reader.conversations.list({ types: 'private_channel' }))).toBe('missing_scope');
});

it('joins public channels and reports when it was a member already', async () => {
  const client = connect(server);
  const channel = server.addChannel({ isMember: false });
  expect((await client.conversations.info({ channel })).channel?.is_member).toBe(false);
  expect((await client.conversations.join({ channel })).warning).toBeUndefined();
  expect((await client.conversations.join({ channel })).warning).toBe('already_in_channel');
  expect((await client.conversations.info({ channel })).channel?.is_member).toBe(true);
});

it('finds people by id and by address, and shows addresses only with their scope', async () => {
  const client = connect(server);
  const id = server.addUser({ name: 'ada', email: 'Ada@Example.com' });
  server.addUser({ email: 'gone@example.com', isDeleted: true });
  expect((await client.users.lookupByEmail({ email: 'ada@example.com' })).user?.id).toBe(id);
  expect(await refusal(client.users.lookupByEmail({ email: 'gone@example.com' }))).toBe('users_not_found');
  expect(await refusal(client.users.info({ user: 'U0NOBODY' }))).toBe('user_not_found');
  const reader = connect(server, server.addToken({ scopes: ['users:read'] }));
  expect((await reader.users.info({ user: id })).user?.profile).not.toHaveProperty('email');
});

it('pages users until the cursor is empty', async () => {
  await using own = await startSlack();
  for (const name of ['a', 'b', 'c', 'd']) own.addUser({ name });
  const sizes: number[] = [];
  for await (const page of connect(own).paginate('users.list', { limit: 2 })) {
    sizes.push((page as UsersListResponse).members?.length ?? 0);
  }
  // The app's own bot is one of them.
  expect(sizes).toEqual([2, 2, 1]);
});

it('opens the direct message with a user once, and takes a user as the channel of a post alone', async () => {
  const user = server.addUser();
  const client = connect(server);
  const { channel } = await client.conversations.open({ users: user });
  const again = await client.conversations.open({ users: user });
  expect(again).toMatchObject({ channel: { id: channel?.id }, already_open: true });
  const posted = await client.chat.postMessage({ channel: user, text: 'hello' });
  expect(posted.channel).toBe(channel?.id);
  expect(await refusal(client.chat.delete({ channel: user, ts: posted.ts ?? '' }))).toBe('channel_not_found');
  expect(await refusal(client.conversations.history({ channel: channel?.id ?? '' }))).toBe('accepted');
  expect(await refusal(client.conversations.open({ users: 'U0NOBODY' }))).toBe('user_not_found');
  expect(await refusal(client.conversations.open({ users: server.app.userId }))).toBe('cannot_dm_bot');
});

it('requires a team_id with the token of an organization, for methods that act on one workspace', async () => {
  const client = connect(server, server.addToken({ isOrganization: true }));
  expect(await client.auth.test()).toMatchObject({ is_enterprise_install: true });
  for (const list of [client.conversations.list, client.users.list]) {
    expect(await refusal(list({}))).toBe('missing_argument');
    expect(await refusal(list({ team_id: 'T0OTHER' }))).toBe('team_access_not_granted');
    expect(await refusal(list({ team_id: server.teamId }))).toBe('accepted');
  }
});
