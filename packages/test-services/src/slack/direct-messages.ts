import type { Call } from './call.ts';
import { SlackError } from './slack-error.ts';
import { type Channel, randomId } from './workspace.ts';

/** The direct message of the app with a user, and whether it was opened just now. */
export function openDirectMessage(
  { token, workspace }: Call,
  userId: string,
): { readonly channel: Channel; readonly isNew: boolean } {
  const user = workspace.users.get(userId);
  if (!user) throw new SlackError('user_not_found');
  if (user.isDeleted) throw new SlackError('user_disabled');
  if (user.isBot) throw new SlackError('cannot_dm_bot');
  const { userId: appUser } = token.app;
  const found = [...workspace.channels.values()].find(
    ({ directWith, members }) => directWith === userId && members.has(appUser),
  );
  if (found) return { channel: found, isNew: false };
  const id = randomId('D');
  const created = Math.floor(workspace.clock() / 1000);
  const channel: Channel = {
    ...{ id, name: id, isPrivate: false, isArchived: false, directWith: userId, created },
    members: new Set([appUser, userId]),
    messages: [],
  };
  workspace.channels.set(id, channel);
  return { channel, isNew: true };
}
