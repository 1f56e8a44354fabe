import { describe, expect, it } from 'vitest';
import { openSlack } from './harness.ts';

describe('The actions', () => {
  it('post a reply that is broadcast, with metadata', async () => {
    await using opened = await openSlack();
    const parent = opened.server.post(opened.channel, 'parent');
    const metadata = { event_type: 'deployed', event_payload: { id: 1 } };
    const input = { text: 'reply', thread_ts: parent.ts, reply_broadcast: true, unfurl_links: false, metadata };
    const output = await opened.call('postMessage', input);
    const posted = opened.server.messages(opened.channel).at(-1);
    expect(posted).toMatchObject({ thread_ts: parent.ts, subtype: 'thread_broadcast', metadata, unfurl_links: false });
    expect(output).toEqual({ channel: opened.channel, ts: posted?.ts, all_ts: [posted?.ts], messages: 1 });
  });

  it('change a message, and remove its blocks when the new input has none', async () => {
    await using opened = await openSlack();
    const blocks = [{ type: 'divider' }];
    const posted = await opened.call('postMessage', { text: 'before', blocks });
    await opened.call('updateMessage', { ts: (posted as { ts: string }).ts, text: 'after' });
    const [message] = opened.server.messages(opened.channel);
    expect(message).toMatchObject({ text: 'after' });
    expect(message?.blocks).toBeUndefined();
  });

  it.each([
    ['text', { text: 'a'.repeat(4001) }],
    ['text', {}],
    ['blocks', { blocks: Array.from({ length: 51 }, () => ({ type: 'divider' })) }],
  ])('do not split a changed message into two: %s', async (property, content) => {
    await using opened = await openSlack();
    const error = await opened.failure('updateMessage', { ts: '1700000000.000100', ...content });
    expect(error).toMatchObject({ code: 'input_invalid', problems: [{ property }] });
    expect(opened.server.requests).toEqual([]);
  });

  it('delete a message', async () => {
    await using opened = await openSlack();
    const { ts } = opened.server.post(opened.channel, 'gone soon');
    expect(await opened.call('deleteMessage', { ts })).toEqual({ channel: opened.channel, ts });
    expect(opened.server.messages(opened.channel)).toEqual([]);
  });

  it.each([
    ['text', 'id,name\n1,Zoë\n', Buffer.from('id,name\n1,Zoë\n')],
    ['base64', 'AAEC\n/w==', Buffer.from([0, 1, 2, 255])],
  ])('upload a file given as %s', async (encoding, content, bytes) => {
    await using opened = await openSlack();
    const parent = opened.server.post(opened.channel, 'parent');
    const words = { title: 'Report', initial_comment: 'Here it is', thread_ts: parent.ts };
    const output = await opened.call('uploadFile', { content, encoding, filename: 'report.csv', ...words });
    const [file] = opened.server.files;
    expect(file).toMatchObject({ content: bytes, isComplete: true, title: 'Report', channels: [opened.channel] });
    expect(output).toMatchObject({ id: file?.id, channel: opened.channel, title: 'Report' });
    const shared = { text: 'Here it is', thread_ts: parent.ts, files: [{ id: file?.id, name: 'report.csv' }] };
    expect(opened.server.messages(opened.channel).at(-1)).toMatchObject(shared);
  });

  it.each([0, 1, 2])(
    'upload a file of some MB and %i bytes, whose base64 may have its padding or not',
    async (more) => {
      const bytes = Buffer.alloc(6_000_000 + more, 'a picture');
      const base64 = bytes.toString('base64');
      await using opened = await openSlack();
      for (const content of [base64, base64.replaceAll('=', '')])
        await opened.call('uploadFile', { content, encoding: 'base64', filename: 'a.png' });
      expect(opened.server.files.map(({ content }) => content?.equals(bytes))).toEqual([true, true]);
    },
  );

  it.each([
    ['is not base64', { content: 'a', encoding: 'base64' }],
    ['has another padding', { content: 'AAE==', encoding: 'base64' }],
    ['has padding only', { content: '==', encoding: 'base64' }],
    ['has padding inside', { content: 'AA==AAAA', encoding: 'base64' }],
    ['is another base64', { content: 'AA_-', encoding: 'base64' }],
    ['is empty', { content: ' ', encoding: 'base64' }],
  ])('upload nothing when the content %s', async (_, content) => {
    await using opened = await openSlack();
    const error = await opened.failure('uploadFile', { filename: 'a.bin', ...content });
    expect(error).toMatchObject({ code: 'input_invalid', problems: [{ property: 'content' }] });
    expect(opened.server.requests).toEqual([]);
  });

  it('add a reaction, and accept that it exists already', async () => {
    await using opened = await openSlack();
    const { ts } = opened.server.post(opened.channel, 'well done');
    const output = { channel: opened.channel, ts, name: 'tada' };
    expect(await opened.call('addReaction', { ts, name: ':tada:' })).toEqual({ ...output, is_new: true });
    expect(await opened.call('addReaction', { ts, name: 'tada' })).toEqual({ ...output, is_new: false });
    expect(opened.server.messages(opened.channel)[0]?.reactions).toMatchObject([{ name: 'tada', count: 1 }]);
  });

  it('find a user by email and by id', async () => {
    await using opened = await openSlack();
    const id = opened.server.addUser({ name: 'ann', realName: 'Ann Lee', email: 'ann@example.com' });
    const found = { id, name: 'ann', real_name: 'Ann Lee', email: 'ann@example.com', is_bot: false, is_deleted: false };
    expect(await opened.call('lookupUser', { email: 'ann@example.com' })).toMatchObject(found);
    expect(await opened.call('lookupUser', { user: id })).toMatchObject(found);
  });

  it.each([{}, { email: 'ann@example.com', user: 'U0123456789' }])(
    'require exactly one way to find a user: %j',
    async (input) => {
      await using opened = await openSlack();
      const error = await opened.failure('lookupUser', input);
      expect(error).toMatchObject({ code: 'input_invalid', problems: [{ property: 'email' }, { property: 'user' }] });
    },
  );

  it('list the requested channels', async () => {
    await using opened = await openSlack();
    opened.server.addChannel({ name: 'secret', isPrivate: true });
    opened.server.addChannel({ name: 'old', isArchived: true });
    const names = async (input: object) =>
      ((await opened.call('listChannels', input)) as { channels: { name: string }[] }).channels.map(({ name }) => name);
    expect(await names({})).toEqual(['general']);
    expect(await names({ include_private: true, include_archived: true })).toEqual(['general', 'secret', 'old']);
  });

  it('read the messages of a period, each once and in order, with their replies', async () => {
    await using opened = await openSlack();
    const { server, channel } = opened;
    const post = (seconds: number, more: object = {}) =>
      server.post(channel, `at ${seconds}`, { ts: `170000000${seconds}.000100`, ...more });
    post(0);
    const parent = post(1);
    post(2, { thread_ts: parent.ts });
    post(3, { thread_ts: parent.ts, subtype: 'thread_broadcast' });
    post(4);
    post(9);
    const texts = async (input: object) =>
      ((await opened.call('readMessages', input)) as { messages: { text: string }[] }).messages.map(({ text }) => text);
    const range = { oldest: '2023-11-14T22:13:21.000100Z', latest: '1700000004.000100' };
    expect(await texts({ ...range, include_replies: true })).toEqual(['at 1', 'at 2', 'at 3', 'at 4']);
    expect(await texts(range)).toEqual(['at 1', 'at 3', 'at 4']);
    expect(await texts({})).toHaveLength(5);
  });

  it.each(['yesterday', '2026-01-02T03:04:05', '2026-13-01'])('refuse the time %s', async (oldest) => {
    await using opened = await openSlack();
    const error = await opened.failure('readMessages', { oldest });
    expect(error).toMatchObject({ code: 'input_invalid', problems: [{ property: 'oldest' }] });
  });
});

