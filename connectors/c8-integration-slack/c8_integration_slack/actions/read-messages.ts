import { defineAction } from 'c8connector';
import type { SlackAnswer } from '../answer.ts';
import { channelIdOf } from '../channel.ts';
import { openSlack, type Slack } from '../client.ts';
import type { SlackConfig } from '../config.ts';
import { inputInvalid } from '../errors.ts';
import { channelInput } from '../inputs.ts';
import { messageSchema, textSchema } from '../outputs.ts';
import { allItems, pagesOf } from '../pages.ts';

const timeText = 'Seconds since 1970 as Slack writes them, a date, or a time with an offset; inclusive.';

export const readMessages = defineAction<SlackConfig>()({
  description: 'Reads the messages of a channel, oldest first: all of them, or those of a period.',
  input: {
    channel: channelInput,
    oldest: {
      type: 'string',
      displayName: 'Oldest',
      description: `Where to begin. ${timeText}`,
      placeholderValue: '2026-01-01',
    },
    latest: {
      type: 'string',
      displayName: 'Latest',
      description: `Where to end. ${timeText}`,
      placeholderValue: '2026-02-01T00:00:00Z',
    },
    include_replies: {
      type: 'boolean',
      displayName: 'Include Replies',
      description: 'Whether the replies are read too, for threads whose first message is read. One call per thread.',
      defaultValue: false,
    },
  },
  output: {
    type: 'object',
    properties: { channel: textSchema, messages: { type: 'array', items: messageSchema } },
    required: ['channel', 'messages'],
  },
  example: { channel: 'C0123456789', oldest: '2026-01-01', include_replies: true },
  async run(context) {
    const { config, input } = context;
    const oldest = slackTime('oldest', input.oldest);
    const latest = slackTime('latest', input.latest);
    const slack = await openSlack(context, 'readMessages');
    const channel = await channelIdOf(slack, input, config);
    const range: Range = { channel, oldest, latest, inclusive: true, include_all_metadata: true };
    const messages = await allItems(slack, {
      method: 'conversations.history',
      args: range,
      items: 'messages',
      channel,
    });
    if (input.include_replies) {
      for (const message of messages.filter(hasReplies)) messages.push(...(await repliesTo(slack, message, range)));
    }
    return { channel, messages: inOrder(messages) };
  },
});

type Range = Readonly<Record<string, unknown>> & { readonly channel: string };

/** Seconds since 1970 as Slack writes them, from such a text or from a date (UTC) or a time with an offset. Throws `input_invalid` that names the property. */
function slackTime(property: string, value: string | undefined): string | undefined {
  const text = value?.trim() ?? '';
  if (text === '') return undefined;
  if (/^\d{1,12}(\.\d{1,6})?$/.test(text)) return text;
  const isTime = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2}))?$/i.test(text);
  const time = isTime ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(time) && time >= 0) return (time / 1000).toFixed(6);
  throw inputInvalid(
    property,
    'give seconds since 1970 such as 1700000000.000100, a date, or a time such as 2026-01-02T03:04:05Z.',
  );
}

function hasReplies({ reply_count: count }: SlackAnswer): boolean {
  return typeof count === 'number' && count > 0;
}

/** The first message of a thread is returned with its replies, whatever the range; it is left out here, since it was read already. */
async function repliesTo(slack: Slack, { ts }: SlackAnswer, range: Range): Promise<SlackAnswer[]> {
  const replies: SlackAnswer[] = [];
  const pages = {
    method: 'conversations.replies',
    args: { ...range, ts },
    items: 'messages',
    channel: range.channel,
  } as const;
  for await (const page of pagesOf(slack, pages)) replies.push(...page.filter((message) => message.ts !== ts));
  return replies;
}

/** Each message once, ordered by time: a broadcast reply is both in the channel and in its thread. */
function inOrder(messages: readonly SlackAnswer[]): SlackAnswer[] {
  const byTime = new Map(messages.map((message) => [String(message.ts).padStart(20, '0'), message]));
  return [...byTime].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, message]) => message);
}
