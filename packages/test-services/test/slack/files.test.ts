import type { WebClient } from '@slack/web-api';
import { expect, it } from 'vitest';
import type { SlackServer } from '../../src/slack/server.ts';
import { beforeEachTest, refusal } from './client.ts';

let server: SlackServer;
let client: WebClient;
let channel: string;
beforeEachTest((opened) => {
  ({ server, client, channel } = opened);
});

async function announce(content: string): Promise<{ url: string; id: string }> {
  const { upload_url: url = '', file_id: id = '' } = await client.files.getUploadURLExternal({
    filename: 'rows.csv',
    length: Buffer.byteLength(content),
  });
  return { url, id };
}

async function put(url: string, body: string | FormData): Promise<string> {
  const response = await fetch(url, { method: 'POST', body });
  return `${response.status} ${await response.text()}`;
}

it('takes a file from the official client and shares it in a thread', async () => {
  const { ts } = server.post(channel, 'parent');
  const share = { channel_id: channel, thread_ts: ts, initial_comment: 'Here.' };
  await client.filesUploadV2({ ...share, filename: 'rows.csv', file: Buffer.from('a,b\n') });
  expect(server.files.at(-1)).toMatchObject({ name: 'rows.csv', isComplete: true, channels: [channel] });
  expect(server.files.at(-1)?.content?.toString()).toBe('a,b\n');
  expect(server.messages(channel)[1]).toMatchObject({
    text: 'Here.',
    thread_ts: ts,
    files: [{ name: 'rows.csv', size: 4 }],
  });
});

it('takes bytes raw or in a form, and each upload URL once', async () => {
  const raw = await announce('raw');
  expect(await put(raw.url, 'raw')).toBe('200 OK - 3');
  expect(await put(raw.url, 'raw')).toMatch(/^404/);
  const inForm = await announce('form');
  const form = new FormData();
  form.append('filename', new Blob(['form']), 'rows.csv');
  expect(await put(inForm.url, form)).toBe('200 OK - 4');
});

it('keeps the URL open when the bytes differ from those announced', async () => {
  const { url } = await announce('four');
  expect(await put(url, 'three')).toMatch(/^400/);
  expect(await put(url, 'four')).toBe('200 OK - 4');
});

it('finishes an upload once, and none without its bytes', async () => {
  const { url, id } = await announce('x');
  const complete = () => refusal(client.files.completeUploadExternal({ files: [{ id, title: 'X' }] }));
  expect(await complete()).toBe('file_not_found');
  await put(url, 'x');
  expect(await complete()).toBe('accepted');
  expect(await complete()).toBe('file_not_found');
  expect(server.files.at(-1)).toMatchObject({ title: 'X', channels: [] });
});

it('shares in no channel that the app is not in', async () => {
  const { url, id } = await announce('x');
  await put(url, 'x');
  const outside = server.addChannel({ isMember: false });
  const files: [{ id: string }] = [{ id }];
  expect(await refusal(client.files.completeUploadExternal({ files, channel_id: outside }))).toBe('not_in_channel');
  expect(await refusal(client.files.completeUploadExternal({ files, channel_id: channel }))).toBe('accepted');
});
