import { type ActionContext, defineAction, type Secret } from 'c8connector';
import { provenText } from '../answer.ts';
import { channelOf } from '../channel.ts';
import { openSlack } from '../client.ts';
import { accessOf, type SlackConfig } from '../config.ts';
import { inputInvalid } from '../errors.ts';
import { wellFormed } from '../escape.ts';
import { blocksInput, channelInput, metadataInput, threadInput } from '../inputs.ts';
import { type MessagePart, messageParts, sendParts, shownText } from '../message-parts.ts';
import { optionalText } from '../outputs.ts';
import { postToWebhook } from '../webhook.ts';

export const postMessage = defineAction<SlackConfig>()({
  description:
    'Posts a message, or a reply in a thread. A text that is too long for one message is split into several.',
  input: {
    channel: {
      ...channelInput,
      description:
        'Id or name of the channel, such as C0123456789 or #general, or the id of a user. The default is the channel of the config.',
    },
    text: {
      type: 'string',
      displayName: 'Text',
      description:
        'Text in mrkdwn. If there are blocks, notifications show this text. Either text or blocks are required.',
    },
    blocks: blocksInput,
    thread_ts: threadInput,
    reply_broadcast: {
      type: 'boolean',
      displayName: 'Broadcast Reply',
      description: 'Whether a reply is also shown in the channel.',
    },
    metadata: metadataInput,
    unfurl_links: {
      type: 'boolean',
      displayName: 'Unfurl Links',
      description: 'Whether Slack shows previews of links. By default Slack decides.',
    },
  },
  output: {
    type: 'object',
    properties: {
      channel: optionalText,
      ts: optionalText,
      all_ts: { type: 'array', items: { type: 'string' } },
      messages: { type: 'integer' },
    },
    required: ['channel', 'ts', 'all_ts', 'messages'],
  },
  example: { channel: '#general', text: 'Deployed *shop* to production.' },
  async run(context) {
    const access = accessOf(context.config);
    const parts = partsOf(context.input);
    return 'token' in access ? await post(context, parts) : await postSimply(context, access.webhook, parts);
  },
});

interface PostInput {
  readonly channel?: string | undefined;
  readonly text?: string | undefined;
  readonly blocks?: readonly Readonly<Record<string, unknown>>[] | undefined;
  readonly thread_ts?: string | undefined;
  readonly reply_broadcast?: boolean | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  readonly unfurl_links?: boolean | undefined;
}

type PostContext = ActionContext<SlackConfig, PostInput>;

function partsOf({ text, blocks }: PostInput): MessagePart[] {
  const saysNothing = text === undefined || text.trim() === '';
  if (saysNothing && (blocks === undefined || blocks.length === 0)) throw inputInvalid('text', 'give text or blocks.');
  return messageParts(text, blocks);
}

async function post(context: PostContext, parts: readonly MessagePart[]) {
  const { input, config, log } = context;
  const wanted = wellFormed(channelOf(input, config));
  const slack = await openSlack(context, 'postMessage');
  const { thread_ts, reply_broadcast, metadata, unfurl_links } = input;
  const answers = await sendParts(parts, log, (part, index) =>
    slack.call(
      'chat.postMessage',
      {
        ...{ channel: wanted, text: shownText(part), blocks: part.blocks, thread_ts, reply_broadcast, unfurl_links },
        ...(index === 0 && metadata !== undefined && { metadata }),
      },
      { channel: wanted },
    ),
  );
  const all_ts = answers.map((answer) => provenText(answer, 'ts'));
  const [first = {}] = answers;
  return { channel: provenText(first, 'channel'), ts: all_ts[0], all_ts, messages: all_ts.length };
}

/** A webhook has one channel, accepts no metadata, and does not return what it has posted. */
async function postSimply(context: PostContext, webhook: Secret, parts: readonly MessagePart[]) {
  const { input, log } = context;
  for (const property of ['channel', 'metadata', 'reply_broadcast'] as const) {
    if (input[property] === undefined || input[property] === false) continue;
    throw inputInvalid(property, 'a webhook cannot do that; remove it, or set token in the config.');
  }
  const { thread_ts, unfurl_links } = input;
  const sent = await sendParts(parts, log, (part) =>
    postToWebhook(context, webhook, { text: shownText(part), blocks: part.blocks, thread_ts, unfurl_links }),
  );
  return { channel: null, ts: null, all_ts: [], messages: sent.length };
}
