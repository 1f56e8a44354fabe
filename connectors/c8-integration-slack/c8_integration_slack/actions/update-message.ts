import { defineAction } from 'c8connector';
import { provenText } from '../answer.ts';
import { channelIdOf } from '../channel.ts';
import { openSlack } from '../client.ts';
import type { SlackConfig } from '../config.ts';
import { inputInvalid } from '../errors.ts';
import { blocksInput, channelInput, metadataInput, timestampInput } from '../inputs.ts';
import { longestText, messageParts, shownText } from '../message-parts.ts';
import { placeSchema } from '../outputs.ts';

export const updateMessage = defineAction<SlackConfig>()({
  description: 'Changes a message of the app. A text that is too long for one message is rejected.',
  input: {
    channel: channelInput,
    ts: timestampInput,
    text: {
      type: 'string',
      displayName: 'Text',
      description: 'The new text in mrkdwn, at most 4,000 characters. Either text or blocks are required.',
    },
    blocks: blocksInput,
    metadata: metadataInput,
  },
  output: placeSchema,
  example: { channel: 'C0123456789', ts: '1700000000.000100', text: 'Deployed *shop* to production. It is live.' },
  async run(context) {
    const { config, input } = context;
    const { ts, text, blocks, metadata } = input;
    const isEmpty = (text ?? '').trim() === '';
    if (isEmpty && (blocks === undefined || blocks.length === 0)) throw inputInvalid('text', 'give text or blocks.');
    if ((text ?? '').length > longestText) {
      throw inputInvalid('text', `a changed message can have at most ${longestText} characters.`);
    }
    const [part, ...others] = messageParts(text, blocks);
    if (part === undefined || others.length > 0) {
      throw inputInvalid('blocks', 'there are too many, or they are too long, for one message.');
    }
    const slack = await openSlack(context, 'updateMessage');
    const channel = await channelIdOf(slack, input, config);
    const shown = { text: shownText(part), blocks: part.blocks ?? [] };
    const answer = await slack.call('chat.update', { channel, ts, ...shown, metadata }, { channel });
    return { channel: provenText(answer, 'channel'), ts: provenText(answer, 'ts') };
  },
});
