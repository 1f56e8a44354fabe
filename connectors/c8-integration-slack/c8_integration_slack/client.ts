import { createHash } from 'node:crypto';
import type { LogLevel } from '@slack/web-api';
import type { ActionContext, Log, Secret } from 'c8connector';
import { requiredText, type SlackAnswer } from './answer.ts';
import { attempt, type Calling } from './attempts.ts';
import { type SlackConfig, tokenOf } from './config.ts';
import { slackCodeOf } from './errors.ts';
import { bucketOf, createLimits, type Limits } from './limits.ts';
import { methodOf, type WebMethod } from './methods.ts';
import { BadAnswer, postForSuccess } from './transport.ts';

/** What a client is opened with: the context of an action, or of a check, which keeps nothing. */
export type ClientContext = Pick<ActionContext<SlackConfig, unknown>, 'config' | 'signal' | 'log'> &
  Partial<Pick<ActionContext<SlackConfig, unknown>, 'keep'>>;

interface CallOptions {
  /** What the call is about, for its rate and for errors. */
  readonly channel?: string;
  /** Slack's error code when it was done before: no error where an earlier attempt may have been the one. */
  readonly doneCode?: string;
}

/** What the Web API is called with. */
export interface Slack {
  /** Calls a method, again where that is safe. Every error is one of ours. */
  call(method: WebMethod, args: Readonly<Record<string, unknown>>, options?: CallOptions): Promise<SlackAnswer>;
  /** Gives the bytes of a file to Slack, which nobody sees before it is completed, and returns the id of the file. */
  upload(filename: string, bytes: Uint8Array<ArrayBuffer>): Promise<string>;
  /** Whether Slack has said that this app gets one call a minute of that method. */
  isRestricted(method: WebMethod): boolean;
  /** Holds the method to one call a minute from now on. */
  restrict(method: WebMethod): void;
}

/** Imports the client of Slack, which is why it is a function of its own: describing the connector must not. Makes no request yet. */
export async function openSlack(context: ClientContext, action: string): Promise<Slack> {
  const { config, signal, log } = context;
  const token = tokenOf(config, action).reveal();
  const { WebClient } = await import('@slack/web-api');
  const client = new WebClient(token, {
    slackApiUrl: config.api_url,
    // Retries, limits and log are our own.
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logger: quietLogger(log),
    fetch: async (url, { headers = {}, body = '' } = {}) => {
      const { headers: received, text } = await postForSuccess(String(url), { headers, body }, signal);
      return new Response(text, { headers: received });
    },
  });
  const calling = callingOf(context, token);
  const host = new URL(config.api_url).host;
  const bucketFor = (method: WebMethod) =>
    bucketOf(calling.limits, `${calling.owner} ${method}`, methodOf(method).rate);
  const slack: Slack = {
    async call(method, args, { channel, doneCode } = {}) {
      return await attempt(calling, { method, host, channel }, async (mayBeDone) => {
        try {
          return { ...(await client.apiCall(method, args)) };
        } catch (error) {
          if (mayBeDone && doneCode !== undefined && slackCodeOf(error) === doneCode) return {};
          throw error;
        }
      });
    },
    upload: (filename, bytes) => upload(slack, calling, host, filename, bytes),
    isRestricted: (method) => bucketFor(method).isRestricted,
    restrict: (method) => bucketFor(method).restrict(),
  };
  return slack;
}

/** Bytes a millisecond that an upload has at the least, beside what every call has. */
const slowest = 50;

/** An upload URL works once, so a failed upload starts again with a new one. */
async function upload(
  slack: Pick<Slack, 'call'>,
  calling: Calling,
  host: string,
  filename: string,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<string> {
  return await attempt(calling, { method: 'upload', host }, async () => {
    const place = await slack.call('files.getUploadURLExternal', { filename, length: bytes.length });
    const url = requiredText(place, 'upload_url');
    const request = { headers: { 'content-type': 'application/octet-stream' }, body: bytes };
    await postForSuccess(url, request, calling.signal, 30_000 + Math.ceil(bytes.length / slowest));
    return requiredText(place, 'file_id');
  });
}

/** Posts one payload to an incoming webhook, again where that is safe. A webhook answers with nothing but `ok`. */
export async function postToWebhook(
  context: ClientContext,
  webhook: Secret,
  payload: Readonly<Record<string, unknown>>,
): Promise<void> {
  const url = webhook.reveal();
  const calling = callingOf(context, url);
  const body = JSON.stringify(payload);
  await attempt(calling, { method: 'webhook', host: new URL(url).host }, async () => {
    const answer = await postForSuccess(url, { headers: { 'content-type': 'application/json' }, body }, context.signal);
    if (answer.text.trim() !== 'ok') throw new BadAnswer(answer);
  });
}

/** A run can wait for a service to come back; whoever checks a config wants to hear that nobody answers. */
const attemptsOfRun = 5;
const attemptsOfCheck = 2;

/** What calls are made with under a secret, whose calls are counted together. */
function callingOf({ config, signal, log, keep }: ClientContext, secret: string): Calling {
  const limits: Limits = keep === undefined ? createLimits() : keep(createLimits);
  const owner = createHash('sha256').update(secret).digest('hex').slice(0, 16);
  const mostAttempts = keep === undefined ? attemptsOfCheck : attemptsOfRun;
  return { limits, owner, retryAmbiguous: config.retry_ambiguous, mostAttempts, signal, log };
}

/** The client would log the texts of messages, so only the warnings of Slack about a call are taken from it. */
function quietLogger(log: Log) {
  const nothing = () => undefined;
  return {
    debug: nothing,
    info: nothing,
    warn: (...texts: unknown[]) => log.debug(`Slack: ${texts.join(' ')}`),
    error: nothing,
    setLevel: nothing,
    getLevel: () => 'error' as LogLevel,
    setName: nothing,
  };
}
