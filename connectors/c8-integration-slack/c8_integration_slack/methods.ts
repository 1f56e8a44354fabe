import type { Rate } from './limits.ts';

/** What has to be known about a method before it is called. */
export interface Method {
  readonly rate: Rate;
  /** Whether calling it twice is the same as calling it once: it only reads, or what it creates is not visible. */
  readonly isRepeatable: boolean;
  /** What its answer contains after a success, besides `ok: true`: see `checkProof`. */
  readonly proof: readonly string[];
  /** Whether it needs the workspace of an organization, which the token does not identify. */
  readonly needsTeam?: boolean;
  /** Slack makes it one call a minute with 15 objects a page for some apps, which shows only by a 429. */
  readonly mayBeRestricted?: boolean;
}

// Calls a minute of https://docs.slack.dev/apis/web-api/rate-limits
const tier2: Rate = { burst: 20, perMinute: 20 };
const tier3: Rate = { burst: 50, perMinute: 50 };
const tier4: Rate = { burst: 100, perMinute: 100 };
/** About one message a second in a channel; Slack tolerates short bursts. */
const posting: Rate = { burst: 5, perMinute: 60 };

// Proofs are from the pages of the methods: https://docs.slack.dev/reference/methods
/** Every method that the connector calls; `webhook` and `upload` are the two kinds of URL that are not a method. */
const methods = {
  // Its own tier: hundreds a minute.
  'auth.test': { rate: tier4, isRepeatable: true, proof: ['user_id'] },
  'chat.postMessage': { rate: posting, isRepeatable: false, proof: ['channel', 'ts'] },
  'chat.update': { rate: tier3, isRepeatable: false, proof: ['channel', 'ts'] },
  'chat.delete': { rate: tier3, isRepeatable: false, proof: ['channel', 'ts'] },
  'files.getUploadURLExternal': { rate: tier4, isRepeatable: true, proof: ['upload_url', 'file_id'] },
  'files.completeUploadExternal': { rate: tier4, isRepeatable: false, proof: ['files.0.id'] },
  'reactions.add': { rate: tier3, isRepeatable: false, proof: [] },
  'users.lookupByEmail': { rate: tier3, isRepeatable: true, proof: ['user.id'] },
  'users.info': { rate: tier4, isRepeatable: true, proof: ['user.id'] },
  'users.list': { rate: tier2, isRepeatable: true, proof: ['members[].id'], needsTeam: true },
  'conversations.list': { rate: tier2, isRepeatable: true, proof: ['channels[].id'], needsTeam: true },
  'conversations.info': { rate: tier3, isRepeatable: true, proof: ['channel.id'] },
  // A direct message that is already open is not changed.
  'conversations.open': { rate: tier3, isRepeatable: true, proof: ['channel.id'] },
  'conversations.history': { rate: tier3, isRepeatable: true, mayBeRestricted: true, proof: ['messages[].ts'] },
  'conversations.replies': { rate: tier3, isRepeatable: true, mayBeRestricted: true, proof: ['messages[].ts'] },
  webhook: { rate: posting, isRepeatable: false, proof: [] },
  // An upload URL works once, and a file is not visible before it is completed, so the request for the URL and the upload are repeated together.
  upload: { rate: tier4, isRepeatable: true, proof: [] },
} as const satisfies Record<string, Method>;

/** A method of the Web API, or one of the two kinds of URL. */
export type MethodName = keyof typeof methods;

/** Those of the Web API. */
export type WebMethod = Exclude<MethodName, 'webhook' | 'upload'>;

/** What has to be known about the method of a name. */
export function methodOf(name: MethodName): Method {
  return methods[name];
}
