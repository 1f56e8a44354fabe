import { defineAction } from 'c8connector';
import { channelIdOf } from '../channel.ts';
import { openSlack } from '../client.ts';
import type { SlackConfig } from '../config.ts';
import { channelInput, timestampInput } from '../inputs.ts';
import { placeSchema } from '../outputs.ts';

export const deleteMessage = defineAction<SlackConfig>()({
  description: 'Deletes a message of the app.',
  input: { channel: channelInput, ts: timestampInput },
  output: placeSchema,
  example: { channel: 'C0123456789', ts: '1700000000.000100' },
  async run(context) {
    const { config, input } = context;
    const slack = await openSlack(context, 'deleteMessage');
    const channel = await channelIdOf(slack, input, config);
    await slack.call('chat.delete', { channel, ts: input.ts }, { channel, doneCode: 'message_not_found' });
    return { channel, ts: input.ts };
  },
});
