import type { WebClient } from '@slack/web-api';
import { expect, it } from 'vitest';
import type { SlackServer } from '../../src/slack/server.ts';
import { beforeEachTest, call, connect, refusal } from './client.ts';

let server: SlackServer;
let client: WebClient;
let channel: string;
beforeEachTest((opened) => {
  ({ server, client, channel } = opened);
});

async function post(text: string, rest: object = {}): Promise<string> {
  const { ts } = await client.chat.postMessage({ channel, text, ...rest });
  return ts ?? '';
}

function section(text: string): { type: 'section'; text: { type: 'mrkdwn'; text: string } } {
  return { type: 'section', text: { type: 'mrkdwn', text } };
}

it('stores a message as it was sent, with its author and its own ts', async () => {
  const answer = await client.chat.postMessage({ channel, text: 'a &amp; b &lt;c&gt; 😀', unfurl_links: false });
  expect(answer).toMatchObject({ ok: true, channel, message: { text: 'a &amp; b &lt;c&gt; 😀', type: 'message' } });
  const [message] = server.messages(channel);
  expect(message).toMatchObject({ text: 'a &amp; b &lt;c&gt; 😀', ts: answer.ts, unfurl_links: false });
  expect(message).toMatchObject({ bot_id: server.app.botId, app_id: server.app.appId, username: server.app.name });
});

it('assigns every message a greater ts, however fast they come', async () => {
  const timestamps = [];
  for (let index = 0; index < 20; index += 1) timestamps.push(await post(`${index}`));
  expect(timestamps.every((ts) => /^\d{10}\.\d{6}$/.test(ts))).toBe(true);
  expect(new Set(timestamps).size).toBe(20);
  expect([...timestamps].sort()).toEqual(timestamps);
});

it('takes a channel by name', async () => {
  const id = server.addChannel({ name: 'general' });
  await client.chat.postMessage({ channel: '#general', text: 'hello' });
  expect(server.messages(id)).toHaveLength(1);
});

it('refuses a channel that it does not know, is not in, or that is archived', async () => {
  const postIn = (id: string) => refusal(client.chat.postMessage({ channel: id, text: 'x' }));
  const outsider = connect(server, server.addToken({ scopes: ['chat:write'] }));
  const elsewhere = server.addChannel({ isMember: false });
  expect(await postIn('C0NOWHERE')).toBe('channel_not_found');
  expect(await postIn(server.addChannel({ isArchived: true }))).toBe('is_archived');
  expect(await postIn(server.addChannel({ isPrivate: true, isMember: false }))).toBe('channel_not_found');
  expect(await refusal(outsider.chat.postMessage({ channel: elsewhere, text: 'x' }))).toBe('not_in_channel');
});

it('posts into a public channel without being in it when chat:write.public allows it', async () => {
  const elsewhere = server.addChannel({ isMember: false });
  const scopes = ['chat:write', 'chat:write.public'];
  const guest = connect(server, server.addToken({ scopes }));
  expect(await refusal(guest.chat.postMessage({ channel: elsewhere, text: 'x' }))).toBe('accepted');
});

it('refuses no text, and more than 40,000 characters of it', async () => {
  expect(await refusal(post(''))).toBe('no_text');
  expect(await refusal(post('😀'.repeat(40_000)))).toBe('accepted');
  expect(await refusal(post('x'.repeat(40_001)))).toBe('msg_too_long');
});

it('reports which block breaks which limit', async () => {
  const { json } = await call(
    server,
    'chat.postMessage',
    { channel, blocks: [section('x'.repeat(3001))] },
    server.token,
  );
  expect(json).toMatchObject({ ok: false, error: 'invalid_blocks' });
  expect(json.response_metadata).toEqual({
    messages: ['[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]'],
  });
});

it('holds blocks to the documented limits', async () => {
  const text = (length: number) => ({ type: 'plain_text', text: 'x'.repeat(length) });
  const send = (...blocks: object[]) => refusal(post('fallback', { blocks }));
  expect(await send(section('😀'.repeat(3000)))).toBe('accepted');
  expect(await send(section(' '))).toBe('invalid_blocks');
  expect(await send({ type: 'header', text: text(150) })).toBe('accepted');
  expect(await send({ type: 'header', text: text(151) })).toBe('invalid_blocks');
  expect(await send({ type: 'section', fields: [text(2000)] })).toBe('accepted');
  expect(await send({ type: 'section', fields: [text(2001)] })).toBe('invalid_blocks');
  expect(await send({ type: 'section', fields: Array(11).fill(text(1)) })).toBe('invalid_blocks');
  expect(await send({ type: 'context', elements: Array(10).fill(text(1)) })).toBe('accepted');
  expect(await send({ type: 'context', elements: Array(11).fill(text(1)) })).toBe('invalid_blocks');
  expect(await send({ type: 'section' })).toBe('invalid_blocks');
  expect(await send({ type: 'paragraph' })).toBe('invalid_blocks');
  expect(await send({ ...section('a'), block_id: 'b' }, { ...section('c'), block_id: 'b' })).toBe('invalid_blocks');
  expect(await refusal(post('fallback', { blocks: '{"type":' }))).toBe('invalid_blocks_format');
});

