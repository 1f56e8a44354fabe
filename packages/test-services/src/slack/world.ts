import type { StoredMessage } from './message.ts';
import { allScopes } from './methods.ts';
import { authorship, keepMessage, type NewMessage } from './post.ts';
import * as workspaces from './workspace.ts';
import { type Channel, randomId, randomSecret, type UploadedFile, type Workspace } from './workspace.ts';

export interface ChannelOptions {
  readonly name?: string;
  readonly isPrivate?: boolean;
  readonly isArchived?: boolean;
  /** Whether the app of `server.token` is in it; `true` unless given. */
  readonly isMember?: boolean;
}

export interface UserOptions {
  readonly name?: string;
  readonly realName?: string;
  readonly email?: string;
  readonly isBot?: boolean;
  readonly isDeleted?: boolean;
}

export interface TokenOptions {
  /** All scopes that the server knows unless given. */
  readonly scopes?: readonly string[];
  /** Whether the app is installed in the whole organization. */
  readonly isOrganization?: boolean;
  /** A name makes the token one of another app, whose bot is in no channel. */
  readonly appName?: string;
}

/** What tests set up and look at without a call. */
export interface SlackWorld {
  /** The app of `token`. */
  readonly app: workspaces.App;
  readonly teamId: string;
  /** Files by the order of their upload URLs, unfinished ones too. */
  readonly files: readonly UploadedFile[];
  addToken(options?: TokenOptions): string;
  /** Makes a token answer `token_revoked`, `account_inactive` or `token_expired`. */
  revokeToken(token: string, error?: string): void;
  /** Returns the id. */
  addChannel(options?: ChannelOptions): string;
  archiveChannel(id: string): void;
  removeChannel(id: string): void;
  /** Returns the id. */
  addUser(options?: UserOptions): string;
  /** Returns the URL. */
  addWebhook(channelId: string, options?: { readonly isProhibited?: boolean }): string;
  removeWebhook(url: string): void;
  /** Keeps a message as it is, of the app unless `user` is given, and gives it; `ts` may lie in the past. */
  post(channelId: string, text: string, message?: Partial<NewMessage>): StoredMessage;
  /** All messages of a channel, replies too, rising by `ts`. */
  messages(channelId: string): readonly StoredMessage[];
}

export function createWorld(workspace: Workspace, url: string): SlackWorld {
  const { teamId, app, tokens, channels, users, webhooks, files, clock } = workspace;
  const seconds = () => Math.floor(clock() / 1000);
  return {
    app,
    teamId,
    get files() {
      return [...files.values()];
    },
    addToken({ scopes = allScopes(), appName, isOrganization = false } = {}) {
      const owner = appName === undefined ? app : workspaces.createApp(appName);
      if (owner !== app) workspaces.addBotUser(workspace, owner);
      const value = `xoxb-${randomSecret()}`;
      tokens.set(value, { value, app: owner, scopes, isOrganization, refusal: undefined });
      return value;
    },
    revokeToken(token, error = 'token_revoked') {
      const found = tokens.get(token);
      if (found) found.refusal = error;
    },
    addChannel({ name = `channel-${channels.size + 1}`, isPrivate = false, isArchived = false, isMember = true } = {}) {
      const id = randomId('C');
      const members = new Set(isMember ? [app.userId] : []);
      channels.set(id, { id, name, isPrivate, isArchived, members, created: seconds(), messages: [] });
      return id;
    },
    archiveChannel(id) {
      findChannel(workspace, id).isArchived = true;
    },
    removeChannel: (id) => void channels.delete(id),
    addUser({ name = `user${users.size}`, realName = name, email, isBot = false, isDeleted = false } = {}) {
      const id = randomId('U');
      users.set(id, { id, name, realName, email, isBot, isDeleted, updated: seconds() });
      return id;
    },
    addWebhook(channelId, { isProhibited = false } = {}) {
      const path = `/services/${teamId}/${randomId('B')}/${randomSecret()}`;
      webhooks.set(path, { path, channelId, isProhibited });
      return `${url}${path}`;
    },
    removeWebhook: (webhook) => void webhooks.delete(new URL(webhook).pathname),
    post(channelId, text, message = {}) {
      const author = message.user === undefined ? authorship(workspace, app) : { team: teamId };
      return keepMessage(workspace, findChannel(workspace, channelId), { ...author, ...message, text });
    },
    messages: (channelId) => [...findChannel(workspace, channelId).messages],
  };
}

function findChannel({ channels }: Workspace, id: string): Channel {
  const channel = channels.get(id);
  if (!channel) throw new Error(`The Slack server has no channel ${id}.`);
  return channel;
}
