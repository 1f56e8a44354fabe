import { ErrorCode, LogLevel, WebClient } from '@slack/web-api';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { type SlackServer, startSlack } from '../../src/slack/server.ts';

/** What each test works with. */
export interface Opened {
  /** The server of the file, without faults. */
  readonly server: SlackServer;
  readonly client: WebClient;
  /** Id of a new channel. */
  readonly channel: string;
}

/** Starts a server for the tests of a file, and gives each of them what it works with. */
export function beforeEachTest(use: (opened: Opened) => void): void {
  let server: SlackServer;
  let client: WebClient;
  beforeAll(async () => {
    server = await startSlack();
    client = connect(server);
  });
  afterAll(() => server.stop());
  beforeEach(() => {
    server.clearFaults();
    use({ server, client, channel: server.addChannel() });
  });
}

/** The official client, without retries of its own and silent. */
export function connect(server: SlackServer, token = server.token): WebClient {
  return new WebClient(token, {
    slackApiUrl: `${server.url}/api/`,
    logLevel: LogLevel.ERROR,
    logger: silent,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
  });
}

const silent = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  setLevel: () => {},
  getLevel: () => LogLevel.ERROR,
  setName: () => {},
};

/** Slack's error code, or the code of the client's own error, or `accepted`. */
export async function refusal(call: Promise<unknown>): Promise<string> {
  const error: unknown = await call.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  if (error === undefined) return 'accepted';
  const { code, data, statusCode, retryAfter } = error as Record<string, unknown> & { data?: { error?: string } };
  if (code === ErrorCode.PlatformError) return data?.error ?? '';
  if (code === ErrorCode.HTTPError) return `HTTP ${statusCode}`;
  if (code === ErrorCode.RateLimitedError) return `ratelimited ${retryAfter}`;
  return String(code);
}

/** One call without the client; `body` is a form, or JSON when it is an object. */
export async function call(
  server: SlackServer,
  method: string,
  body: URLSearchParams | object,
  token?: string,
): Promise<{ readonly status: number; readonly headers: Headers; readonly json: Record<string, unknown> }> {
  const isForm = body instanceof URLSearchParams;
  const response = await fetch(`${server.url}/api/${method}`, {
    method: 'POST',
    headers: {
      'content-type': isForm ? 'application/x-www-form-urlencoded' : 'application/json; charset=utf-8',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    body: isForm ? body : JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, json: await response.json() };
}
