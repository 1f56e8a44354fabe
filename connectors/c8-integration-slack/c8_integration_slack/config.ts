import { ConfigError, type ConfigOf, type ConfigProblem, type Secret } from 'c8connector';

/** How Slack is reached, and settings of all actions. */
export const config = {
  token: {
    type: 'password',
    displayName: 'Token',
    description:
      'Bot token (xoxb-…) or user token (xoxp-…) of a Slack app. All actions work with it. Either a token or a webhook URL is required.',
    placeholderValue: 'xoxb-…',
    group: 'Credentials',
  },
  webhook_url: {
    type: 'password',
    displayName: 'Webhook URL',
    description:
      'URL of an incoming webhook. It is enough for postMessage to the one channel of the webhook. Not used if a token is set.',
    placeholderValue: 'https://hooks.slack.com/services/…',
    group: 'Credentials',
  },
  channel: {
    type: 'string',
    displayName: 'Channel',
    description:
      'Channel of the actions whose input has none: an id such as C0123456789, the id of a user for direct messages, or, only for postMessage, a name such as #general.',
    isDynamic: true,
    placeholderValue: 'C0123456789',
  },
  team_id: {
    type: 'string',
    displayName: 'Workspace',
    description:
      'Id of the workspace, such as T0123456789, for the token of an app that is installed in a whole organization. Channels and users are listed from this workspace.',
    pattern: 'T[A-Z0-9]+',
    isAdvanced: true,
    placeholderValue: 'T0123456789',
  },
  retry_ambiguous: {
    type: 'boolean',
    displayName: 'Retry Ambiguous Calls',
    description:
      'Whether a post, change or upload is sent again if the connection broke or Slack failed before it answered. If Slack had accepted the first one, the result is there twice.',
    defaultValue: false,
    isAdvanced: true,
  },
  api_url: {
    type: 'hidden',
    displayName: 'API URL',
    description: 'Address of the Web API, ending with /api/.',
    defaultValue: 'https://slack.com/api/',
  },
} as const;

/** A parsed config. */
export type SlackConfig = ConfigOf<typeof config>;

/** How Slack is reached, once the properties are known to fit together. */
export type Access = { readonly token: Secret } | { readonly webhook: Secret };

/** The token when there is one, otherwise the webhook. Throws a ConfigError `config_invalid` that names every property at fault, both when neither is given. */
export function accessOf({ token, webhook_url: webhook, api_url }: SlackConfig): Access {
  const problems = [...tokenProblems(token), ...webhookProblems(webhook), ...addressProblems(api_url)];
  if (token === undefined && webhook === undefined) {
    problems.push(
      { property: 'token', message: 'token or webhook_url is required, and neither is given.' },
      { property: 'webhook_url', message: 'webhook_url or token is required, and neither is given.' },
    );
  }
  if (problems.length > 0) throw configInvalid(problems);
  if (token !== undefined) return { token };
  if (webhook !== undefined) return { webhook };
  throw configInvalid(problems);
}

/** The token, for what a webhook cannot do. Throws a ConfigError that names `token`. */
export function tokenOf(config: SlackConfig, action: string): Secret {
  const access = accessOf(config);
  if ('token' in access) return access.token;
  throw configInvalid([
    { property: 'token', message: `token is missing: a webhook can only post, and ${action} needs a token.` },
  ]);
}

function configInvalid(problems: readonly ConfigProblem[]): ConfigError {
  const texts = problems.map(({ message }) => message);
  return new ConfigError(texts.join(' '), {
    code: 'config_invalid',
    problems,
    details: { property: problems[0]?.property },
  });
}

// A header cannot carry anything else, and an error of the client about it would show the token.
function tokenProblems(token: Secret | undefined): ConfigProblem[] {
  if (token === undefined || /^[\x21-\x7e]+$/.test(token.reveal())) return [];
  return [{ property: 'token', message: 'token contains a blank, a line break or a character that no token has.' }];
}

function webhookProblems(webhook: Secret | undefined): ConfigProblem[] {
  if (webhook === undefined) return [];
  if (/^https?:\/\/[^/@\s]+\/services\/[^\s]+$/.test(webhook.reveal()) && URL.canParse(webhook.reveal())) return [];
  const message = 'webhook_url must be a URL such as https://hooks.slack.com/services/T…/B…/….';
  return [{ property: 'webhook_url', message }];
}

function addressProblems(address: string): ConfigProblem[] {
  if (/^https?:\/\/[^/@\s]+\/([^\s?#]+\/)?api\/$/.test(address) && URL.canParse(address)) return [];
  return [{ property: 'api_url', message: 'api_url must be an http or https URL that ends with /api/.' }];
}
