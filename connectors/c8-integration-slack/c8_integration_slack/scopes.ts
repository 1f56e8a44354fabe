/** The scopes of one action: all of `needed`, and each scope of `sometimes` only for the use that is its value. */
export interface ActionScopes {
  readonly needed: readonly string[];
  readonly sometimes?: Readonly<Record<string, string>>;
}

/** The direct message with a user has to be opened to know its id. */
const users = { 'im:write': 'the id of a user as channel' };

/** What each action needs, for check and docs. From Slack's pages of the methods. */
export const scopes = {
  postMessage: {
    needed: ['chat:write'],
    sometimes: { 'chat:write.public': 'public channels that the app is not in' },
  },
  updateMessage: { needed: ['chat:write'], sometimes: users },
  deleteMessage: { needed: ['chat:write'], sometimes: users },
  uploadFile: { needed: ['files:write'], sometimes: users },
  addReaction: { needed: ['reactions:write'], sometimes: users },
  lookupUser: { needed: ['users:read'], sometimes: { 'users:read.email': 'emails in input and output' } },
  listChannels: { needed: ['channels:read'], sometimes: { 'groups:read': 'private channels' } },
  listUsers: { needed: ['users:read'], sometimes: { 'users:read.email': 'emails in the output' } },
  readMessages: {
    needed: ['channels:history'],
    sometimes: { 'groups:history': 'private channels', 'im:history': 'direct messages', ...users },
  },
} as const satisfies Record<string, ActionScopes>;

/** The actions that have scopes, which are all. */
export type ActionName = keyof typeof scopes;

/** Without them the integration cannot be used: posting is what it is for, alerts and rows to actions included. A token without them does not pass check. */
export const essentialScopes: readonly string[] = ['chat:write'];

/** Whether a scope is granted; old tokens have parts of one, such as chat:write:bot. */
export function isGranted(scope: string, granted: readonly string[]): boolean {
  return granted.some((one) => one === scope || one.startsWith(`${scope}:`));
}

/** The actions that will be refused, by the scope that they lack. */
export function missingScopes(granted: readonly string[]): Map<string, ActionName[]> {
  const missing = new Map<string, ActionName[]>();
  for (const [name, { needed }] of Object.entries(scopes)) {
    for (const scope of needed) {
      if (!isGranted(scope, granted)) missing.set(scope, [...(missing.get(scope) ?? []), name as ActionName]);
    }
  }
  return missing;
}
