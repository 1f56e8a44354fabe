import type { Way } from './proxy.ts';

/** What an HTTP server answered, read whole. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly text: string;
}

/**
 * No whole answer came. `code` is that of the system, of TLS or of fetch, `timeout` for our own limit, `redirect` for an answer that leads elsewhere, `proxy 407` for a
 * proxy that refuses to connect, with its status.
 */
export class NoAnswer extends Error {
  readonly code: string;
  /** False when it is certain that nobody has received the request. */
  readonly mayBeDone: boolean;
  /** Host and port of each proxy that may have stood between. */
  readonly proxies: readonly string[];

  constructor(code: string, mayBeDone: boolean, proxies: readonly string[] = []) {
    super(`no answer: ${code}`);
    this.name = 'NoAnswer';
    this.code = code;
    this.mayBeDone = mayBeDone;
    this.proxies = proxies;
  }
}

/** What a POST carries beside its URL. */
export interface HttpRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array<ArrayBuffer>;
}

/** How long an answer may take, in milliseconds. */
const usualTimeout = 30_000;

/**
 * POSTs on a way, and reads the whole answer whatever its status. Rejects with a NoAnswer, which holds nothing of URL or headers, or with the reason of the signal.
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

/** Whether the code says that the certificate of the server is not trusted. */
export function isAboutTrust(code: string): boolean {
  return /CERT|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA|PATH_LENGTH/.test(code);
}

/** fetch puts what happened into the cause of its error, and that into a list where a name has several addresses. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const refusal = /^Proxy response \((\d+)\)/.exec(error.message);
  if (refusal !== null) return `proxy ${refusal[1]}`;
  const code: unknown = Reflect.get(error, 'code');
  if (typeof code === 'string' && code !== '') return code;
  const inner = error instanceof AggregateError ? error.errors[0] : error.cause;
  // By its standard fetch hides an answer with this status: what is left of it is an error without any words.
  if (inner instanceof Error && inner.message === '' && !('code' in inner)) return 'proxy 407';
  return inner === undefined ? 'unknown' : codeOf(inner);
}

/** An HTTP status that is not a success. `text` is the body, for the error code that may be in it. */
export class BadAnswer extends Error {
  readonly status: number;
  readonly text: string;
  /** The header as it came. */
  readonly retryAfter: string | null;

  constructor({ status, headers, text }: HttpAnswer) {
    super(`answer with status ${status}`);
    this.name = 'BadAnswer';
    this.status = status;
    this.text = text;
    this.retryAfter = headers.get('retry-after');
  }
}

/** `post` for those who take nothing but a success: every other status is thrown as a BadAnswer. */
export async function postForSuccess(...request: Parameters<typeof post>): Promise<HttpAnswer> {
  const answer = await post(...request);
  if (answer.status < 200 || answer.status > 299) throw new BadAnswer(answer);
  return answer;
}