it('takes 50 blocks and refuses 51', async () => {
  expect(await refusal(post('fallback', { blocks: Array(50).fill(section('a')) }))).toBe('accepted');
  const { json } = await call(
    server,
    'chat.postMessage',
    { channel, blocks: Array(51).fill(section('a')) },
    server.token,
  );
  expect(json.errors).toEqual(['no more than 50 items allowed [json-pointer:/blocks]']);
});

it('refuses blocks that are too long together', async () => {
  const blocks = Array(4).fill(section('x'.repeat(3000)));
  expect(await refusal(post('fallback', { blocks }))).toBe('accepted');
  expect(await refusal(post('fallback', { blocks: [...blocks, section('x'.repeat(1201))] }))).toBe(
    'msg_blocks_too_long',
  );
});

it('counts the replies of a thread in its parent', async () => {
  const parent = await post('parent');
  await post('first', { thread_ts: parent });
  const second = await post('second', { thread_ts: parent });
  expect(server.messages(channel)).toMatchObject([
    { ts: parent, thread_ts: parent, reply_count: 2, latest_reply: second, reply_users: [server.app.userId] },
    { text: 'first', thread_ts: parent, parent_user_id: server.app.userId },
    { text: 'second', thread_ts: parent },
  ]);
  expect(await refusal(post('x', { thread_ts: '1500000000.000000' }))).toBe('thread_not_found');
});

it('returns metadata and refuses values that do not have its shape', async () => {
  const metadata = { event_type: 'signed_up', event_payload: { id: 1 } };
  await post('with', { metadata });
  expect(server.messages(channel)[0]?.metadata).toEqual(metadata);
  expect(await refusal(post('x', { metadata: { event_type: 'a' } }))).toBe('invalid_metadata_format');
});

it('needs chat:write.customize for another name', async () => {
  const plain = connect(server, server.addToken({ scopes: ['chat:write'] }));
  expect(await refusal(plain.chat.postMessage({ channel, text: 'x', username: 'Robin' }))).toBe('missing_scope');
  await post('x', { username: 'Robin' });
  expect(server.messages(channel)).toMatchObject([{ username: 'Robin', subtype: 'bot_message' }]);
});

it('updates own messages up to 4,000 characters', async () => {
  const ts = await post('before', { blocks: [section('before')] });
  const update = (text: string, at = ts) => refusal(client.chat.update({ channel, ts: at, text }));
  expect(await update('after')).toBe('accepted');
  const [message] = server.messages(channel);
  expect(message).toMatchObject({ text: 'after', ts, edited: { user: server.app.userId } });
  expect(message).not.toHaveProperty('blocks');
  expect(await update('x'.repeat(4001))).toBe('msg_too_long');
  expect(await update('x', '1500000000.000000')).toBe('message_not_found');
  expect(await update('x', server.post(channel, 'theirs', { user: 'U1' }).ts)).toBe('cant_update_message');
});

it('deletes own messages, and leaves a tombstone of a parent', async () => {
  const parent = await post('parent');
  const reply = await post('reply', { thread_ts: parent });
  const remove = (ts: string) => refusal(client.chat.delete({ channel, ts }));
  expect(await remove(parent)).toBe('accepted');
  expect(server.messages(channel)).toMatchObject([{ subtype: 'tombstone', ts: parent, reply_count: 1 }, { ts: reply }]);
  expect(await remove(reply)).toBe('accepted');
  expect(await remove(reply)).toBe('message_not_found');
  expect(await remove(server.post(channel, 'theirs', { user: 'U1' }).ts)).toBe('cant_delete_message');
});

it('keeps one reaction of a name from each app', async () => {
  const timestamp = await post('x');
  const react = (name: string, by = client) => refusal(by.reactions.add({ channel, timestamp, name }));
  expect(await react('thumbsup')).toBe('accepted');
  expect(await react('thumbsup')).toBe('already_reacted');
  expect(await react('not a name')).toBe('invalid_name');
  const other = connect(server, server.addToken({ appName: 'other' }));
  await other.conversations.join({ channel });
  expect(await react('thumbsup', other)).toBe('accepted');
  expect(server.messages(channel)[0]?.reactions).toMatchObject([{ name: 'thumbsup', count: 2 }]);
});
