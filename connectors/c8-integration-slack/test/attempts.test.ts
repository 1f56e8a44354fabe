import type { SlackFailure } from 'test-services';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { onFakeClock } from './fake-clock.ts';
import { type Opened, openSlack, openWebhook } from './harness.ts';

afterEach(() => vi.restoreAllMocks());

/** What Slack does with the first call, how often the post then exists, and the result of the call: its error code, or done. */
const cases: readonly [title: string, failure: SlackFailure, posts: number, end: string, postsWithRetry: number][] = [
  ['a 429', { error: 'ratelimited', retryAfter: 2 }, 1, 'done', 1],
  ['a 429 without a Retry-After', { status: 429, body: { ok: false, error: 'ratelimited' } }, 1, 'done', 1],
  ['a 500 before acceptance', { status: 500 }, 0, 'outcome_unknown', 1],
  ['a 500 after acceptance', { status: 500, afterAcceptance: true }, 1, 'outcome_unknown', 2],
  ['a 503 after acceptance', { status: 503, body: '<html>', afterAcceptance: true }, 1, 'outcome_unknown', 2],
  ['a reset before acceptance', { drop: 'request' }, 0, 'outcome_unknown', 1],
  ['a reset after acceptance', { drop: 'response' }, 1, 'outcome_unknown', 2],
];

/** What a method answers, beside. */
const methodCases: typeof cases = [
  ['internal_error', { error: 'internal_error', afterAcceptance: true }, 1, 'outcome_unknown', 2],
  ['fatal_error', { error: 'fatal_error' }, 0, 'outcome_unknown', 1],
  ['service_unavailable', { error: 'service_unavailable' }, 0, 'outcome_unknown', 1],
  ['request_timeout', { error: 'request_timeout' }, 1, 'done', 1],
  ['a page that is not from Slack', { status: 200, body: '<html>', afterAcceptance: true }, 1, 'outcome_unknown', 2],
];

async function endOf(opened: Opened): Promise<string> {
  const call = opened.call('postMessage', { text: 'once' });
  return await call.then(
    () => 'done',
    (error: { code: string }) => error.code,
  );
}

describe.each([
  ['a post', openSlack, 'chat.postMessage', [...cases, ...methodCases]],
  ['a post to a webhook', openWebhook, 'webhook', cases],
] as const)('%s', (_, open, method, table) => {
  it.each(table)('that meets %s takes effect as often as expected', async (_title, failure, posts, end) => {
    await using opened = await open();
    opened.server.failNext({ method }, failure);
    expect(await onFakeClock(() => endOf(opened))).toBe(end);
    expect(opened.server.messages(opened.channel)).toHaveLength(posts);
  });

  it.each(table)(
    'that meets %s is sent again if retry_ambiguous is set',
    async (_title, failure, _posts, _end, posts) => {
      await using opened = await open({ retry_ambiguous: true });
      opened.server.failNext({ method }, failure);
      expect(await onFakeClock(() => endOf(opened))).toBe('done');
      expect(opened.server.messages(opened.channel)).toHaveLength(posts);
    },
  );

  it('that is not answered in time may have been carried out', async () => {
    await using opened = await open();
    const timeout = AbortSignal.timeout;
    vi.spyOn(AbortSignal, 'timeout').mockImplementation(() => timeout(100));
    opened.server.delay(300);
    expect(await endOf(opened)).toBe('outcome_unknown');
    await vi.waitFor(() => expect(opened.server.messages(opened.channel)).toHaveLength(1));
  });

  it('is tried five times when nothing listens, since nothing was sent', async () => {
    await using opened = await open();
    await opened.server.stop();
    const fetching = vi.spyOn(globalThis, 'fetch');
    const attempts = await onFakeClock(async () => {
      expect(await endOf(opened)).toBe('connection_refused');
      return fetching;
    });
    expect(attempts).toHaveBeenCalledTimes(5);
  });

  it('is postponed at most ten times', async () => {
    await using opened = await open();
    opened.server.failNext({ method }, { error: 'ratelimited', retryAfter: 3 }, 11);
    const startedAt = Date.now();
    const error = await onFakeClock(() => opened.failure('postMessage', { text: 'once' }));
    expect(error).toMatchObject({ name: 'ConnectionError', code: 'rate_limited', isRetryable: true });
    expect(opened.calls(method)).toBe(11);
    const [first, ...others] = opened.server.requests.map(({ at }) => at);
    expect((others.at(-1) ?? 0) - (first ?? startedAt)).toBeGreaterThanOrEqual(30_000);
  });
});

