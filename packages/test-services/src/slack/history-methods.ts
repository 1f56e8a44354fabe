import { type Arguments, flag, limitOf, requiredText, text } from './arguments.ts';
import { type Call, findChannel, isMember, type Reply, requireChannelScope } from './call.ts';
import { type StoredMessage, shownMessage } from './message.ts';
import { type Page, pageOf } from './pages.ts';
import { findMessage, repliesOf } from './post.ts';
import { SlackError } from './slack-error.ts';
import { microseconds } from './timestamp.ts';
import type { Channel } from './workspace.ts';

/** Newest first; of replies only those that were broadcast. */
export function history(call: Call): Reply {
  const channel = channelToRead(call);
  const shown = channel.messages
    .filter(({ ts, thread_ts: threadTs, subtype }) => (threadTs ?? ts) === ts || subtype === 'thread_broadcast')
    .filter(withinRange(call.args))
    .reverse();
  const { usual, largest } = call.historyPage;
  const limit = limitOf(call.args, usual, largest);
  return { ...answer(call, pageOf(shown, call.args, limit, 'next_ts', keyOf)), pin_count: 0 };
}

/** Oldest first; the parent, at the start of the first page, is there whatever the range. */
export function replies(call: Call): Reply {
  const channel = channelToRead(call);
  const parent = findMessage(channel, requiredText(call.args, 'ts'));
  if (!parent) throw new SlackError('thread_not_found');
  const thread = [parent, ...repliesOf(channel, parent.ts).filter(withinRange(call.args))];
  const { usual, largest } = call.historyPage;
  // Unlike a history, a thread has pages of 1,000 unless asked.
  const limit = limitOf(call.args, usual === 100 ? 1000 : usual, largest === 999 ? 1000 : largest);
  return answer(call, pageOf(thread, call.args, limit, 'next_ts', keyOf));
}

function channelToRead(call: Call): Channel {
  const channel = findChannel(call, requiredText(call.args, 'channel'));
  requireChannelScope(call, channel, 'history');
  if (!isMember(call, channel)) throw new SlackError('not_in_channel');
  return channel;
}

function withinRange(args: Arguments): (message: StoredMessage) => boolean {
  const oldest = text(args, 'oldest');
  const latest = text(args, 'latest');
  const from = oldest === undefined ? Number.NEGATIVE_INFINITY : microseconds(oldest, 'invalid_ts_oldest');
  const to = latest === undefined ? Number.POSITIVE_INFINITY : microseconds(latest, 'invalid_ts_latest');
  const inclusive = flag(args, 'inclusive') === true;
  return ({ ts }) => {
    const at = microseconds(ts, 'invalid_ts');
    return inclusive ? at >= from && at <= to : at > from && at < to;
  };
}

function answer({ args }: Call, { items, nextCursor }: Page<StoredMessage>): Reply {
  const withMetadata = flag(args, 'include_all_metadata') === true;
  return {
    messages: items.map((message) => shownMessage(message, withMetadata)),
    has_more: nextCursor !== '',
    response_metadata: { next_cursor: nextCursor },
  };
}

function keyOf({ ts }: StoredMessage): string {
  return ts.replace('.', '');
}
