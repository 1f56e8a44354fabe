import type { WebClient } from '@slack/web-api';
import { expect, it } from 'vitest';
import { type SlackServer, startSlack } from '../../src/slack/server.ts';
import { beforeEachTest, call, connect, refusal } from './client.ts';

let server: SlackServer;
let client: WebClient;
let channel: string;
beforeEachTest((opened) => {
  ({ server, client, channel } = opened);
});

function post(text = 'x'): Promise<string> {
  return refusal(client.chat.postMessage({ channel, text }));
}

it('fails the next matching calls as often as asked', async () => {
  const where = ({ text }: Readonly<Record<string, unknown>>) => text === 'b';
  server.failNext({ method: 'chat.postMessage', where }, { error: 'fatal_error' }, 2);
  expect([await post('a'), await post('b'), await post('b'), await post('b')]).toEqual([
    'accepted',
    'fatal_error',
    'fatal_error',
    'accepted',
  ]);
});

it('answers 429 with Retry-After', async () => {
  server.failNext({ method: 'chat.postMessage' }, { error: 'ratelimited', retryAfter: 7 });
  expect(await post()).toBe('ratelimited 7');
  expect(server.messages(channel)).toEqual([]);
});

it('loses the answer of a call that was carried out, or the call itself', async () => {
  const faults = { method: 'chat.postMessage' };
  server.failNext(faults, { status: 503, body: 'upstream connect error', afterAcceptance: true });
  expect(await post('kept')).toBe('HTTP 503');
  server.failNext(faults, { drop: 'response' });
  expect(await post('kept too')).toBe('slack_webapi_request_error');
  server.failNext(faults, { status: 503 });
  expect(await post('gone')).toBe('HTTP 503');
  server.failNext(faults, { drop: 'request' });
  expect(await post('gone too')).toBe('slack_webapi_request_error');
  expect(server.messages(channel).map(({ text }) => text)).toEqual(['kept', 'kept too']);
  expect(server.requests.slice(-4)).toMatchObject([
    { method: 'chat.postMessage', wasAccepted: true, status: 503 },
    { wasAccepted: true, status: undefined },
    { wasAccepted: false, status: 503 },
    { wasAccepted: false, status: undefined },
  ]);
});

it('breaks off in the middle of an answer, after the call was carried out', async () => {
  server.failNext({ method: 'chat.postMessage' }, { drop: 'body' });
  expect(await post('kept')).not.toBe('accepted');
  expect(server.messages(channel).map(({ text }) => text)).toEqual(['kept']);
});

it('fails one page of five and returns it when it is requested again', async () => {
  for (let index = 0; index < 10; index += 1) server.post(channel, `${index}`);
  server.failNext({ method: 'conversations.history', page: 3 }, { error: 'ratelimited', retryAfter: 1 });
  const outcomes: string[] = [];
  const seen: unknown[] = [];
  let cursor = '';
  do {
    const asked = client.conversations.history({ channel, limit: 2, ...(cursor && { cursor }) });
    outcomes.push(await refusal(asked));
    if (outcomes.at(-1) !== 'accepted') continue;
    const { messages = [], response_metadata } = await asked;
    seen.push(...messages.map(({ text }) => text));
    cursor = response_metadata?.next_cursor ?? '';
  } while (cursor);
  expect(outcomes).toEqual(['accepted', 'accepted', 'ratelimited 1', 'accepted', 'accepted', 'accepted']);
  expect(seen).toEqual(['9', '8', '7', '6', '5', '4', '3', '2', '1', '0']);
});

it('fails webhooks and uploads by those names', async () => {
  const webhook = server.addWebhook(channel);
  server.failNext({ method: 'webhook' }, { status: 500, body: 'rollup_error' });
  const send = () => fetch(webhook, { method: 'POST', body: JSON.stringify({ text: 'x' }) });
  expect(await (await send()).text()).toBe('rollup_error');
  expect(await (await send()).text()).toBe('ok');
});

it('lets a call wait', async () => {
  server.delay(60, { method: 'auth.test' });
  const start = performance.now();
  await client.auth.test();
  expect(performance.now() - start).toBeGreaterThan(55);
});

it('records every call with what was sent and answered', async () => {
  await post('recorded');
  await refusal(client.chat.postMessage({ channel: 'C0NOWHERE', text: 'x' }));
  expect(server.requests.slice(-2)).toMatchObject([
    { method: 'chat.postMessage', args: { channel, text: 'recorded' }, status: 200, error: undefined },
    { method: 'chat.postMessage', status: 200, error: 'channel_not_found', wasAccepted: false },
  ]);
});

it('limits a method to its tier, and a channel to one post per second after a burst', async () => {
  let now = 1_712_345_678_000;
  await using limited = await startSlack({ rateLimits: true, clock: () => now });
  const caller = connect(limited);
  const one = limited.addChannel();
  const two = limited.addChannel();
  const say = (id: string) => refusal(caller.chat.postMessage({ channel: id, text: 'x' }));
  for (let index = 0; index < 5; index += 1) expect(await say(one)).toBe('accepted');
  expect(await say(one)).toBe('ratelimited 1');
  expect(await say(two)).toBe('accepted');
  now += 1000;
  expect(await say(one)).toBe('accepted');
  expect(await say(one)).toBe('ratelimited 1');
  const list = () => refusal(caller.conversations.list({ types: 'public_channel' }));
  for (let index = 0; index < 20; index += 1) expect(await list()).toBe('accepted');
  expect(await list()).toBe('ratelimited 3');
  now += 3000;
  expect(await list()).toBe('accepted');
});

it('limits only the methods that the options name', async () => {
  await using limited = await startSlack({ rateLimits: { 'auth.test': 1 } });
  const { status } = await call(limited, 'auth.test', {}, limited.token);
  const second = await call(limited, 'auth.test', {}, limited.token);
  expect([status, second.status]).toEqual([200, 429]);
  expect(second.json).toEqual({ ok: false, error: 'ratelimited' });
  expect(Number(second.headers.get('retry-after'))).toBe(60);
  expect(await refusal(connect(limited).users.list({}))).toBe('accepted');
});

it('allows an app outside the Marketplace one page of 15 messages a minute', async () => {
  let now = 1_712_345_678_000;
  await using limited = await startSlack({ isMarketplaceApp: false, clock: () => now });
  const id = limited.addChannel();
  for (let index = 0; index < 20; index += 1) limited.post(id, `${index}`);
  const caller = connect(limited);
  const page = await caller.conversations.history({ channel: id });
  expect(page.messages).toHaveLength(15);
  expect(await refusal(caller.conversations.history({ channel: id }))).toBe('ratelimited 60');
  now += 60_000;
  expect(await refusal(caller.conversations.history({ channel: id, limit: 16 }))).toBe('invalid_arguments');
});
