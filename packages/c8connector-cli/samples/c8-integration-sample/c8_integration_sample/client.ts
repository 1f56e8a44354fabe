import { ConfigError, ConnectionError, DataError, type Secret } from 'c8connector';

/** What of the config a call needs. */
export interface Access {
  readonly url: string;
  readonly token: Secret;
}

/** Makes one call and gives the id in its answer. Rejects with an error that says who must do what. */
export async function send(
  { url, token }: Access,
  method: 'GET' | 'POST',
  signal: AbortSignal,
  message?: object,
): Promise<string> {
  const { status, text } = await answerOf(addressOf(url), signal, {
    method,
    headers: { authorization: `Bearer ${token.reveal()}`, 'content-type': 'application/json' },
    ...(message && { body: JSON.stringify(message) }),
  });
  const id = status < 300 ? idOf(text) : undefined;
  if (id !== undefined) return id;
  if (status < 300) throw unproven(`The webhook answered ${status} without an id.`, method);
  if (status === 401 || status === 403) {
    const details = { property: 'token' };
    throw new ConnectionError(`The webhook refuses the token (${status}).`, { code: 'login_refused', details });
  }
  if (status === 429) throw new ConnectionError('The webhook takes no more calls now.', { code: 'rate_limited' });
  if (status >= 500) throw unknown(`The webhook failed (${status}).`);
  throw new DataError(`The webhook refuses the call (${status}): ${text.slice(0, 200)}`, { code: 'action_refused' });
}

const unsent = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'];

async function answerOf(address: URL, signal: AbortSignal, call: RequestInit) {
  try {
    const response = await fetch(address, {
      ...call,
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(30_000)]),
    });
    return { status: response.status, text: await response.text() };
  } catch (error) {
    signal.throwIfAborted();
    // fetch's own message may quote the token; its cause is an error of the network.
    const { cause } = error as { readonly cause?: { readonly code?: string } };
    if (!unsent.includes(cause?.code ?? '')) throw unknown(`The connection to ${address.origin} broke.`, cause);
    const message = `No connection to ${address.origin} (${cause?.code}).`;
    const details = { property: 'url' };
    throw new ConnectionError(message, { code: 'connection_refused', cause, details, isRetryable: true });
  }
}

/** What shows that the webhook itself has answered: a status alone is what proxies and login pages give, too. */
function idOf(text: string): string | undefined {
  try {
    const { id } = JSON.parse(text) as { readonly id?: unknown };
    return typeof id === 'string' && id !== '' ? id : undefined;
  } catch {
    return undefined;
  }
}

function unproven(message: string, method: 'GET' | 'POST'): ConnectionError {
  if (method === 'POST') return unknown(message);
  return new ConnectionError(message, { code: 'server_answer_invalid', details: { property: 'url' } });
}

/** Nobody knows whether the message was taken, so nobody may send it again by themselves. */
function unknown(message: string, cause?: unknown): ConnectionError {
  return new ConnectionError(message, { code: 'outcome_unknown', cause, details: { property: 'url' } });
}

function addressOf(url: string): URL {
  if (/^https?:/.test(url) && URL.canParse(url)) return new URL(url);
  const problem = { property: 'url', message: 'must be an address such as https://example.com/hook' };
  throw new ConfigError(`url ${problem.message}`, { code: 'config_invalid', problems: [problem], details: problem });
}
