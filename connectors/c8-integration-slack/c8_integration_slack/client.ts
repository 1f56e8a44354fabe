import { createHash } from 'node:crypto';
import type { LogLevel } from '@slack/web-api';
import type { ActionContext, Log } from 'c8connector';
import { attempt, type Calling } from './attempts.ts';
import { type SlackConfig, tokenOf } from './config.ts';
import { slackCodeOf } from './errors.ts';
import { bucketOf, createLimits, type Limits } from './limits.ts';
import { methodOf, type WebMethod } from './methods.ts';
import { postForSuccess } from './transport.ts';
import { upload } from './upload.ts';

/** What a client is opened with: the context of an action, or of a check, which keeps nothing. */
export type ClientContext = Pick<ActionContext<SlackConfig, unknown>, 'config' | 'signal' | 'log'> &
  Partial<Pick<ActionContext<SlackConfig, unknown>, 'keep'>>;

/** What Slack answered; its fields are looked at one by one. */
export type SlackAnswer = Readonly<Record<string, unknown>>;

interface CallFacts {
  /** What the call is about, for its rate and for errors. */
  readonly channel?: string;
  /** Slack's error code when it was done before: no error where an earlier attempt may have been the one. */
  readonly doneCode?: string;
}

/** What the Web API is called with. */
export interface Slack {
  /** Calls a method, again where that is safe. Every error is one of ours. */
  call(method: WebMethod, args: Readonly<Record<string, unknown>>, facts?: CallFacts): Promise<SlackAnswer>;
  /** Gives the bytes of a file to Slack and returns its id; see `upload`. */
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

/** A run can wait for a service to come back; whoever checks a config wants to hear that nobody answers. */
const attemptsOfRun = 5;
const attemptsOfCheck = 2;

/** What calls are made with under a secret, whose calls are counted together. */
export function callingOf({ config, signal, log, keep }: ClientContext, secret: string): Calling {
  const limits: Limits = keep === undefined ? createLimits() : keep(createLimits);
  const owner = createHash('sha256').update(secret).digest('hex').slice(0, 16);
  const mostAttempts = keep === undefined ? attemptsOfCheck : attemptsOfRun;
  return { limits, owner, retryAmbiguous: config.retry_ambiguous, mostAttempts, signal, log };
}

/** The client tells the texts of messages to its log, so it gets none but for warnings of Slack about a call. */
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
