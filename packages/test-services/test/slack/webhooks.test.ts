import { expect, it } from 'vitest';
import type { SlackServer } from '../../src/slack/server.ts';
import { beforeEachTest } from './client.ts';

let server: SlackServer;
let channel: string;
let webhook: string;
beforeEachTest((opened) => {
  ({ server, channel } = opened);
  webhook = server.addWebhook(channel);
});

async function post(url: string, payload: unknown, type = 'application/json'): Promise<string> {
  const body = typeof payload === 'string' ? payload : JSON.stringify(payload);
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': type }, body });
  return `${response.status} ${await response.text()}`;
}

it('posts JSON, or a form with the payload in it, and answers ok', async () => {
  expect(await post(webhook, { text: 'as JSON' })).toBe('200 ok');
  const form = new URLSearchParams({ payload: JSON.stringify({ text: 'as a form' }) });
  expect(await post(webhook, form.toString(), 'application/x-www-form-urlencoded')).toBe('200 ok');
  expect(server.messages(channel)).toMatchObject([
    { text: 'as JSON', subtype: 'bot_message', bot_id: server.app.botId },
    { text: 'as a form' },
  ]);
});

it('describes an invalid payload in a plain-text answer', async () => {
  expect(await post(webhook, 'not json')).toBe('400 invalid_payload');
  expect(await post(webhook, {})).toBe('400 no_text');
  expect(await post(webhook, { text: 'x', attachments: Array(101).fill({}) })).toBe('400 too_many_attachments');
  expect(await post(webhook, { blocks: [{ type: 'section' }] })).toBe('400 invalid_blocks');
});

it('describes a problem of the webhook or its channel in a plain-text answer', async () => {
  const id = server.addChannel();
  const url = server.addWebhook(id);
  expect(await post(`${url}x`, { text: 'x' })).toBe('404 no_service');
  expect(await post(server.addWebhook(id, { isProhibited: true }), { text: 'x' })).toBe('403 action_prohibited');
  server.archiveChannel(id);
  expect(await post(url, { text: 'x' })).toBe('410 channel_is_archived');
  server.removeChannel(id);
  expect(await post(url, { text: 'x' })).toBe('404 channel_not_found');
  server.removeWebhook(url);
  expect(await post(url, { text: 'x' })).toBe('404 no_service');
});
