import type { SlackFailure } from 'test-services';
import { describe, expect, it } from 'vitest';
import { checkProof, describeBody, readAnswer } from '../c8_integration_slack/proof.ts';
import { onFakeClock } from './fake-clock.ts';
import { type Opened, openSlack, openWebhook } from './harness.ts';

const login = '<!DOCTYPE html><html><title>Sign in</title>';

/** Answers whose status is a success but which prove nothing, and their descriptions. It is unknown whether Slack executed the call. */
const unproven: readonly [words: string, body: string | object][] = [
  ['an HTML page', login],
  ['an HTML page', '\n<?xml version="1.0"?><html/>'],
  ['an empty body', ''],
  ['an empty body', ' \r\n'],
  ['truncated JSON', '{"ok":true,"channel":"C01'],
  ['a text that is not JSON', 'ok'],
  ['a text that is not JSON', 'forbidden_by_proxy'],
  ['a JSON list', '[{"ok":true}]'],
  ['a JSON value', 'true'],
  ['JSON without ok', {}],
  ['JSON without ok', { status: 'success', ts: '1.1', channel: 'C0123456789' }],
  ['JSON without ok', { ok: 'true', ts: '1.1', channel: 'C0123456789' }],
  ['JSON with ok: false and no error', { ok: false }],
  ['JSON with ok: false and no error', { ok: false, error: 'Please sign in first.' }],
];

/** Answers of a proxy that has not passed the request on. */
const refusals: readonly [words: string, failure: SlackFailure][] = [
  ['a redirect', { status: 302, headers: { location: 'https://login.example.com/' } }],
  ['a redirect', { status: 307, headers: { location: '/elsewhere' }, body: login }],
  ['status 403 and an HTML page', { status: 403, body: login }],
  ['status 404 and a text that is not JSON', { status: 404, body: 'not found' }],
  ['status 451 and JSON', { status: 451, body: { message: 'blocked' } }],
];

/** Each action, the method of its last request, and the part of the answer that proves the call. */
const actions: readonly [
  action: string,
  method: string,
  input: (opened: Opened) => object,
  proof: readonly string[],
][] = [
  ['postMessage', 'chat.postMessage', () => ({ text: 'once' }), ['channel', 'ts']],
  ['updateMessage', 'chat.update', (opened) => ({ ts: messageOf(opened), text: 'changed' }), ['channel', 'ts']],
  ['deleteMessage', 'chat.delete', (opened) => ({ ts: messageOf(opened) }), ['channel', 'ts']],
  ['uploadFile', 'files.completeUploadExternal', () => ({ content: 'a', filename: 'a.txt' }), ['files']],
  ['addReaction', 'reactions.add', (opened) => ({ ts: messageOf(opened), name: 'tada' }), []],
  ['lookupUser', 'users.info', ({ server }) => ({ user: server.app.userId }), ['user']],
  ['lookupUser', 'users.lookupByEmail', () => ({ email: 'ann@example.com' }), ['user']],
  ['listChannels', 'conversations.list', () => ({}), ['channels']],
  ['listUsers', 'users.list', () => ({}), ['members']],
  ['readMessages', 'conversations.history', () => ({}), ['messages']],
];
const reading = ['lookupUser', 'listChannels', 'listUsers', 'readMessages'];

/** All that proves a post, but for one field. */
function without(name: string): object {
  return {
    ok: true,
    channel: 'C0123456789',
    ts: '1700000000.000100',
    files: [],
    [name]: name === 'files' ? [] : undefined,
  };
}

function messageOf({ server, channel }: Opened): string {
  return server.post(channel, 'a message').ts;
}

async function openWithUser(): Promise<Opened> {
  const opened = await openSlack();
  opened.server.addUser({ name: 'ann', email: 'ann@example.com' });
  return opened;
}

describe.each(actions)('%s by %s', (action, method, inputOf, proof) => {
  const isReading = reading.includes(action);
  const wrong = [...proof.map((name) => [`JSON without ${name}`, without(name)] as const), ...unproven];

  it.each(wrong)('does not accept an answer with %s: %j', async (words, body) => {
    await using opened = await openWithUser();
    const input = inputOf(opened);
    opened.server.failNext({ method }, { status: 200, body, afterAcceptance: true }, 9);
    const error = await onFakeClock(() => opened.failure(action, input));
    expect(error).toMatchObject({
      name: 'ConnectionError',
      code: isReading ? 'server_answer_invalid' : 'outcome_unknown',
      message: expect.stringContaining(`127.0.0.1:${new URL(opened.server.url).port} answered ${method} with `),
    });
    expect(String(error)).toContain(`with ${words}`);
    expect(opened.calls(method)).toBe(isReading ? 5 : 1);
  });

  it('does not accept a truncated answer', async () => {
    await using opened = await openWithUser();
    const input = inputOf(opened);
    opened.server.failNext({ method }, { drop: 'body' }, 9);
    const error = await onFakeClock(() => opened.failure(action, input));
    expect(error).toMatchObject({ code: isReading ? 'connection_lost' : 'outcome_unknown' });
    expect(opened.calls(method)).toBe(isReading ? 5 : 1);
  });

  it('is known not to be done when a proxy requires a password', async () => {
    await using opened = await openWithUser();
    const input = inputOf(opened);
    opened.server.failNext({ method }, { status: 407, body: login }, 9);
    const error = await onFakeClock(() => opened.failure(action, input));
    expect(error).toMatchObject({ name: 'ConnectionError', code: 'login_refused' });
    expect(String(error)).toContain('proxy');
    expect(opened.calls(method)).toBe(1);
  });

  it.each(refusals)('is known not to be done after %s', async (words, failure) => {
    await using opened = await openWithUser();
    const input = inputOf(opened);
    opened.server.failNext({ method }, failure, 9);
    const error = await onFakeClock(() => opened.failure(action, input));
    expect(error).toMatchObject({ name: 'ConnectionError', code: 'server_answer_invalid', isRetryable: false });
    expect(String(error)).toContain(`answered ${method} with ${words}`);
    expect(opened.calls(method)).toBe(1);
  });
});

