import { randomBytes, randomInt } from 'node:crypto';
import type { StoredMessage } from './message.ts';
import { createTimestamps } from './timestamp.ts';

export interface App {
  readonly appId: string;
  readonly botId: string;
  /** The bot's user id. */
  readonly userId: string;
  readonly name: string;
}

export interface Token {
  readonly value: string;
  readonly app: App;
  readonly scopes: readonly string[];
  /** Whether the app is installed in the whole organization, so that lists want a `team_id`. */
  readonly isOrganization: boolean;
  /** The error that the token gives from now on, such as `token_revoked`. */
  refusal: string | undefined;
}

export interface Channel {
  readonly id: string;
  readonly name: string;
  readonly isPrivate: boolean;
  /** The user at the other end of a direct message; `undefined` for any other channel. */
  readonly directWith?: string;
  isArchived: boolean;
  /** Seconds since 1970. */
  readonly created: number;
  /** User ids. */
  readonly members: Set<string>;
  /** Rising by `ts`, replies among them. */
  readonly messages: StoredMessage[];
}

export interface User {
  readonly id: string;
  readonly name: string;
  readonly realName: string;
  readonly email: string | undefined;
  readonly isBot: boolean;
  readonly isDeleted: boolean;
  /** Seconds since 1970. */
  readonly updated: number;
}

interface Webhook {
  /** `/services/T…/B…/…` */
  readonly path: string;
  readonly channelId: string;
  /** Whether the workspace forbids it to post. */
  readonly isProhibited: boolean;
}

export interface UploadedFile {
  readonly id: string;
  readonly name: string;
  /** Bytes that the client announced. */
  readonly length: number;
  readonly owner: App;
  title: string;
  /** `undefined` until the upload URL was used. */
  content: Buffer | undefined;
  /** Whether `files.completeUploadExternal` finished it. */
  isComplete: boolean;
  /** Ids of the channels that it was shared in. */
  readonly channels: string[];
}

/** Everything the server knows. */
export interface Workspace {
  readonly teamId: string;
  readonly app: App;
  readonly tokens: Map<string, Token>;
  readonly channels: Map<string, Channel>;
  readonly users: Map<string, User>;
  readonly webhooks: Map<string, Webhook>;
  readonly files: Map<string, UploadedFile>;
  /** Path of an upload URL to the id of its file; an entry goes when it is used. */
  readonly uploads: Map<string, string>;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  readonly nextTs: () => string;
}

export function createWorkspace(clock: () => number): Workspace {
  const maps = { tokens: new Map(), channels: new Map(), users: new Map(), webhooks: new Map() };
  const nextTs = createTimestamps(clock);
  const app = createApp('testbot');
  const files = { files: new Map(), uploads: new Map() };
  const workspace: Workspace = { teamId: randomId('T'), app, ...maps, ...files, clock, nextTs };
  addBotUser(workspace, app);
  return workspace;
}

export function createApp(name: string): App {
  return { appId: randomId('A'), botId: randomId('B'), userId: randomId('U'), name };
}

export function addBotUser({ users, clock }: Workspace, { userId, name }: App): void {
  const updated = Math.floor(clock() / 1000);
  users.set(userId, { id: userId, name, realName: name, email: undefined, isBot: true, isDeleted: false, updated });
}

/** Such as `C0A1B2C3D4E`; `prefix` says what it names. */
export function randomId(prefix: string): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
  return `${prefix}0${Array.from({ length: 9 }, () => letters[randomInt(letters.length)]).join('')}`;
}

export function randomSecret(): string {
  return randomBytes(12).toString('hex');
}
