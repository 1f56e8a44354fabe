import { describe, expect, it } from 'vitest';
import { onFakeClock } from './fake-clock.ts';
import { type Opened, openSlack } from './harness.ts';

const page = 200;

async function textsRead(opened: Opened, input: object = {}): Promise<string[]> {
  const output = (await opened.call('readMessages', input)) as { messages: { text: string }[] };
  return output.messages.map(({ text }) => text);
}

function fill({ server, channel }: Opened, count: number, more: object = {}): string[] {
  const texts = Array.from({ length: count }, (_, index) => `message ${index}`);
  for (const text of texts) server.post(channel, text, more);
  return texts;
}

describe('Pages', () => {
  it('all arrive, each once, when the third of five is delayed by a 429', async () => {
    await using opened = await openSlack();
    const texts = fill(opened, 5 * page);
    opened.server.failNext({ method: 'conversations.history', page: 3 }, { error: 'ratelimited', retryAfter: 7 }, 2);
    expect(await onFakeClock(() => textsRead(opened))).toEqual(texts);
    const asked = opened.server.requests.filter(({ method }) => method === 'conversations.history');
    expect(asked.map((request) => request.page)).toEqual([1, 2, 3, 3, 3, 4, 5]);
    const [, , first, second, third] = asked.map(({ at }) => at);
    expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(7000);
    expect((third ?? 0) - (second ?? 0)).toBeGreaterThanOrEqual(7000);
  });

  it('of replies are delayed and repeated as well', async () => {
    await using opened = await openSlack();
    const parent = opened.server.post(opened.channel, 'parent');
    const texts = fill(opened, 2 * page, { thread_ts: parent.ts });
    const date = (at: number) => new Date(Date.now() + at).toUTCString();
    const failure = { status: 429, headers: { 'retry-after': date(5000) } };
    opened.server.failNext({ method: 'conversations.replies', page: 2 }, failure);
    opened.server.failNext({ method: 'conversations.replies', page: 3 }, { drop: 'response' });
    expect(await onFakeClock(() => textsRead(opened, { include_replies: true }))).toEqual(['parent', ...texts]);
  });

  it('are followed to the last one by every list', async () => {
    await using opened = await openSlack();
    for (let index = 0; index < 2 * page; index++) {
      opened.server.addChannel({ name: `c${index}` });
      opened.server.addUser({ name: `u${index}` });
    }
    const { channels } = (await opened.call('listChannels')) as { channels: { id: string }[] };
    const { users } = (await opened.call('listUsers')) as { users: { id: string }[] };
    expect(new Set(channels.map(({ id }) => id)).size).toBe(2 * page + 1);
    expect(new Set(users.map(({ id }) => id)).size).toBe(2 * page + 1);
  });

  it('are read once a minute with 15 messages, after Slack has requested that', async () => {
    await using opened = await openSlack({}, { isMarketplaceApp: false });
    const texts = fill(opened, 40);
    expect(await onFakeClock(() => textsRead(opened))).toEqual(texts);
    const asked = opened.server.requests.filter(({ method }) => method === 'conversations.history');
    expect(asked.filter(({ error }) => error === undefined).map(({ args }) => args.limit)).toEqual(['15', '15', '15']);
    expect(asked.filter(({ status }) => status === 429).length).toBeLessThanOrEqual(1);
    expect(opened.calls('conversations.history')).toBeLessThanOrEqual(5);
  });

  it('are not limited to one a minute by an ordinary 429', async () => {
    await using opened = await openSlack();
    const texts = fill(opened, 3 * page);
    opened.server.failNext({ method: 'conversations.history' }, { error: 'ratelimited', retryAfter: 10 });
    const startedAt = Date.now();
    expect(await onFakeClock(() => textsRead(opened))).toEqual(texts);
    const last = opened.server.requests.at(-1)?.at ?? 0;
    expect(last - startedAt).toBeLessThan(20_000);
  });
});
