import { type C8Error, ConfigError, ConnectionError, ConnectorError, DataError, isC8Error } from 'c8connector';
import { entryOf, isKnown, type SlackErrorEntry } from './errors-table.ts';
import { retryAfterOf } from './limits.ts';
import type { MethodName } from './methods.ts';
import { describeBody, UnprovenAnswer } from './proof.ts';
import { BadAnswer, isAboutTrust, NoAnswer } from './transport.ts';

/** What was tried, for the message of an error. */
export interface Attempt {
  readonly method: MethodName;
  /** Only host name and port: the path of a webhook is a secret. */
  readonly host: string;
  readonly channel?: string | undefined;
}

/** The outcome of a failed call. */
export interface Failure {
  readonly error: C8Error;
  /** Whether Slack may have done it nevertheless. */
  readonly mayBeDone: boolean;
  /** Whether the same call may succeed later. */
  readonly isTransient: boolean;
  /** Milliseconds to wait, as Slack requests; present for every 429, after which the call was not done. */
  readonly retryAfter?: number;
  /** Slack's own error code. */
  readonly slackCode?: string;
}

/** The wait after a 429 without a Retry-After, in milliseconds. */
const usualRetryAfter = 30_000;

/** The one place where errors of Slack, of its client and of the way to it become ours. None of them is kept as a cause: they hold what was sent. */
export function failureOf(thrown: unknown, attempt: Attempt): Failure {
  if (isC8Error(thrown)) return { error: thrown, mayBeDone: false, isTransient: false };
  const original = innermost(thrown);
  if (original instanceof NoAnswer) return ofNetwork(original, attempt);
  if (original instanceof BadAnswer) return ofStatus(original, attempt);
  if (original instanceof UnprovenAnswer) return unproven(original, attempt);
  const answer = answerOf(original);
  if (answer !== undefined) return ofAnswer(answer, attempt);
  const name = original instanceof Error ? original.name : 'unknown error';
  const error = new ConnectorError(`${attempt.method} failed: ${name}.`, { code: 'unexpected' });
  return { error, mayBeDone: true, isTransient: false };
}

/** The error when it cannot be known whether the call was done. */
export function outcomeUnknown({ error }: Failure, { method }: Attempt): C8Error {
  return new ConnectionError(`${error.message} It is unknown whether ${method} was done.`, {
    code: 'outcome_unknown',
    details: error.details,
    remedy: 'Check in Slack. With retry_ambiguous such calls are sent again, and may then take effect twice.',
  });
}

/** The input of an action does not fit together; `property` is at fault. */
export function inputInvalid(property: string, message: string): ConfigError {
  const text = `${property}: ${message}`;
  return new ConfigError(text, {
    code: 'input_invalid',
    problems: [{ property, message: text }],
    details: { property },
  });
}

/** The client wraps what `fetch` rejects with. */
function innermost(thrown: unknown): unknown {
  if (!(thrown instanceof Error)) return thrown;
  const original: unknown = Reflect.get(thrown, 'original');
  return original instanceof Error ? original : thrown;
}

/** An answer of Slack with `ok: false`. */
interface RefusedAnswer {
  readonly error?: unknown;
  readonly needed?: unknown;
  readonly errors?: unknown;
  readonly response_metadata?: { readonly messages?: unknown };
}

function answerOf(error: unknown): RefusedAnswer | undefined {
  if (!(error instanceof Error) || Reflect.get(error, 'code') !== 'slack_webapi_platform_error') return undefined;
  const data: unknown = Reflect.get(error, 'data');
  return typeof data === 'object' && data !== null ? data : {};
}

/** Slack's error code in an error of ours or of the client. */
export function slackCodeOf(error: unknown): string | undefined {
  const code = isC8Error(error) ? error.details.slackCode : answerOf(error)?.error;
  return typeof code === 'string' ? code : undefined;
}

const codePattern = /^[a-z][a-z0-9_]{1,80}$/;

function ofAnswer(answer: RefusedAnswer, attempt: Attempt): Failure {
  const code = typeof answer.error === 'string' ? answer.error : '';
  if (codePattern.test(code)) return ofCode(code, attempt, reasonsOf(answer));
  return unproven(new UnprovenAnswer('JSON with ok: false and no error'), attempt);
}

function reasonsOf({ needed, errors, response_metadata }: RefusedAnswer): string[] {
  const listed = Array.isArray(errors) ? errors : (response_metadata?.messages ?? []);
  const texts = Array.isArray(listed) ? listed.filter((text) => typeof text === 'string') : [];
  const reasons = texts.slice(0, 3).map((text) => text.replace(/^\[(ERROR|WARN)\]\s*/, ''));
  return typeof needed === 'string' ? [`needs ${needed}`, ...reasons] : reasons;
}

function ofStatus({ status, text, retryAfter }: BadAnswer, attempt: Attempt): Failure {
  const code = codeOf(text);
  if (status === 429 || (code !== undefined && entryOf(code).kind === 'limited'))
    return limited('ratelimited', attempt, retryAfterOf(retryAfter));
  if (code !== undefined && (status < 500 || entryOf(code).kind !== 'refused')) return ofCode(code, attempt, []);
  const message = `${attempt.host} answered ${attempt.method} with status ${status} and ${describeBody(text)}.`;
  // A proxy that refuses a request has not passed it on.
  if (status < 500) return { error: notFromSlack(attempt, message), mayBeDone: false, isTransient: false };
  const error = new ConnectionError(message, { code: 'server_busy', isRetryable: true, details: detailsOf(attempt) });
  return { error, mayBeDone: true, isTransient: true };
}

