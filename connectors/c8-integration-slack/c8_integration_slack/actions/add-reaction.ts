import { defineAction } from 'c8connector';
import { channelIdOf } from '../channel.ts';
import { openSlack } from '../client.ts';
import type { SlackConfig } from '../config.ts';
import { slackCodeOf } from '../errors.ts';
import { channelInput, timestampInput } from '../inputs.ts';
import { flagSchema, textSchema } from '../outputs.ts';

export const addReaction = defineAction<SlackConfig>()({
  description: 'Adds an emoji to a message. It is not an error if the app has already added it.',
  input: {
    channel: channelInput,
    ts: timestampInput,
    name: {
      type: 'string',
      displayName: 'Emoji',
      description: 'Name of the emoji, with or without colons.',
      isMandatory: true,
      placeholderValue: 'white_check_mark',
    },
  },
  output: {
    type: 'object',
    properties: { channel: textSchema, ts: textSchema, name: textSchema, is_new: flagSchema },
    required: ['channel', 'ts', 'name', 'is_new'],
  },
  example: { channel: 'C0123456789', ts: '1700000000.000100', name: 'white_check_mark' },
  async run(context) {
    const { config, input } = context;
    const { ts } = input;
    const name = input.name.replace(/^:|:$/g, '');
    const slack = await openSlack(context, 'addReaction');
    const channel = await channelIdOf(slack, input, config);
    try {
      await slack.call('reactions.add', { channel, timestamp: ts, name }, { channel, doneCode: 'already_reacted' });
      return { channel, ts, name, is_new: true };
    } catch (error) {
      if (slackCodeOf(error) !== 'already_reacted') throw error;
      return { channel, ts, name, is_new: false };
    }
  },
});
