import { flag, requiredText, text } from './arguments.ts';
import { type Call, findChannel, isMember, type Reply, requireScope } from './call.ts';
import { openDirectMessage } from './direct-messages.ts';
import { type StoredMessage, shownMessage } from './message.ts';
import { readContent, readPresentation } from './message-content.ts';
import { authorship, countReplies, findMessage, findParent, keepMessage, repliesOf } from './post.ts';
import { SlackError } from './slack-error.ts';
import type { Channel } from './workspace.ts';

export function postMessage(call: Call): Reply {
  const { args, workspace, token } = call;
  const channel = channelToPostIn(call, requiredText(args, 'channel'));
  const content = readContent(args, 40_000);
  const threadTs = text(args, 'thread_ts');
  const isBroadcast = threadTs !== undefined && flag(args, 'reply_broadcast') === true;
  const message = keepMessage(workspace, channel, {
    ...authorship(workspace, token.app),
    ...content,
    ...customized(call),
    ...readPresentation(args),
    ...(threadTs !== undefined && { thread_ts: findParent(channel, threadTs).ts }),
    ...(isBroadcast && { subtype: 'thread_broadcast' }),
  });
  return { channel: channel.id, ts: message.ts, message: shownMessage(message, true) };
}

export function update(call: Call): Reply {
  const { args, token, workspace } = call;
  const channel = findChannel(call, requiredText(args, 'channel'));
  const message = findMessage(channel, requiredText(args, 'ts'));
  if (!message) throw new SlackError('message_not_found');
  if (channel.isArchived) throw new SlackError('is_inactive');
  if (message.bot_id !== token.app.botId || message.hidden) throw new SlackError('cant_update_message');
  // A limit of this method alone; a message may be posted with ten times as many.
  const content = readContent(args, 4_000);
  const { blocks, attachments, metadata } = content;
  message.text = content.text;
  // A new text alone takes the old blocks' place.
  if (blocks) message.blocks = blocks;
  else if (content.text !== '') delete message.blocks;
  if (attachments) message.attachments = attachments;
  if (metadata) message.metadata = metadata;
  else if (args.metadata !== undefined) delete message.metadata;
  message.edited = { user: token.app.userId, ts: workspace.nextTs() };
  return { channel: channel.id, ts: message.ts, text: message.text, message: shownMessage(message, true) };
}

export function deleteMessage(call: Call): Reply {
  const { args, token } = call;
  const channel = findChannel(call, requiredText(args, 'channel'));
  const ts = requiredText(args, 'ts');
  const message = findMessage(channel, ts);
  if (!message || message.hidden) throw new SlackError('message_not_found');
  if (message.bot_id !== token.app.botId) throw new SlackError('cant_delete_message');
  remove(channel, message);
  return { channel: channel.id, ts };
}

/** What stays of a deleted message with replies is a tombstone. */
function remove(channel: Channel, message: StoredMessage): void {
  const at = channel.messages.indexOf(message);
  const { ts, thread_ts: threadTs, reply_count, reply_users_count, latest_reply, reply_users } = message;
  if (repliesOf(channel, ts).length > 0) {
    const counts = { reply_count, reply_users_count, latest_reply, reply_users };
    const text = 'This message was deleted.';
    const tombstone = { type: 'message', subtype: 'tombstone', user: 'USLACKBOT', hidden: true, ts, text } as const;
    channel.messages[at] = Object.assign({ ...tombstone, thread_ts: ts }, counts) as StoredMessage;
    return;
  }
  channel.messages.splice(at, 1);
  const parent = threadTs === undefined ? undefined : findMessage(channel, threadTs);
  if (parent) countReplies(channel, parent);
}

function channelToPostIn(call: Call, idOrName: string): Channel {
  // Of all methods this one alone takes a user, for a direct message.
  if (call.workspace.users.has(idOrName)) return openDirectMessage(call, idOrName).channel;
  const name = idOrName.replace(/^#/, '');
  const named = [...call.workspace.channels.values()].find((channel) => channel.name === name);
  const channel = findChannel(call, named?.id ?? idOrName);
  if (channel.isArchived) throw new SlackError('is_archived');
  if (!isMember(call, channel) && !call.token.scopes.includes('chat:write.public')) {
    throw new SlackError('not_in_channel');
  }
  return channel;
}

function customized({ args, token }: Call): Partial<StoredMessage> {
  const username = text(args, 'username');
  const emoji = text(args, 'icon_emoji');
  const url = text(args, 'icon_url');
  if (username === undefined && emoji === undefined && url === undefined) return {};
  requireScope(token, 'chat:write.customize');
  const icons = { ...(emoji !== undefined && { emoji }), ...(url !== undefined && { image_64: url }) };
  return { subtype: 'bot_message', ...(username !== undefined && { username }), icons };
}
