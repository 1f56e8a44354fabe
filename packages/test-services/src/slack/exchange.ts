import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, answerOfFailure, errorOf, refusal, send, sendHalf } from './answer.ts';
import { type Arguments, isObject, text } from './arguments.ts';
import { isAfterAcceptance, isCut, type SlackFaultPlan } from './faults.ts';
import { methods } from './methods.ts';
import { readBody, readCall } from './request.ts';
import { receiveUpload } from './upload.ts';
import { callMethod, scopeHeaders, type WebApi } from './web-api.ts';
import { postToWebhook, readPayload } from './webhook.ts';
import { randomSecret } from './workspace.ts';

/** A call that the server has answered. */
export interface AnsweredCall {
  /** `webhook` and `upload` are those two kinds of URL; `''` is any other path. */
  readonly method: string;
  readonly args: Arguments;
  /** Of a method with cursors: 1 is the page without one. */
  readonly page: number;
  /** Whether the call was carried out, even when its answer was lost. */
  readonly wasAccepted: boolean;
  /** `undefined` when the connection broke instead. */
  readonly status: number | undefined;
  readonly error: string | undefined;
  /** Milliseconds of the server's clock. */
  readonly at: number;
}

export interface Service extends WebApi {
  readonly faults: SlackFaultPlan;
  readonly answered: AnsweredCall[];
  /** Which page each cursor that was given out leads to. */
  readonly pages: Map<string, number>;
}

/** A request that was read, and what it asks for. */
interface Task {
  readonly method: string;
  readonly args: Arguments;
  readonly headers: Readonly<Record<string, string>>;
  readonly run: () => Answer | Promise<Answer>;
}

/** One request from its first byte to the end of its answer; never rejects. */
export async function exchange(service: Service, http: IncomingMessage, response: ServerResponse): Promise<void> {
  const { faults, pages, answered, workspace } = service;
  try {
    const task = await readTask(service, http);
    const { method, args } = task;
    const page = pages.get(text(args, 'cursor') ?? '') ?? 1;
    const subject = { method, args, page };
    const failure = faults.nextFailure(subject);
    const delay = faults.delayOf(subject);
    if (delay > 0) await sleep(delay);
    const at = workspace.clock();
    const result = failure && !isAfterAcceptance(failure) ? undefined : await run(task);
    if (result) rememberCursor(pages, result, page);
    const answer = failure ? answerOfFailure(failure) : result;
    const wasAccepted = result !== undefined && errorOf(result) === undefined;
    answered.push({ ...subject, wasAccepted, status: answer?.status, error: answer && errorOf(answer), at });
    if (!answer && result && isCut(failure)) await sendHalf(result, response);
    else if (!answer) response.destroy();
    else {
      const headers = { 'x-slack-req-id': randomSecret(), ...task.headers, ...answer.headers };
      await send({ ...answer, headers }, response);
    }
  } catch {
    // The client went away in the middle of its request.
    response.destroy();
  }
}

async function run(task: Task): Promise<Answer> {
  try {
    return await task.run();
  } catch (error) {
    return refusal(error);
  }
}

async function readTask(service: Service, http: IncomingMessage): Promise<Task> {
  const { workspace, limit } = service;
  const { pathname, searchParams } = new URL(http.url ?? '/', service.url);
  const body = await readBody(http);
  if (pathname.startsWith('/services/')) {
    const payload = readPayload(http, body);
    const post = () => postToWebhook(workspace, limit, pathname, payload);
    return { method: 'webhook', args: payload ?? {}, headers: {}, run: post };
  }
  if (pathname.startsWith('/upload/')) {
    return { method: 'upload', args: {}, headers: {}, run: () => receiveUpload(workspace, pathname, http, body) };
  }
  const method = /^\/api\/([\w.]+)$/.exec(pathname)?.[1];
  if (method === undefined)
    return { method: '', args: {}, headers: {}, run: () => ({ status: 404, body: 'not found' }) };
  try {
    const sent = await readCall(http, searchParams, body);
    const headers = scopeHeaders(workspace.tokens.get(sent.token ?? ''), methods[method]);
    return { method, args: sent.args, headers, run: () => callMethod(service, method, sent) };
  } catch (error) {
    return { method, args: {}, headers: {}, run: () => refusal(error) };
  }
}

function rememberCursor(pages: Map<string, number>, { body }: Answer, page: number): void {
  const metadata = isObject(body) ? body.response_metadata : undefined;
  const cursor = isObject(metadata) ? metadata.next_cursor : undefined;
  if (typeof cursor === 'string' && cursor !== '') pages.set(cursor, page + 1);
}
