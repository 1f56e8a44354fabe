import type { ConversationsRepliesResponse, WebClient } from '@slack/web-api';
import { expect, it } from 'vitest';
import type { SlackServer } from '../../src/slack/server.ts';
import { beforeEachTest, connect, refusal } from './client.ts';

let server: SlackServer;
let client: WebClient;
let channel: string;
beforeEachTest((opened) => {
  ({ server, client, channel } = opened);
});

function fill(count: number): string[] {
  return Array.from({ length: count }, (_, index) => server.post(channel, `message ${index + 1}`).ts);
}

async function texts(rest: object = {}): Promise<unknown> {
  const { messages = [] } = await client.conversations.history({ channel, ...rest });
  return messages.map(({ text }) => text);
}

it('returns 100 messages a page, newest first, until the cursor is empty', async () => {
  fill(250);
  const sizes: number[] = [];
  const seen: unknown[] = [];
  let cursor: string | undefined;
  do {
    const page = await client.conversations.history({ channel, ...(cursor && { cursor }) });
    sizes.push(page.messages?.length ?? 0);
    seen.push(...(page.messages ?? []).map(({ text }) => text));
    cursor = page.response_metadata?.next_cursor;
    expect(page.has_more).toBe(cursor !== '');
  } while (cursor);
  expect(sizes).toEqual([100, 100, 50]);
  expect(cursor).toBe('');
  expect(seen).toEqual(Array.from({ length: 250 }, (_, index) => `message ${250 - index}`));
});

it('shows no message twice and leaves none out when new ones come between two pages', async () => {
  fill(4);
  const first = await client.conversations.history({ channel, limit: 2 });
  fill(3);
  const cursor = first.response_metadata?.next_cursor ?? '';
  expect(await texts({ limit: 2, cursor })).toEqual(['message 2', 'message 1']);
});

it('refuses a cursor that it never gave, and a limit beyond 999', async () => {
  fill(1);
  expect(await refusal(client.conversations.history({ channel, cursor: 'abc' }))).toBe('invalid_cursor');
  expect(await refusal(client.conversations.history({ channel, limit: 1000 }))).toBe('invalid_arguments');
});

it('leaves the ends of a range out unless it is inclusive', async () => {
  const [, oldest, , latest] = fill(5);
  expect(await texts({ oldest, latest })).toEqual(['message 3']);
  expect(await texts({ oldest, latest, inclusive: true })).toEqual(['message 4', 'message 3', 'message 2']);
  expect(await texts({ latest: oldest })).toEqual(['message 1']);
  expect(await refusal(client.conversations.history({ channel, oldest: 'monday' }))).toBe('invalid_ts_oldest');
});

it('sorts messages of the past by their time', async () => {
  server.post(channel, 'today');
  server.post(channel, 'long ago', { ts: '1500000000.000100' });
  expect(await texts()).toEqual(['today', 'long ago']);
});

it('keeps replies out of the history, except those that were broadcast', async () => {
  const { ts } = server.post(channel, 'parent');
  server.post(channel, 'quiet', { thread_ts: ts });
  await client.chat.postMessage({ channel, text: 'loud', thread_ts: ts, reply_broadcast: true });
  const { messages } = await client.conversations.history({ channel });
  expect(messages).toMatchObject([
    { text: 'loud', subtype: 'thread_broadcast', root: { text: 'parent' } },
    { text: 'parent', reply_count: 2 },
  ]);
});

it('pages a thread with its parent first', async () => {
  const { ts } = server.post(channel, 'parent');
  for (const text of ['one', 'two', 'three']) server.post(channel, text, { thread_ts: ts });
  const pages = [];
  for await (const page of client.paginate('conversations.replies', { channel, ts, limit: 2 })) {
    pages.push((page as ConversationsRepliesResponse).messages?.map(({ text }) => text));
  }
  expect(pages).toEqual([
    ['parent', 'one'],
    ['two', 'three'],
  ]);
});

it('returns a message without replies as its own thread, and refuses an unknown one', async () => {
  const { ts } = server.post(channel, 'alone');
  expect(await client.conversations.replies({ channel, ts })).toMatchObject({
    messages: [{ text: 'alone' }],
    has_more: false,
  });
  expect(await refusal(client.conversations.replies({ channel, ts: '1500000000.000000' }))).toBe('thread_not_found');
});

it('shows metadata only when asked, and never what was only recorded', async () => {
  const metadata = { event_type: 'signed_up', event_payload: { id: 1 } };
  await client.chat.postMessage({ channel, text: 'x', metadata, unfurl_links: true });
  const [without] = (await client.conversations.history({ channel })).messages ?? [];
  expect(without).not.toHaveProperty('metadata');
  expect(without).not.toHaveProperty('unfurl_links');
  const [shown] = (await client.conversations.history({ channel, include_all_metadata: true })).messages ?? [];
  expect(shown?.metadata).toEqual(metadata);
});

it('allows reading a channel only to members with its scope', async () => {
  const outside = server.addChannel({ isMember: false });
  const hidden = server.addChannel({ isPrivate: true });
  const publicOnly = connect(server, server.addToken({ scopes: ['channels:history'] }));
  expect(await refusal(client.conversations.history({ channel: outside }))).toBe('not_in_channel');
  expect(await refusal(publicOnly.conversations.history({ channel: hidden }))).toBe('missing_scope');
  expect(await refusal(publicOnly.conversations.history({ channel }))).toBe('accepted');
});
