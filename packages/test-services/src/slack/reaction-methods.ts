import { requiredText } from './arguments.ts';
import { type Call, findChannel, isMember, type Reply } from './call.ts';
import { findMessage } from './post.ts';
import { SlackError } from './slack-error.ts';
import { microseconds } from './timestamp.ts';

/** Takes every name that could be an emoji's: which ones a workspace has is not known here. */
export function add(call: Call): Reply {
  const { args, token } = call;
  const channel = findChannel(call, requiredText(args, 'channel'));
  const name = requiredText(args, 'name');
  const timestamp = requiredText(args, 'timestamp');
  microseconds(timestamp, 'bad_timestamp');
  if (!/^[\p{Ll}\p{Lo}\p{N}_+'-]+(::skin-tone-[2-6])?$/u.test(name)) throw new SlackError('invalid_name');
  if (channel.isArchived) throw new SlackError('is_archived');
  if (!isMember(call, channel)) throw new SlackError('not_in_channel');
  const message = findMessage(channel, timestamp);
  if (!message || message.hidden) throw new SlackError('message_not_found');
  message.reactions ??= [];
  const found = message.reactions.find((reaction) => reaction.name === name);
  const { userId } = token.app;
  if (found?.users.includes(userId)) throw new SlackError('already_reacted');
  if (found) {
    found.users.push(userId);
    found.count += 1;
  } else message.reactions.push({ name, users: [userId], count: 1 });
  return {};
}
