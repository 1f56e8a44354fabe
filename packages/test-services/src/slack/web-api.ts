import type { Answer } from './answer.ts';
import type { Call } from './call.ts';
import { missingScope } from './call.ts';
import { type Method, methods } from './methods.ts';
import type { RateLimiter } from './rate-limits.ts';
import type { SentCall } from './request.ts';
import { SlackError } from './slack-error.ts';
import type { Token, Workspace } from './workspace.ts';

export interface WebApi {
  readonly workspace: Workspace;
  readonly limit: RateLimiter;
  readonly url: string;
  readonly historyPage: Call['historyPage'];
}

/** Carries a call of a Web API method out; throws `SlackError` and `RateLimited`. */
export function callMethod(api: WebApi, name: string, sent: SentCall): Answer {
  const method = methods[name];
  if (!method) throw new SlackError('unknown_method', { req_method: name });
  const token = authenticate(api.workspace, sent.token);
  const { scopes } = method;
  if (scopes.length > 0 && !scopes.some((scope) => token.scopes.includes(scope))) {
    throw missingScope(token, scopes.join(','));
  }
  const args = sent.isJson && !method.acceptsJson ? {} : sent.args;
  const channel = name === 'chat.postMessage' ? ` ${args.channel}` : '';
  api.limit(name, `${token.app.appId}${channel}`);
  const { workspace, url, historyPage } = api;
  return { status: 200, body: { ok: true, ...method.run({ args, token, workspace, url, historyPage }) } };
}

/** The headers with the scopes that a client has and those that it needs. */
export function scopeHeaders(token: Token | undefined, method: Method | undefined): Record<string, string> {
  if (!token || token.refusal !== undefined) return {};
  const accepted = method?.scopes.length ? { 'x-accepted-oauth-scopes': method.scopes.join(',') } : {};
  return { 'x-oauth-scopes': token.scopes.join(','), ...accepted };
}

function authenticate({ tokens }: Workspace, value: string | undefined): Token {
  if (value === undefined) throw new SlackError('not_authed');
  const token = tokens.get(value);
  if (!token) throw new SlackError('invalid_auth');
  if (token.refusal !== undefined) throw new SlackError(token.refusal);
  return token;
}
