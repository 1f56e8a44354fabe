import {
  type CheckContext,
  type CheckResult,
  type CheckStep,
  ConfigError,
  ConnectionError,
  isC8Error,
} from 'c8connector';
import { objectOf, objectsOf, type SlackAnswer, textOrNull } from './answer.ts';
import { isChannelId, isDirectMessage, isUserId } from './channel.ts';
import { openSlack, type Slack } from './client.ts';
import { accessOf, type SlackConfig } from './config.ts';
import { slackCodeOf } from './errors.ts';
import { pagesOf } from './pages.ts';
import { essentialScopes, isGranted, missingScopes } from './scopes.ts';

/** Logs in, compares the scopes with what the actions need, and looks for the channel of the config. Nothing is posted. */
export async function* check(context: CheckContext<SlackConfig>): AsyncGenerator<CheckStep> {
  const { config } = context;
  let hasToken = false;
  yield {
    id: 'credentials',
    label: 'Credentials',
    run: () => {
      hasToken = 'token' in accessOf(config);
      return hasToken ? 'A token is set.' : webhookResult(config);
    },
  };
  if (!hasToken) return;
  const slack = await openSlack(context, 'validate');
  let scopes: readonly string[] | undefined;
  yield {
    id: 'login',
    label: 'Log in',
    property: 'token',
    run: async () => {
      const answer = await slack.call('auth.test', {});
      scopes = scopesOf(answer);
      const message = `Logged in to ${textOrNull(answer.team) ?? 'Slack'} as ${textOrNull(answer.user) ?? 'the app'}.`;
      return answer.is_enterprise_install === true && config.team_id === undefined ? withoutTeam(message) : message;
    },
  };
  yield { id: 'scopes', label: 'Scopes', property: 'token', run: () => scopesResult(scopes) };
  const { channel } = config;
  if (channel === undefined || channel.trim() === '') return;
  yield {
    id: 'channel',
    label: 'Channel',
    property: 'channel',
    run: () => channelResult(slack, channel.trim(), scopes ?? []),
  };
}

function webhookResult({ channel }: SlackConfig): CheckResult {
  const message = 'The webhook URL has the right form. It was not called, since that would post a message.';
  if (channel === undefined) return message;
  return {
    status: 'warning',
    message: `${message} A webhook has its own channel, so the setting channel is not used.`,
    remedy: 'Remove channel, or set token.',
  };
}

function withoutTeam(message: string): CheckResult {
  return {
    status: 'warning',
    message: `${message} The token belongs to an organization, and listChannels and listUsers need to know the workspace.`,
    remedy: 'Set team_id to the id of the workspace, such as T0123456789.',
  };
}

function scopesOf(answer: SlackAnswer): readonly string[] | undefined {
  const { scopes } = objectOf(answer.response_metadata);
  return Array.isArray(scopes) ? scopes.filter((scope) => typeof scope === 'string' && scope !== '') : undefined;
}

function scopesResult(granted: readonly string[] | undefined): CheckResult {
  if (granted === undefined) return 'Slack does not report the scopes of this token.';
  const missing = missingScopes(granted);
  const list = [...missing].map(([scope, actions]) => `${scope} (${actions.join(', ')})`).join(', ');
  const remedy = 'Add the scopes to the app (OAuth & Permissions), install it again, and set the new token.';
  if (essentialScopes.some((scope) => missing.has(scope))) {
    throw new ConnectionError(`The token lacks ${list}.`, {
      code: 'access_denied',
      remedy,
      details: { property: 'token' },
    });
  }
  if (missing.size === 0) return 'All actions are allowed.';
  return { status: 'warning', message: `Slack will refuse these actions, since the token lacks ${list}.`, remedy };
}

async function channelResult(slack: Slack, channel: string, scopes: readonly string[]): Promise<CheckResult> {
  if (isUserId(channel) || isDirectMessage(channel))
    return `${channel} is a user or a direct message, and was not looked up.`;
  const found = await findChannel(slack, channel);
  if (found === undefined) {
    return {
      status: 'warning',
      message: `The channel ${channel} cannot be looked up, since the token lacks channels:read or, for private channels, groups:read.`,
      remedy: 'Add the scope to the app, or ignore this: posting needs neither.',
    };
  }
  const { id, name, is_member: isMember, is_archived: isArchived, is_private: isPrivate } = found;
  const title = `#${textOrNull(name) ?? channel} (${textOrNull(id) ?? channel})`;
  if (isArchived === true)
    throw channelError(`The channel ${title} is archived.`, 'Unarchive it, or choose another one.');
  if (isMember === true) return `The app is in ${title}.`;
  if (isPrivate !== true && isGranted('chat:write.public', scopes)) {
    return `The app is not in ${title}, but may post there. To read its messages, invite the app.`;
  }
  throw channelError(`The app is not in ${title}.`, 'Invite the app into the channel: /invite @name-of-the-app.');
}

/** Undefined when the token may not look. Slack finds channels by id only, so a name is searched for. */
async function findChannel(slack: Slack, channel: string): Promise<SlackAnswer | undefined> {
  try {
    if (isChannelId(channel))
      return objectOf((await slack.call('conversations.info', { channel }, { channel })).channel);
    return await findByName(slack, channel.replace(/^#/, ''));
  } catch (error) {
    if (isC8Error(error) && slackCodeOf(error) === 'missing_scope') return undefined;
    throw error;
  }
}

async function findByName(slack: Slack, name: string): Promise<SlackAnswer> {
  for (const types of ['public_channel', 'private_channel']) {
    const pages = { method: 'conversations.list', args: { types }, items: 'channels' } as const;
    for await (const page of pagesOf(slack, pages)) {
      const found = objectsOf(page).find((channel) => channel.name === name);
      if (found !== undefined) return found;
    }
  }
  throw channelError(
    `The app cannot see a channel #${name}.`,
    'Correct channel, or invite the app if the channel is private.',
  );
}

function channelError(message: string, remedy: string): ConfigError {
  return new ConfigError(message, {
    code: 'config_invalid',
    remedy,
    problems: [{ property: 'channel', message }],
    details: { property: 'channel' },
  });
}
