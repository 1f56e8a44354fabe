import { describe, expect, it } from 'vitest';
import { openSlack, openWebhook, textsOf } from './harness.ts';

const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text } });

describe('A post', () => {
  it('of 10,000 emoji arrives completely', async () => {
    await using opened = await openSlack();
    const text = '😀'.repeat(10_000);
    const output = await opened.call('postMessage', { text });
    expect(textsOf(opened).join('')).toBe(text);
    const all = opened.server.messages(opened.channel).map(({ ts }) => ts);
    expect(output).toMatchObject({ ts: all[0], all_ts: all, messages: all.length });
  });

  it('with blocks that are too long or too many becomes messages that Slack accepts, and nothing is lost', async () => {
    await using opened = await openSlack();
    const text = '👩‍👩‍👧 '.repeat(2000);
    const fields = Array.from({ length: 23 }, (_, index) => ({ type: 'plain_text', text: `field ${index}` }));
    const blocks = [
      { type: 'header', text: { type: 'plain_text', text: 'Title '.repeat(40) } },
      { ...section(text), fields },
      ...Array.from({ length: 60 }, (_, index) => section(`line ${index}`)),
    ];
    await opened.call('postMessage', { text: 'summary', blocks });
    const messages = opened.server.messages(opened.channel);
    const posted = messages.flatMap((message) => (message.blocks ?? []) as Record<string, unknown>[]);
    expect(opened.server.requests.every(({ error }) => error === undefined)).toBe(true);
    const textOf = (block: Record<string, unknown>) => (block.text as { text: string } | undefined)?.text ?? '';
    const fieldsOf = (block: Record<string, unknown>) => (block.fields as { text: string }[] | undefined) ?? [];
    expect(posted.map(textOf).join('')).toBe(blocks.map(textOf).join(''));
    expect(posted.flatMap(fieldsOf)).toEqual(fields);
    expect(messages[0]?.text).toBe('summary');
    expect(messages.every((message) => message.text !== '')).toBe(true);
  });

  it('of blocks alone has a text for notifications', async () => {
    await using opened = await openSlack();
    const header = { type: 'header', text: { type: 'plain_text', text: 'A & B' } };
    await opened.call('postMessage', { blocks: [header, section('*bold* <https://a.b|link>')] });
    expect(textsOf(opened)).toEqual(['A &amp; B\n*bold* <https://a.b|link>']);
  });

  it('of blocks that Slack refuses is posted as text, with a warning that has the reason', async () => {
    await using opened = await openSlack();
    const blocks = [section('in the blocks'), { type: 'no_such_block' }];
    expect(await opened.call('postMessage', { text: 'the text', blocks })).toMatchObject({ messages: 1 });
    expect(await opened.call('postMessage', { blocks })).toMatchObject({ messages: 1 });
    expect(textsOf(opened)).toEqual(['the text', 'in the blocks']);
    expect(opened.logged.join('\n')).toMatch(/invalid_blocks.*no_such_block/);
  });

  it('in parts logs how many of them are posted when one fails', async () => {
    await using opened = await openSlack();
    const isThird = () => opened.calls('chat.postMessage') === 2;
    opened.server.failNext({ method: 'chat.postMessage', where: isThird }, { error: 'is_archived' });
    const error = await opened.failure('postMessage', { text: 'a'.repeat(15_000) });
    expect(error).toMatchObject({ code: 'action_refused' });
    expect(opened.logged.join('\n')).toContain('has 4 parts, and only the first 2 of them were posted');
    expect(opened.calls('chat.postMessage')).toBe(3);
  });

  it('sends half of a surrogate pair as the replacement character', async () => {
    await using opened = await openSlack();
    await opened.call('postMessage', { text: 'half \ud83d of it' });
    expect(textsOf(opened)).toEqual(['half \ufffd of it']);
  });

  it.each([{}, { text: ' \n' }, { blocks: [] }])('without content is an invalid input: %j', async (input) => {
    await using opened = await openSlack();
    const error = await opened.failure('postMessage', input);
    expect(error).toMatchObject({ code: 'input_invalid', problems: [{ property: 'text' }] });
    expect(opened.server.requests).toEqual([]);
  });
});

describe('A webhook', () => {
  it('posts text, blocks and replies, long ones in parts', async () => {
    await using opened = await openWebhook();
    const nothing = { channel: null, ts: null, all_ts: [] };
    expect(await opened.call('postMessage', { text: 'hello' })).toEqual({ ...nothing, messages: 1 });
    const [{ ts } = { ts: '' }] = opened.server.messages(opened.channel);
    await opened.call('postMessage', { blocks: [section('a reply')], thread_ts: ts });
    expect(await opened.call('postMessage', { text: '😀'.repeat(3000) })).toEqual({ ...nothing, messages: 2 });
    const messages = opened.server.messages(opened.channel);
    expect(messages[1]).toMatchObject({ text: 'a reply', thread_ts: ts, blocks: [section('a reply')] });
    expect(
      messages
        .slice(2)
        .map(({ text }) => text)
        .join(''),
    ).toBe('😀'.repeat(3000));
  });

  it('posts blocks that Slack refuses as text', async () => {
    await using opened = await openWebhook();
    await opened.call('postMessage', { text: 'the text', blocks: [{ type: 'no_such_block' }] });
    expect(textsOf(opened)).toEqual(['the text']);
    expect(opened.logged.join('\n')).toContain('invalid_blocks');
  });

  it.each([
    ['channel', { channel: 'C0123456789' }],
    ['metadata', { metadata: { event_type: 'a', event_payload: {} } }],
    ['reply_broadcast', { reply_broadcast: true }],
  ])('does not take %s', async (property, more) => {
    await using opened = await openWebhook();
    const error = await opened.failure('postMessage', { text: 'hello', ...more });
    expect(error).toMatchObject({ code: 'input_invalid', problems: [{ property }] });
    expect(opened.server.requests).toEqual([]);
  });

  it.each([
    ['updateMessage', { ts: '1.1', text: 'a' }],
    ['deleteMessage', { ts: '1.1' }],
    ['uploadFile', { content: 'a', filename: 'a.txt' }],
    ['addReaction', { ts: '1.1', name: 'tada' }],
    ['lookupUser', { user: 'U0123456789' }],
    ['listChannels', {}],
    ['listUsers', {}],
    ['readMessages', {}],
  ])('is not enough for %s, which reports that', async (action, input) => {
    await using opened = await openWebhook({ channel: 'C0123456789' });
    const error = await opened.failure(action, input);
    expect(error).toMatchObject({ name: 'ConfigError', code: 'config_invalid', problems: [{ property: 'token' }] });
    expect(String(error)).toContain(action);
  });
});
