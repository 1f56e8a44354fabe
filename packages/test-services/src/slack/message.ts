/** What Slack keeps of `reactions.add`. */
interface Reaction {
  readonly name: string;
  readonly users: string[];
  count: number;
}

export interface MessageMetadata {
  readonly event_type: string;
  readonly event_payload: Readonly<Record<string, unknown>>;
}

export interface SharedFile {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly size: number;
  readonly mimetype: string;
}

/** What a client sends as the content of a message, checked. */
export interface MessageContent {
  readonly text: string;
  readonly blocks?: readonly Readonly<Record<string, unknown>>[];
  readonly attachments?: readonly unknown[];
  readonly metadata?: MessageMetadata;
}

/** A message as the server keeps it, in Slack's own names; `unfurl_*` and `mrkdwn` are what the client asked for. */
export interface StoredMessage {
  readonly type: 'message';
  readonly ts: string;
  text: string;
  subtype?: string;
  user?: string;
  team?: string;
  bot_id?: string;
  app_id?: string;
  username?: string;
  bot_profile?: Readonly<Record<string, unknown>>;
  icons?: Readonly<Record<string, string>>;
  blocks?: readonly Readonly<Record<string, unknown>>[];
  attachments?: readonly unknown[];
  metadata?: MessageMetadata;
  files?: readonly SharedFile[];
  reactions?: Reaction[];
  edited?: { readonly user: string; readonly ts: string };
  hidden?: boolean;
  thread_ts?: string;
  parent_user_id?: string;
  root?: Readonly<Record<string, unknown>>;
  reply_count?: number;
  reply_users_count?: number;
  latest_reply?: string;
  reply_users?: string[];
  unfurl_links?: boolean;
  unfurl_media?: boolean;
  mrkdwn?: boolean;
}

/** A message as the methods answer it; metadata only on request. */
export function shownMessage(message: StoredMessage, withMetadata: boolean): Readonly<Record<string, unknown>> {
  const { metadata, unfurl_links, unfurl_media, mrkdwn, ...shown } = message;
  return withMetadata && metadata ? { ...shown, metadata } : shown;
}
