import { objectOf, provenText } from './answer.ts';
import type { Slack } from './client.ts';
import type { SlackConfig } from './config.ts';
import { inputInvalid } from './errors.ts';

/** The channel of an input, else that of the config. Throws a ConfigError `input_invalid` that names `channel` when there is neither. */
export function channelOf(input: { readonly channel?: string | undefined }, { channel }: SlackConfig): string {
  const found = (input.channel ?? '').trim() || (channel ?? '').trim();
  if (found !== '') return found;
  throw inputInvalid('channel', 'give the channel here, or one for all actions in the config.');
}

/**
 * The id of a channel, for the methods that take nothing else: most of them. For the id of a user it is that of the direct message with that user, which is opened where there is none yet. Throws a
 * ConfigError `input_invalid` for a name.
 */
export async function channelIdOf(
  slack: Pick<Slack, 'call'>,
  input: { readonly channel?: string | undefined },
  config: SlackConfig,
): Promise<string> {
  const channel = channelOf(input, config);
  if (isChannelId(channel)) return channel;
  if (isUserId(channel)) {
    const answer = await slack.call('conversations.open', { users: channel }, { channel });
    return provenText(objectOf(answer.channel), 'id');
  }
  throw inputInvalid(
    'channel',
    `${channel} is a name, and Slack needs an id here, such as C0123456789; listChannels shows the ids.`,
  );
}

/** Ids of people begin with U or W. */
export function isUserId(channel: string): boolean {
  return /^[UW][A-Z0-9]{5,}$/.test(channel);
}

/** Whether an id is that of a direct message. */
export function isDirectMessage(channel: string): boolean {
  return /^D[A-Z0-9]{5,}$/.test(channel);
}

/** Ids begin with C, G or D and hold no small letters; names hold no capitals. */
export function isChannelId(channel: string): boolean {
  return /^[CGD][A-Z0-9]{5,}$/.test(channel);
}
