/**
 * The meaning of one of Slack's error codes: `login` and `access` concern the owner of the app, `refused` the author of the input. `limited` requests a
 * wait. After `busy` nothing was done and the call may work later, and after `unclear` some of it may have been done.
 */
export interface SlackErrorEntry {
  readonly kind: 'login' | 'access' | 'refused' | 'limited' | 'busy' | 'unclear';
  /** What to do, as one sentence. */
  readonly remedy: string;
  /** The property of the config or the input at fault. */
  readonly property?: string;
}

const newToken = 'Copy the token again from the page of the app (OAuth & Permissions).';
const newWebhook = 'Create a new webhook on the page of the app (Incoming Webhooks), and set webhook_url to it.';
const askAdmin = 'Ask an administrator of the workspace to allow it.';
const asId = 'Use the id at the end of the channel details, and invite the app if the channel is private.';
const otherChannel = 'Unarchive the channel, or choose another one.';
const slackFails = 'Run again later; see https://slack-status.com.';
const forTeam = 'Set team_id if the token belongs to an organization; otherwise correct what the message names.';
const allBlocks = 'Correct the blocks; Block Kit Builder shows what is wrong.';

/** Every code with a specific fix. From Slack's pages of the methods, and for webhooks from its page on sending messages. */
export const slackErrors: Readonly<Record<string, SlackErrorEntry>> = {
  invalid_auth: login(newToken),
  not_authed: login('Set token.'),
  account_inactive: login('The app or its user was removed: install it again, and set the new token.'),
  token_revoked: login('The app was removed from the workspace: install it again, and set the new token.'),
  token_expired: login('The app rotates its tokens: disable token rotation, or set a new token.'),
  two_factor_setup_required: login('The user of the token must set up two-factor authentication.'),
  org_login_required: login('The workspace is moving to an Enterprise organization: wait until that is done.'),
  invalid_token: login(newWebhook, 'webhook_url'),
  no_service: login(newWebhook, 'webhook_url'),
  no_service_id: login(newWebhook, 'webhook_url'),
  no_team: login(newWebhook, 'webhook_url'),
  team_disabled: login('The workspace is no longer active: choose another one.', 'webhook_url'),

  missing_scope: access('Add the scope to the app (OAuth & Permissions), install it again, and set the new token.'),
  not_allowed_token_type: access('Use a bot token (xoxb-…), or a user token if the method needs one.'),
  no_permission: access('Invite the app into the channel, and give it the scopes of the action.'),
  access_denied: access(askAdmin),
  accesslimited: access('The workspace allows only some networks: run from one of them.'),
  ekm_access_denied: access(askAdmin),
  enterprise_is_restricted: access('Install the app in a workspace, not in the organization.'),
  team_access_not_granted: access('Grant the app access to that workspace, or correct team_id.', 'team_id'),
  action_prohibited: access('The workspace does not allow this webhook to post: ask an administrator.', 'webhook_url'),
  posting_to_general_channel_denied: access('Only some members may post to #general: choose another channel.'),
  method_deprecated: access('Update this connector.'),
  deprecated_endpoint: access('Update this connector.'),

  not_in_channel: refused('Invite the app into the channel: /invite @name-of-the-app.', 'channel'),
  channel_not_found: refused(asId, 'channel'),
  invalid_channel: refused(asId, 'channel'),
  user_not_in_channel: refused('Invite the app into the channel: /invite @name-of-the-app.', 'channel'),
  is_archived: refused(otherChannel, 'channel'),
  is_inactive: refused(otherChannel, 'channel'),
  channel_is_archived: refused(otherChannel, 'channel'),
  channel_type_not_supported: refused('Choose a channel of another kind.', 'channel'),
  method_not_supported_for_channel_type: refused('Choose a channel of another kind.', 'channel'),
  channel_not_supported: refused('Choose a channel of another kind.', 'channel'),
  posting_to_channel_denied: refused('The channel does not accept files from the app: choose another one.', 'channel'),
  restricted_action: refused('Only some members may do that in this channel: ask an administrator.', 'channel'),
  restricted_action_read_only_channel: refused('The channel is read-only: choose another one.', 'channel'),
  restricted_action_thread_only_channel: refused('The channel accepts only replies: set thread_ts.', 'thread_ts'),
  restricted_action_non_threadable_channel: refused('The channel has no threads: remove thread_ts.', 'thread_ts'),
  restricted_action_thread_locked: refused('The thread is locked: post to the channel.', 'thread_ts'),
  cannot_reply_to_message: refused('That message cannot be replied to: remove thread_ts.', 'thread_ts'),
  thread_not_found: refused('Give the ts of the first message of the thread.', 'thread_ts'),
  invalid_thread_ts: refused('Give the ts of the first message of the thread.', 'thread_ts'),

  msg_too_long: refused('Shorten the text: a changed message can have at most 4,000 characters.', 'text'),
  no_text: refused('Give text, or blocks with some text in them.', 'text'),
  invalid_blocks: refused(allBlocks, 'blocks'),
  invalid_blocks_format: refused('blocks must be a list of objects.', 'blocks'),
  msg_blocks_too_long: refused('Shorten the texts of the blocks.', 'blocks'),
  invalid_metadata_format: refused('metadata is { event_type, event_payload }, with a flat payload.', 'metadata'),
  metadata_too_large: refused('Shorten metadata.', 'metadata'),
  metadata_must_be_sent_from_app: refused('Use the token of an app, or remove metadata.', 'metadata'),
  too_many_attachments: refused('Send fewer attachments.'),
  message_limit_exceeded: refused('The workspace has posted too many messages: wait, or post fewer.'),
  duplicate_message_not_found: refused('Run again later.'),
  edit_window_closed: refused('The workspace allows changes only for some time: post a new message.', 'ts'),
  cant_update_message: refused('The app can change its own messages only.', 'ts'),
  cant_delete_message: refused('The app can delete its own messages only.', 'ts'),
  compliance_exports_prevent_deletion: refused('The workspace keeps all messages: this one cannot be deleted.', 'ts'),
  message_not_found: refused('Set channel and ts to those that the post returned.', 'ts'),
  bad_timestamp: refused('Set ts to the one that the post returned, such as 1700000000.000100.', 'ts'),

  invalid_name: refused('Give the name of an emoji of the workspace, without colons.', 'name'),
  already_reacted: refused('Nothing needs to be done.', 'name'),
  too_many_emoji: refused('The message already has as many different emoji as Slack allows.', 'name'),
  too_many_reactions: refused('The message already has as many reactions as Slack allows.', 'name'),
  no_reaction: refused('Give the name of an emoji.', 'name'),

  user_not_found: refused('Give the id of a user of this workspace, such as U0123456789.', 'user'),
  users_not_found: refused('Nobody in the workspace has that address.', 'email'),
  user_disabled: refused('The user was deactivated: choose another one.', 'channel'),
  cannot_dm_bot: refused('An app cannot send direct messages to an app: choose a person or a channel.', 'channel'),
  user_not_visible: refused('The app may not see that user.', 'user'),

  file_not_found: refused('Run again: the file has to be uploaded again.'),
  file_uploads_disabled: access('The workspace does not accept files: ask an administrator.'),
  file_upload_size_restricted: refused('The file is larger than Slack accepts.', 'content'),
  file_uploads_except_images_disabled: refused('The workspace accepts only images.', 'content'),
  storage_limit_reached: refused('The storage of the workspace is full: delete files.'),
  length_mismatch: refused('Run again: the file has to be uploaded again.'),

  missing_argument: refused(forTeam, 'team_id'),
  team_not_found: refused(forTeam, 'team_id'),
  invalid_arguments: refused('Correct what the message names.'),
  invalid_payload: refused('Correct text and blocks.', 'blocks'),
  missing_text_or_fallback_or_attachments: refused('Give text, or blocks with some text in them.', 'text'),
  invalid_cursor: refused('Run again: the list changed while it was read.'),
  invalid_ts_oldest: refused('Give oldest as seconds since 1970 or as a date.', 'oldest'),
  invalid_ts_latest: refused('Give latest as seconds since 1970 or as a date.', 'latest'),

  ratelimited: { kind: 'limited', remedy: 'Run again later, or call less often.' },
  rate_limited: { kind: 'limited', remedy: 'Run again later, or call less often.' },

  request_timeout: { kind: 'busy', remedy: slackFails },
  team_added_to_org: {
    kind: 'busy',
    remedy: 'The workspace is moving to an Enterprise organization: run again later.',
  },
  internal_error: { kind: 'unclear', remedy: slackFails },
  fatal_error: { kind: 'unclear', remedy: slackFails },
  service_unavailable: { kind: 'unclear', remedy: slackFails },
  rollup_error: { kind: 'unclear', remedy: slackFails },
};

function login(remedy: string, property = 'token'): SlackErrorEntry {
  return { kind: 'login', remedy, property };
}

function access(remedy: string, property = 'token'): SlackErrorEntry {
  return { kind: 'access', remedy, property };
}

function refused(remedy: string, property?: string): SlackErrorEntry {
  return { kind: 'refused', remedy, ...(property === undefined ? {} : { property }) };
}

/** Whether a code is one of the table. */
export function isKnown(code: string): boolean {
  return Object.hasOwn(slackErrors, code);
}

/** The entry of a code; a code that is not in the table is a refusal. */
export function entryOf(code: string): SlackErrorEntry {
  const found = isKnown(code) ? slackErrors[code] : undefined;
  return found ?? refused(`See what Slack's documentation says about ${code}.`);
}
