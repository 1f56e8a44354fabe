import { ConfigError, ConnectionError, parseValue, type Row, type Secret } from 'c8connector';

/** What of the config a call needs. */
interface Access {
  readonly url: string;
  readonly token: Secret;
}

/** Which objects of a list are wanted: those behind an id, and of them those that were changed at a time or later. */
interface Wanted {
  readonly after: unknown;
  readonly since?: unknown;
}

/** The next objects of a list by id, a page of them. Rejects with an error that says who must do what. */
export async function getPage(access: Access, list: string, wanted: Wanted, signal: AbortSignal): Promise<Row[]> {
  const address = addressOf(access.url, list);
  address.searchParams.set('after', String(wanted.after));
  if (wanted.since !== undefined) address.searchParams.set('updated_since', String(wanted.since));
  const { status, text } = await get(address, access.token, signal);
  if (status === 401 || status === 403) {
    const details = { property: 'token' };
    throw new ConnectionError(`The API refuses the token (${status}).`, { code: 'login_refused', details });
  }
  if (status === 429 || status >= 500) {
    throw new ConnectionError(`The API cannot answer now (${status}).`, { code: 'server_busy', isRetryable: true });
  }
  return rowsOf(text) ?? noList(address, status);
}

async function get(address: URL, token: Secret, signal: AbortSignal): Promise<{ status: number; text: string }> {
  try {
    const response = await fetch(address, {
      headers: { authorization: `Bearer ${token.reveal()}` },
      signal: AbortSignal.any([signal, AbortSignal.timeout(30_000)]),
    });
    return { status: response.status, text: await response.text() };
  } catch (error) {
    signal.throwIfAborted();
    // fetch's own message may quote the token; its cause is an error of the network.
    const { cause } = error as Error;
    const message = `No answer from ${address.origin}.`;
    const details = { property: 'url' };
    throw new ConnectionError(message, { code: 'connection_refused', cause, details, isRetryable: true });
  }
}

function addressOf(url: string, list: string): URL {
  const base = url.endsWith('/') ? url : `${url}/`;
  if (/^https?:/.test(url) && URL.canParse(list, base)) return new URL(list, base);
  const problem = { property: 'url', message: 'must be an address such as https://example.com/api' };
  throw new ConfigError(`url ${problem.message}`, { code: 'config_invalid', problems: [problem], details: problem });
}

/** Undefined when the text is not a list. */
function rowsOf(text: string): Row[] | undefined {
  try {
    // Unlike JSON.parse it keeps every digit.
    const page = parseValue(text);
    return Array.isArray(page) ? (page as Row[]) : undefined;
  } catch {
    return undefined;
  }
}

function noList(address: URL, status: number): never {
  const message = `${address.origin}${address.pathname} is not a list of objects (${status}).`;
  throw new ConnectionError(message, { code: 'answer_invalid', details: { property: 'url' } });
}