/** Webhooks answer with the bare code, methods with JSON. A single word may come from another server. */
function codeOf(text: string): string | undefined {
  const bare = /^\{[\s\S]*"error"\s*:\s*"([a-z0-9_]+)"/.exec(text)?.[1] ?? text.trim();
  return codePattern.test(bare) && (bare.includes('_') || isKnown(bare)) ? bare : undefined;
}

function ofCode(slackCode: string, attempt: Attempt, reasons: readonly string[]): Failure {
  const entry = entryOf(slackCode);
  if (entry.kind === 'limited') return limited(slackCode, attempt, undefined);
  const isTransient = entry.kind === 'busy' || entry.kind === 'unclear';
  const error = errorOf(slackCode, entry, attempt, reasons);
  return { error, mayBeDone: entry.kind === 'unclear', isTransient, slackCode };
}

function errorOf(slackCode: string, entry: SlackErrorEntry, attempt: Attempt, reasons: readonly string[]): C8Error {
  const { kind, remedy } = entry;
  const about = [...(attempt.channel === undefined ? [] : [`channel ${attempt.channel}`]), ...reasons];
  const target = attempt.method === 'webhook' ? 'the post to the webhook' : attempt.method;
  const message = `Slack refused ${target}: ${slackCode}${about.length === 0 ? '' : ` (${about.join('; ')})`}.`;
  const property = attempt.method === 'webhook' && entry.property === 'token' ? 'webhook_url' : entry.property;
  const details = { ...detailsOf(attempt), slackCode, ...(property === undefined ? {} : { property }) };
  if (kind === 'refused') return new DataError(message, { code: 'action_refused', remedy, details });
  const code = { login: 'login_refused', access: 'access_denied', limited: 'rate_limited' } as const;
  return new ConnectionError(message, {
    code: kind === 'busy' || kind === 'unclear' ? 'server_busy' : code[kind],
    remedy,
    details,
    isRetryable: kind !== 'login' && kind !== 'access',
  });
}

function limited(slackCode: string, attempt: Attempt, retryAfter = usualRetryAfter): Failure {
  const error = errorOf(slackCode, entryOf(slackCode), attempt, []);
  return { error, mayBeDone: false, isTransient: true, retryAfter, slackCode };
}

function unproven({ what }: UnprovenAnswer, attempt: Attempt): Failure {
  const message = `${attempt.host} answered ${attempt.method} with ${what}, which is not an answer of Slack.`;
  return { error: notFromSlack(attempt, message), mayBeDone: true, isTransient: true };
}

function notFromSlack(attempt: Attempt, message: string): C8Error {
  return new ConnectionError(message, {
    code: 'server_answer_invalid',
    remedy: 'Check the address, and whether a proxy or login page answers in place of Slack.',
    details: { ...detailsOf(attempt), property: addressOf(attempt) },
  });
}

/** The property of the config with the address of a request. */
function addressOf({ method }: Attempt): string {
  return method === 'webhook' ? 'webhook_url' : 'api_url';
}

function ofNetwork({ code, mayBeDone, proxies }: NoAnswer, attempt: Attempt): Failure {
  const { host } = attempt;
  const trusts = !isAboutTrust(code) && !/^(EPROTO|ERR_TLS|ERR_SSL)/.test(code);
  const isRedirect = code === 'redirect' || code === 'ERR_INVALID_URL';
  const property = addressOf(attempt);
  const connection = (ours: string, message: string) =>
    new ConnectionError(message, { code: ours, isRetryable: trusts, details: { ...detailsOf(attempt), property } });
  const isTransient = trusts && !isRedirect;
  if (isRedirect) {
    const what = code === 'redirect' ? 'a redirect' : 'an address that is not a URL';
    const message = `${host} answered ${attempt.method} with ${what}, which is not an answer of Slack.`;
    return { error: notFromSlack(attempt, message), mayBeDone, isTransient };
  }
  const failure = (ours: string, message: string) => ({ error: connection(ours, message), mayBeDone, isTransient });
  if (code.startsWith('proxy ')) return ofProxy(code, { host, proxies }, attempt);
  if (!trusts) return failure('tls_refused', `TLS with ${host} failed (${code}).`);
  if (code === 'ENOTFOUND' || code.startsWith('EAI_')) return failure('host_unknown', `The host ${host} is unknown.`);
  if (code === 'timeout') return failure('connection_timeout', `${host} did not answer ${attempt.method} in time.`);
  const way = proxies.length === 0 ? '' : `, or at the proxy ${proxies.join(' or ')}`;
  if (!mayBeDone) return failure('connection_refused', `Nothing accepts connections at ${host}${way} (${code}).`);
  return failure('connection_lost', `The connection to ${host} broke during ${attempt.method} (${code}).`);
}

/** A proxy that does not connect has sent nothing. */
function ofProxy(
  code: string,
  { host, proxies }: { readonly host: string; readonly proxies: readonly string[] },
  attempt: Attempt,
): Failure {
  const status = code.replace('proxy ', '');
  const name = proxies.length === 0 ? 'A proxy' : `The proxy ${proxies.join(' or ')}`;
  const isTransient = Number(status) >= 500;
  const error = new ConnectionError(`${name} refused the connection to ${host} with status ${status}.`, {
    code: status === '407' ? 'login_refused' : 'connection_refused',
    remedy: 'Check the user and password in HTTPS_PROXY, NO_PROXY, and whether the proxy allows this host.',
    details: detailsOf(attempt),
    isRetryable: isTransient,
  });
  return { error, mayBeDone: false, isTransient };
}

function detailsOf({ method, channel }: Attempt): Readonly<Record<string, unknown>> {
  return { method, ...(channel === undefined ? {} : { channel }) };
}
