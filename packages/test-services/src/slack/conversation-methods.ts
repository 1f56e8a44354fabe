import { type Arguments, flag, limitOf, requiredText, text } from './arguments.ts';
import {
  type Call,
  findChannel,
  isMember,
  missingScope,
  type Reply,
  requireChannelScope,
  requireTeam,
} from './call.ts';
import { openDirectMessage } from './direct-messages.ts';
import { pageOf } from './pages.ts';
import { SlackError } from './slack-error.ts';
import type { Channel } from './workspace.ts';

/** The scope that each type of conversation needs. */
const scopeOfType: Readonly<Record<string, string>> = {
  public_channel: 'channels:read',
  private_channel: 'groups:read',
  mpim: 'mpim:read',
  im: 'im:read',
};

export function list(call: Call): Reply {
  const { args, token, workspace } = call;
  requireTeam(call);
  const types = readTypes(args);
  const missing = types.flatMap((type) => scopeOfType[type] ?? []).filter((scope) => !token.scopes.includes(scope));
  if (missing.length > 0) throw missingScope(token, missing.join(','));
  const withoutArchived = flag(args, 'exclude_archived') === true;
  const found = [...workspace.channels.values()]
    .filter((channel) => types.includes(typeOf(channel)))
    .filter((channel) => !channel.isPrivate || isMember(call, channel))
    .filter(({ isArchived }) => !(withoutArchived && isArchived));
  const limit = limitOf(args, 100, 999, 'invalid_limit');
  const { items, nextCursor } = pageOf(found, args, limit, 'team', ({ id }) => id);
  const channels = items.map((channel) => ({ ...shownChannel(call, channel), num_members: channel.members.size }));
  return { channels, response_metadata: { next_cursor: nextCursor } };
}

export function info(call: Call): Reply {
  const channel = findChannel(call, requiredText(call.args, 'channel'));
  requireChannelScope(call, channel, 'read');
  const count = flag(call.args, 'include_num_members') === true ? { num_members: channel.members.size } : {};
  return { channel: { ...shownChannel(call, channel), ...count } };
}

/** Opens the direct message with a user; the one that is open already stays. */
export function open(call: Call): Reply {
  const { args } = call;
  const users = requiredText(args, 'users')
    .split(',')
    .map((id) => id.trim());
  const [user = ''] = users;
  // Group conversations are not needed here.
  if (users.length > 1) throw new SlackError('not_enough_users');
  const { channel, isNew } = openDirectMessage(call, user);
  return { channel: { id: channel.id }, ...(!isNew && { no_op: true, already_open: true }) };
}

function typeOf({ isPrivate, directWith }: Channel): string {
  if (directWith !== undefined) return 'im';
  return isPrivate ? 'private_channel' : 'public_channel';
}

export function join(call: Call): Reply {
  const channel = findChannel(call, requiredText(call.args, 'channel'));
  if (channel.isPrivate) throw new SlackError('method_not_supported_for_channel_type');
  if (channel.isArchived) throw new SlackError('is_archived');
  const warning = 'already_in_channel';
  const warned = isMember(call, channel) ? { warning, response_metadata: { warnings: [warning] } } : {};
  channel.members.add(call.token.app.userId);
  return { channel: shownChannel(call, channel), ...warned };
}

function readTypes(args: Arguments): string[] {
  const types = (text(args, 'types') ?? 'public_channel').split(',').map((type) => type.trim());
  if (types.some((type) => scopeOfType[type] === undefined)) throw new SlackError('invalid_types');
  return types;
}

function shownChannel(call: Call, channel: Channel): Readonly<Record<string, unknown>> {
  const { id, name, isPrivate, isArchived, created } = channel;
  const { teamId } = call.workspace;
  const described = { value: '', creator: '', last_set: 0 };
  return {
    id,
    name,
    name_normalized: name,
    is_channel: !isPrivate,
    is_group: isPrivate,
    is_im: false,
    is_mpim: false,
    is_private: isPrivate,
    created,
    updated: created * 1000,
    is_archived: isArchived,
    is_general: false,
    unlinked: 0,
    is_shared: false,
    is_org_shared: false,
    is_ext_shared: false,
    is_pending_ext_shared: false,
    pending_shared: [],
    context_team_id: teamId,
    shared_team_ids: [teamId],
    is_member: isMember(call, channel),
    topic: described,
    purpose: described,
    previous_names: [],
  };
}
