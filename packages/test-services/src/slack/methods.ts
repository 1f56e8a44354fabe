import { test } from './auth-methods.ts';
import type { Call, Reply } from './call.ts';
import { deleteMessage, postMessage, update } from './chat-methods.ts';
import * as conversations from './conversation-methods.ts';
import { completeUpload, getUploadUrl } from './file-methods.ts';
import { history, replies } from './history-methods.ts';
import { add } from './reaction-methods.ts';
import * as users from './user-methods.ts';

export interface Method {
  /** One of these is needed to call it at all; none is needed for `auth.test`. */
  readonly scopes: readonly string[];
  /** Slack's tier: 1, 20, 50 or 100 calls a minute. Those of chat.postMessage are counted for each channel. */
  readonly perMinute: number;
  /** The others take a form only, and see no argument of a JSON body. */
  readonly acceptsJson: boolean;
  readonly run: (call: Call) => Reply;
}

const tier2 = 20;
const tier3 = 50;
const tier4 = 100;
const readScopes = ['channels:read', 'groups:read', 'mpim:read', 'im:read'];
const historyScopes = ['channels:history', 'groups:history', 'mpim:history', 'im:history'];

// Scopes, tiers and content types as https://docs.slack.dev/reference/methods has them.
export const methods: Readonly<Record<string, Method>> = {
  // A tier of its own: hundreds a minute.
  'auth.test': withJson(600, [], test),
  'chat.postMessage': withJson(60, ['chat:write'], postMessage),
  'chat.update': withJson(tier3, ['chat:write'], update),
  'chat.delete': withJson(tier3, ['chat:write'], deleteMessage),
  'files.getUploadURLExternal': formOnly(tier4, ['files:write'], getUploadUrl),
  'files.completeUploadExternal': withJson(tier4, ['files:write'], completeUpload),
  'reactions.add': withJson(tier3, ['reactions:write'], add),
  'users.lookupByEmail': formOnly(tier3, ['users:read.email'], users.lookupByEmail),
  'users.info': formOnly(tier4, ['users:read'], users.info),
  'users.list': formOnly(tier2, ['users:read'], users.list),
  'conversations.list': formOnly(tier2, readScopes, conversations.list),
  'conversations.info': formOnly(tier3, readScopes, conversations.info),
  'conversations.open': withJson(
    tier3,
    ['im:write', 'channels:manage', 'groups:write', 'mpim:write'],
    conversations.open,
  ),
  'conversations.join': withJson(tier3, ['channels:join'], conversations.join),
  'conversations.history': withJson(tier3, historyScopes, history),
  'conversations.replies': formOnly(tier3, historyScopes, replies),
};

/** Every scope that a method of this server can need. */
export function allScopes(): string[] {
  const ofMethods = Object.values(methods).flatMap(({ scopes }) => scopes);
  return [...new Set([...ofMethods, 'chat:write.public', 'chat:write.customize', 'incoming-webhook'])];
}

function withJson(perMinute: number, scopes: readonly string[], run: Method['run']): Method {
  return { scopes, perMinute, acceptsJson: true, run };
}

function formOnly(perMinute: number, scopes: readonly string[], run: Method['run']): Method {
  return { scopes, perMinute, acceptsJson: false, run };
}
