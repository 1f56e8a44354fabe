import { defineAction } from 'c8connector';
import { openSlack } from '../client.ts';
import type { SlackConfig } from '../config.ts';
import { channelSchema, shownChannel } from '../outputs.ts';
import { allItems } from '../pages.ts';

export const listChannels = defineAction<SlackConfig>()({
  description: 'Lists the channels that the app can see, with their ids.',
  input: {
    include_private: {
      type: 'boolean',
      displayName: 'Include Private Channels',
      description: 'Whether private channels that the app is in are listed too.',
      defaultValue: false,
    },
    include_archived: {
      type: 'boolean',
      displayName: 'Include Archived Channels',
      description: 'Whether archived channels are listed too.',
      defaultValue: false,
    },
  },
  output: {
    type: 'object',
    properties: { channels: { type: 'array', items: channelSchema } },
    required: ['channels'],
  },
  example: { include_private: true },
  async run(context) {
    const { include_private, include_archived } = context.input;
    const slack = await openSlack(context, 'listChannels');
    const types = include_private ? 'public_channel,private_channel' : 'public_channel';
    const args = { types, exclude_archived: !include_archived };
    const channels = await allItems(slack, { method: 'conversations.list', args, items: 'channels' });
    return { channels: channels.map(shownChannel) };
  },
});
