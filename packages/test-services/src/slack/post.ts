import type { StoredMessage } from './message.ts';
import { shownMessage } from './message.ts';
import { SlackError } from './slack-error.ts';
import { microseconds } from './timestamp.ts';
import type { App, Channel, Workspace } from './workspace.ts';

/** A message before it has its place in a channel. */
export type NewMessage = Partial<Omit<StoredMessage, 'type'>> & { readonly text: string };

/** Keeps a message, and counts it in its thread when `thread_ts` is given. */
export function keepMessage(workspace: Workspace, channel: Channel, message: NewMessage): StoredMessage {
  const { thread_ts: threadTs, ...rest } = message;
  const stored: StoredMessage = { ...rest, type: 'message', ts: message.ts ?? workspace.nextTs() };
  if (threadTs !== undefined) joinThread(channel, stored, threadTs);
  const place = channel.messages.findLastIndex((other) => order(other) <= order(stored));
  channel.messages.splice(place + 1, 0, stored);
  return stored;
}

/** Who a message of an app is from. */
export function authorship({ teamId }: Workspace, { userId, botId, appId, name }: App): Partial<StoredMessage> {
  const profile = { id: botId, app_id: appId, user_id: userId, name, deleted: false, team_id: teamId };
  return { user: userId, team: teamId, bot_id: botId, app_id: appId, username: name, bot_profile: profile };
}

export function findMessage(channel: Channel, ts: string): StoredMessage | undefined {
  return channel.messages.find((message) => message.ts === ts);
}

/** A message whose thread another one may join: a reply's own thread is that of its parent. */
export function findParent(channel: Channel, ts: string): StoredMessage {
  const found = findMessage(channel, ts);
  const parent =
    found?.thread_ts === undefined || found.thread_ts === ts ? found : findMessage(channel, found.thread_ts);
  if (!parent) throw new SlackError('thread_not_found');
  return parent;
}

export function repliesOf(channel: Channel, parentTs: string): StoredMessage[] {
  return channel.messages.filter(({ ts, thread_ts: threadTs }) => threadTs === parentTs && ts !== parentTs);
}

/** Brings the counts of a parent in line with the replies that it has. */
export function countReplies(channel: Channel, parent: StoredMessage, replies = repliesOf(channel, parent.ts)): void {
  const latest = replies.at(-1)?.ts;
  if (latest === undefined) {
    for (const name of ['thread_ts', 'reply_count', 'reply_users_count', 'latest_reply', 'reply_users'] as const) {
      delete parent[name];
    }
    return;
  }
  const users = [...new Set(replies.flatMap(({ user, bot_id: bot }) => user ?? bot ?? []))];
  const counts = { reply_count: replies.length, reply_users_count: users.length, reply_users: users };
  Object.assign(parent, { thread_ts: parent.ts, latest_reply: latest, ...counts });
}

function joinThread(channel: Channel, reply: StoredMessage, threadTs: string): void {
  const parent = findParent(channel, threadTs);
  reply.thread_ts = parent.ts;
  if (parent.user !== undefined) reply.parent_user_id = parent.user;
  countReplies(channel, parent, [...repliesOf(channel, parent.ts), reply]);
  if (reply.subtype === 'thread_broadcast') reply.root = shownMessage(parent, false);
}

function order({ ts }: StoredMessage): number {
  return microseconds(ts, 'invalid_ts');
}