describe('A method that only reads', () => {
  it.each([
    ['a 500', { status: 500 }],
    ['a reset', { drop: 'response' }],
    ['internal_error', { error: 'internal_error' }],
  ] as const)('is called again after %s', async (_, failure) => {
    await using opened = await openSlack();
    opened.server.failNext({ method: 'users.list' }, failure, 3);
    const output = await onFakeClock(() => opened.call('listUsers'));
    expect(output).toMatchObject({ users: [{ is_bot: true }] });
    expect(opened.calls('users.list')).toBe(4);
  });

  it('fails with the error of the connection after five calls', async () => {
    await using opened = await openSlack();
    opened.server.failNext({ method: 'users.list' }, { status: 502 }, 5);
    const error = await onFakeClock(() => opened.failure('listUsers'));
    expect(error).toMatchObject({ name: 'ConnectionError', code: 'server_busy', isRetryable: true });
    expect(opened.calls('users.list')).toBe(5);
  });
});

describe('A call that was done although its answer was lost', () => {
  it('is recognized as done when it is sent again', async () => {
    await using opened = await openSlack({ retry_ambiguous: true });
    const { ts } = opened.server.post(opened.channel, 'a message');
    opened.server.failNext({ method: 'reactions.add' }, { drop: 'response' });
    opened.server.failNext({ method: 'chat.delete' }, { drop: 'response' });
    const reacted = await onFakeClock(() => opened.call('addReaction', { ts, name: 'tada' }));
    expect(reacted).toMatchObject({ is_new: true });
    expect(await onFakeClock(() => opened.call('deleteMessage', { ts }))).toMatchObject({ ts });
    expect(await opened.failure('deleteMessage', { ts })).toMatchObject({
      details: { slackCode: 'message_not_found' },
    });
  });

  it('of an upload does not share the file twice', async () => {
    await using opened = await openSlack({ retry_ambiguous: true });
    opened.server.failNext({ method: 'files.completeUploadExternal' }, { drop: 'response' });
    await onFakeClock(() => opened.call('uploadFile', { content: 'a', filename: 'a.txt' }));
    expect(opened.server.messages(opened.channel)).toHaveLength(1);
  });
});

describe('An upload', () => {
  it('starts over with a new URL when its bytes were lost, as the file is not visible yet', async () => {
    await using opened = await openSlack();
    opened.server.failNext({ method: 'upload' }, { drop: 'response' });
    await onFakeClock(() => opened.call('uploadFile', { content: 'a', filename: 'a.txt' }));
    expect(opened.calls('files.getUploadURLExternal')).toBe(2);
    expect(opened.server.messages(opened.channel)).toHaveLength(1);
  });
});

describe('An abort', () => {
  it.each([
    ['a request', (opened: Opened) => opened.server.delay(5000)],
    ['a Retry-After', (opened: Opened) => opened.server.failNext({}, { error: 'ratelimited', retryAfter: 60 })],
    ['the wait before another attempt', (opened: Opened) => opened.server.failNext({}, { status: 500 }, 9)],
  ])('ends a call within a second during %s', async (_, prepare) => {
    await using opened = await openSlack();
    prepare(opened);
    const aborting = new AbortController();
    const ended = opened.failure('listUsers', {}, { signal: aborting.signal });
    await new Promise((resolve) => setTimeout(resolve, 150));
    const startedAt = Date.now();
    aborting.abort();
    expect(await ended).toMatchObject({ name: 'AbortError' });
    expect(Date.now() - startedAt).toBeLessThan(1000);
  });
});
