import { type Arguments, text } from './arguments.ts';
import { SlackError } from './slack-error.ts';
import type { Channel, Token, Workspace } from './workspace.ts';

/** An authenticated call on its way to its method. */
export interface Call {
  readonly args: Arguments;
  readonly token: Token;
  readonly workspace: Workspace;
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** The most messages that a page of a history may have, and how many it has unless asked. */
  readonly historyPage: { readonly usual: number; readonly largest: number };
}

/** The fields of an answer beside `ok`. */
export type Reply = Readonly<Record<string, unknown>>;

export function missingScope(token: Token, needed: string): SlackError {
  return new SlackError('missing_scope', { needed, provided: token.scopes.join(',') });
}

export function requireScope(token: Token, scope: string): void {
  if (!token.scopes.includes(scope)) throw missingScope(token, scope);
}

export function isMember({ token }: Call, channel: Channel): boolean {
  return channel.members.has(token.app.userId);
}

/** The methods that act on one workspace of an organization want to know which. */
export function requireTeam({ args, token, workspace }: Call): void {
  if (!token.isOrganization) return;
  const team = text(args, 'team_id');
  if (team === undefined) {
    const messages = ['[ERROR] missing required field: team_id'];
    throw new SlackError('missing_argument', { response_metadata: { messages } });
  }
  if (team !== workspace.teamId) throw new SlackError('team_access_not_granted');
}

/** The channel of an id, if the caller may know of it. */
export function findChannel(call: Call, id: string): Channel {
  const channel = call.workspace.channels.get(id);
  if (!channel || ((channel.isPrivate || channel.directWith !== undefined) && !isMember(call, channel)))
    throw new SlackError('channel_not_found');
  return channel;
}

/** For the methods whose scope is another one for private channels: `channels:history`, `groups:history`. */
export function requireChannelScope(call: Call, channel: Channel, verb: 'read' | 'history'): void {
  const kind = channel.directWith === undefined ? (channel.isPrivate ? 'groups' : 'channels') : 'im';
  requireScope(call.token, `${kind}:${verb}`);
}