describe('The channel', () => {
  it('is that of the input before that of the config, for posts also by name', async () => {
    await using opened = await openSlack();
    const other = opened.server.addChannel({ name: 'other' });
    expect(await opened.call('postMessage', { text: 'a', channel: '#other' })).toMatchObject({ channel: other });
    expect(await opened.call('postMessage', { text: 'a', channel: other })).toMatchObject({ channel: other });
    expect(await opened.call('postMessage', { text: 'a' })).toMatchObject({ channel: opened.channel });
  });

  it.each([
    ['postMessage', { text: 'a' }],
    ['updateMessage', { ts: '1.1', text: 'a' }],
    ['deleteMessage', { ts: '1.1' }],
    ['uploadFile', { content: 'a', filename: 'a.txt' }],
    ['addReaction', { ts: '1.1', name: 'tada' }],
    ['readMessages', {}],
  ])('is required by %s if neither sets one', async (action, input) => {
    await using opened = await openSlack({ channel: undefined });
    const error = await opened.failure(action, input);
    expect(error).toMatchObject({ name: 'ConfigError', code: 'input_invalid', problems: [{ property: 'channel' }] });
    expect(opened.server.requests).toEqual([]);
  });

  it('must be an id where Slack does not accept a name', async () => {
    await using opened = await openSlack();
    const error = await opened.failure('readMessages', { channel: '#general' });
    expect(error).toMatchObject({ code: 'input_invalid', problems: [{ property: 'channel' }] });
    expect(String(error)).toContain('#general');
  });
});
