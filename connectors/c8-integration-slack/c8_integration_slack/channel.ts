import type { SlackConfig } from './config.ts';
import { inputInvalid } from './errors.ts';

/** The channel of an input, else that of the config. Throws a ConfigError `input_invalid` that names `channel` when there is neither. */
export function channelOf(input: { readonly channel?: string | undefined }, { channel }: SlackConfig): string {
  const found = (input.channel ?? '').trim() || (channel ?? '').trim();
  if (found !== '') return found;
  throw inputInvalid('channel', 'give the channel here, or one for all actions in the config.');
}

/** For the methods that take no name: most of them. */
export function channelIdOf(input: { readonly channel?: string | undefined }, config: SlackConfig): string {
  const channel = channelOf(input, config);
  if (isChannelId(channel)) return channel;
  throw inputInvalid(
    'channel',
    `${channel} is a name, and Slack wants an id here, such as C0123456789; listChannels shows them.`,
  );
}

/** Ids begin with C, G or D and hold no small letters; names hold no capitals. */
export function isChannelId(channel: string): boolean {
  return /^[CGD][A-Z0-9]{5,}$/.test(channel);
}
