import { limitOf, requiredText } from './arguments.ts';
import { type Call, type Reply, requireTeam } from './call.ts';
import { pageOf } from './pages.ts';
import { SlackError } from './slack-error.ts';
import type { User } from './workspace.ts';

export function list(call: Call): Reply {
  requireTeam(call);
  const { args, workspace } = call;
  const users = [...workspace.users.values()];
  // Without a limit Slack tries to give all users at once.
  const limit = limitOf(args, Math.max(users.length, 1), 1000);
  const { items, nextCursor } = pageOf(users, args, limit, 'user', ({ id }) => id);
  return {
    members: items.map((user) => shownUser(call, user)),
    cache_ts: Math.floor(workspace.clock() / 1000),
    response_metadata: { next_cursor: nextCursor },
  };
}

export function info(call: Call): Reply {
  const user = call.workspace.users.get(requiredText(call.args, 'user'));
  if (!user) throw new SlackError('user_not_found');
  return { user: shownUser(call, user) };
}

/** Finds people who are still there, whatever the case of their address. */
export function lookupByEmail(call: Call): Reply {
  const email = requiredText(call.args, 'email').toLowerCase();
  const users = [...call.workspace.users.values()];
  const user = users.find((candidate) => !candidate.isDeleted && candidate.email?.toLowerCase() === email);
  if (!user) throw new SlackError('users_not_found');
  return { user: shownUser(call, user) };
}

function shownUser({ workspace, token }: Call, user: User): Readonly<Record<string, unknown>> {
  const { id, name, realName, email, isBot, isDeleted, updated } = user;
  const showsEmail = email !== undefined && token.scopes.includes('users:read.email');
  return {
    id,
    team_id: workspace.teamId,
    name,
    deleted: isDeleted,
    ...(!isDeleted && { real_name: realName, tz: 'Etc/UTC', tz_label: 'UTC', tz_offset: 0, color: '9f69e7' }),
    profile: {
      real_name: realName,
      real_name_normalized: realName,
      display_name: name,
      display_name_normalized: name,
      status_text: '',
      status_emoji: '',
      team: workspace.teamId,
      ...(showsEmail && { email }),
    },
    is_bot: isBot,
    is_app_user: false,
    ...(!isDeleted && { is_admin: false, is_owner: false, is_restricted: false, is_ultra_restricted: false }),
    updated,
  };
}
