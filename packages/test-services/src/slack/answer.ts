import type { ServerResponse } from 'node:http';
import { isObject } from './arguments.ts';
import type { SlackFailure } from './faults.ts';
import { RateLimited, SlackError } from './slack-error.ts';

/** An answer before it is sent; a text is sent as it is, an object as JSON. */
export interface Answer {
  readonly status: number;
  readonly body: string | object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What the error is in the answer of a Web API method. */
export function refusal(error: unknown): Answer {
  if (error instanceof RateLimited) return limited(error.retryAfter);
  if (error instanceof SlackError) {
    const headers = { 'x-slack-failure': error.code };
    return { status: 200, body: { ok: false, error: error.code, ...error.details }, headers };
  }
  return { status: 200, body: { ok: false, error: 'fatal_error', message: String(error) } };
}

/** `undefined` when the connection is to break. */
export function answerOfFailure(failure: SlackFailure): Answer | undefined {
  if ('drop' in failure) return undefined;
  if ('status' in failure) {
    const { status, body = '', headers = {} } = failure;
    return { status, body, headers };
  }
  const { error, retryAfter, details = {} } = failure;
  if (error === 'ratelimited') return limited(retryAfter ?? 1);
  const headers = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
  return { status: 200, body: { ok: false, error, ...details }, headers };
}

function limited(retryAfter: number): Answer {
  return { status: 429, body: { ok: false, error: 'ratelimited' }, headers: { 'retry-after': String(retryAfter) } };
}

/** The error that the answer names, `undefined` when all is well. */
export function errorOf({ status, body }: Answer): string | undefined {
  if (isObject(body)) return typeof body.error === 'string' ? body.error : undefined;
  return status === 200 ? undefined : String(body);
}

/** Sends the head and half of the body, and breaks the connection. */
export function sendHalf({ status, body }: Answer, response: ServerResponse): Promise<void> {
  const content = typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(status, { 'content-length': Buffer.byteLength(content) });
  return new Promise((resolve) => {
    response.once('close', resolve);
    response.write(content.slice(0, content.length / 2), () => response.destroy());
  });
}

export function send({ status, body, headers = {} }: Answer, response: ServerResponse): Promise<void> {
  const isText = typeof body === 'string';
  const content = isText ? body : JSON.stringify(body);
  const type = isText ? 'text/html; charset=utf-8' : 'application/json; charset=utf-8';
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(content), ...headers });
  return new Promise((resolve) => {
    response.once('close', resolve);
    response.end(content, () => resolve());
  });
}
