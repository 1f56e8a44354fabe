import type { Way } from './proxy.ts';

/** The complete answer of an HTTP server. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly text: string;
}

/**
 * No complete answer arrived. `code` is an error code of the system, of TLS or of fetch; `timeout` for our own limit; `redirect` for an answer that redirects; or `proxy 407`, with its status, for a
 * proxy that refuses to connect.
 */
export class NoAnswer extends Error {
  readonly code: string;
  /** False if it is certain that the server has not received the request. */
  readonly mayBeDone: boolean;
  /** Host and port of each proxy that the request may have gone through. */
  readonly proxies: readonly string[];

  constructor(code: string, mayBeDone: boolean, proxies: readonly string[] = []) {
    super(`no answer: ${code}`);
    this.name = 'NoAnswer';
    this.code = code;
    this.mayBeDone = mayBeDone;
    this.proxies = proxies;
  }
}

/** The headers and the body of a POST. */
export interface HttpRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array<ArrayBuffer>;
}

/** The time-out for an answer, in milliseconds. */
const usualTimeout = 30_000;

/**
 * Sends a POST, directly or through a proxy, and reads the complete answer, whatever its status. Rejects with a NoAnswer, which contains nothing of the URL or the headers, or with the reason of the signal.
 */
export async function post(
  way: Way,
  url: string,
  { headers, body }: HttpRequest,
  signal: AbortSignal,
  timeout = usualTimeout,
): Promise<HttpAnswer> {
  signal.throwIfAborted();
  const controller = new AbortController();
  const limit = AbortSignal.timeout(timeout);
  const stop = () => controller.abort();
  signal.addEventListener('abort', stop, { once: true });
  limit.addEventListener('abort', stop, { once: true });
  try {
    const answer = await way.fetch(url, {
      method: 'POST',
      headers,
      body,
      redirect: 'manual',
      signal: controller.signal,
    });
    if (answer.status >= 300 && answer.status < 400) throw new NoAnswer('redirect', false);
    return { status: answer.status, headers: answer.headers, text: await answer.text() };
  } catch (error) {
    if (error instanceof NoAnswer) throw error;
    signal.throwIfAborted();
    if (limit.aborted) throw new NoAnswer('timeout', true);
    const code = codeOf(error);
    throw new NoAnswer(code, !isBeforeSending(code, error), way.proxies);
  } finally {
    signal.removeEventListener('abort', stop);
    limit.removeEventListener('abort', stop);
  }
}

const beforeSending =
  /^(proxy \d+|ENOTFOUND|EAI_\w+|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|UND_ERR_CONNECT_TIMEOUT|EPROTO|ERR_TLS_\w+|ERR_SSL_\w+|ERR_INVALID_URL)$/;

function isBeforeSending(code: string, error: unknown): boolean {
  if (beforeSending.test(code) || isAboutTrust(code)) return true;
  const cause = error instanceof Error ? error.cause : undefined;
  if (!(cause instanceof Error)) return false;
  return Reflect.get(cause, 'syscall') === 'connect' || /before secure TLS connection|bad port/.test(cause.message);
}

/** Whether the code means that the server's certificate is not trusted. */
export function isAboutTrust(code: string): boolean {
  return /CERT|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA|PATH_LENGTH/.test(code);
}

/** The code of an error. fetch puts it into the cause of its error, or into a list of errors if a host name has several addresses. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const refusal = /^Proxy response \((\d+)\)/.exec(error.message);
  if (refusal !== null) return `proxy ${refusal[1]}`;
  const code: unknown = Reflect.get(error, 'code');
  if (typeof code === 'string' && code !== '') return code;
  const inner = error instanceof AggregateError ? error.errors[0] : error.cause;
  // The fetch standard hides a proxy's answer with this status: only an error without a message is left.
  if (inner instanceof Error && inner.message === '' && !('code' in inner)) return 'proxy 407';
  return inner === undefined ? 'unknown' : codeOf(inner);
}

/** An HTTP status that is not a success. `text` is the body, for the error code that may be in it. */
export class BadAnswer extends Error {
  readonly status: number;
  readonly text: string;
  /** The Retry-After header, unparsed. */
  readonly retryAfter: string | null;

  constructor({ status, headers, text }: HttpAnswer) {
    super(`answer with status ${status}`);
    this.name = 'BadAnswer';
    this.status = status;
    this.text = text;
    this.retryAfter = headers.get('retry-after');
  }
}

/** Calls `post`, and throws a BadAnswer for every status that is not a success. */
export async function postForSuccess(...request: Parameters<typeof post>): Promise<HttpAnswer> {
  const answer = await post(...request);
  if (answer.status < 200 || answer.status > 299) throw new BadAnswer(answer);
  return answer;
}