describe('A webhook', () => {
  const wrong = [
    ['an empty body', ''],
    ['JSON', { ok: true }],
    ['an HTML page', login],
    ['a text that is not JSON', 'OK!'],
    ['a text that is not JSON', 'okay'],
    ['a text that is not JSON', 'Please sign in first.'],
    ['truncated JSON', '{"ok":'],
  ] as const;

  it.each(wrong)('does not accept %s instead of ok as proof, and does not post again: %j', async (words, body) => {
    await using opened = await openWebhook();
    opened.server.failNext({ method: 'webhook' }, { status: 200, body, afterAcceptance: true }, 9);
    const error = await onFakeClock(() => opened.failure('postMessage', { text: 'once' }));
    expect(error).toMatchObject({ name: 'ConnectionError', code: 'outcome_unknown' });
    expect(String(error)).toContain(`answered webhook with ${words}, which is not an answer of Slack.`);
    expect(opened.server.messages(opened.channel)).toHaveLength(1);
  });

  it('does not accept a truncated ok', async () => {
    await using opened = await openWebhook();
    opened.server.failNext({ method: 'webhook' }, { drop: 'body' });
    expect(await opened.failure('postMessage', { text: 'once' })).toMatchObject({ code: 'outcome_unknown' });
    expect(opened.server.messages(opened.channel)).toHaveLength(1);
  });

  it.each(refusals)('is known to have posted nothing after %s', async (words, failure) => {
    await using opened = await openWebhook();
    opened.server.failNext({ method: 'webhook' }, failure, 9);
    const error = await opened.failure('postMessage', { text: 'once' });
    expect(error).toMatchObject({ code: 'server_answer_invalid', details: { property: 'webhook_url' } });
    expect(String(error)).toContain(`answered webhook with ${words}`);
    expect(opened.calls('webhook')).toBe(1);
  });
});

describe('An upload', () => {
  it.each([
    ['an HTML page', login],
    ['an empty body', ''],
    ['JSON', { ok: true }],
  ])('starts over when its URL answers with %s, and fails with that error', async (words, body) => {
    await using opened = await openSlack();
    const file = { content: 'a', filename: 'a.txt' };
    opened.server.failNext({ method: 'upload' }, { status: 200, body });
    await onFakeClock(() => opened.call('uploadFile', file));
    opened.server.failNext({ method: 'upload' }, { status: 200, body }, 9);
    const error = await onFakeClock(() => opened.failure('uploadFile', file));
    expect(error).toMatchObject({ code: 'server_answer_invalid' });
    expect(String(error)).toContain(`answered upload with ${words}`);
    expect(opened.server.messages(opened.channel)).toHaveLength(1);
  });
});

describe('A list', () => {
  it.each([
    ['a cursor that it already returned', { next_cursor: 'bmV4dA==' }, {}],
    ['has_more but no cursor', { next_cursor: '' }, { has_more: true }],
    ['has_more but no cursor', undefined, { has_more: true }],
  ])('that continues with %s does not count as complete', async (words, response_metadata, more) => {
    await using opened = await openSlack();
    const body = { ok: true, messages: [{ ts: '1.1' }], response_metadata, ...more };
    opened.server.failNext({ method: 'conversations.history' }, { status: 200, body }, 9);
    const error = await onFakeClock(() => opened.failure('readMessages'));
    expect(error).toMatchObject({ name: 'ConnectionError', code: 'server_answer_invalid' });
    expect(String(error)).toContain(words);
    expect(opened.calls('conversations.history')).toBeLessThanOrEqual(2);
  });

  it.each([[[null]], [['C0123456789']], [[{ name: 'general' }]], [{}], ['none']])(
    'with invalid items is not treated as an empty list: %j',
    async (channels) => {
      await using opened = await openSlack();
      opened.server.failNext({ method: 'conversations.list' }, { status: 200, body: { ok: true, channels } }, 9);
      const error = await onFakeClock(() => opened.failure('listChannels'));
      expect(error).toMatchObject({ code: 'server_answer_invalid' });
    },
  );
});

describe('What proves a call', () => {
  it.each([
    ['ts', { ts: '1.1' }, true],
    ['ts', { ts: 1.1 }, false],
    ['ts', { ts: '' }, false],
    ['user.id', { user: { id: 'U1' } }, true],
    ['user.id', { user: null }, false],
    ['files.0.id', { files: [{ id: 'F1' }] }, true],
    ['files.0.id', { files: [] }, false],
    ['members[].id', { members: [] }, true],
    ['members[].id', { members: [{ id: 'U1' }, {}] }, false],
    ['members[].id', {}, false],
  ])('is %s in %j: %s', (path, answer, isProven) => {
    const check = () => checkProof(answer, [path]);
    if (isProven) expect(check).not.toThrow();
    else expect(check).toThrow(`JSON without ${path}`);
  });

  it('is described without any of its content', () => {
    for (const [words, body] of unproven) {
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      if (words.startsWith('JSON without')) expect(() => readAnswer(text)).toThrow(words);
      else if (!words.startsWith('JSON with ')) expect(describeBody(text)).toBe(words);
    }
  });
});
