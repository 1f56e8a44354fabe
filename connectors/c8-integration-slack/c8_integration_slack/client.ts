import type { LogLevel } from '@slack/web-api';
import type { Log } from 'c8connector';
import type { SlackAnswer } from './answer.ts';
import { attempt } from './attempts.ts';
import { type ClientContext, callingOf, wayOf } from './calling.ts';
import { type SlackConfig, tokenOf } from './config.ts';
import { slackCodeOf } from './errors.ts';
import { entryOf } from './errors-table.ts';
import { bucketOf } from './limits.ts';
import { methodOf, type WebMethod } from './methods.ts';
import { checkProof, readAnswer } from './proof.ts';
import { BadAnswer, type HttpAnswer, postForSuccess } from './transport.ts';
import { type UploadFile, upload } from './upload.ts';

interface CallOptions {
  /** What the call is about, for its rate and for errors. */
  readonly channel?: string;
  /** Slack's error code for a call that was done before: a success when an earlier attempt may have done it. */
  readonly doneCode?: string;
}

/** A client of the Web API. */
export interface Slack {
  /** Calls a method, with retries when they are safe. Every error is one of ours. */
  call(method: WebMethod, args: Readonly<Record<string, unknown>>, options?: CallOptions): Promise<SlackAnswer>;
  /** Sends the bytes of a file to Slack, which is not visible before it is completed, and returns the id of the file. */
  upload(file: UploadFile): Promise<string>;
  /** Whether Slack has limited this app to one call a minute of that method. */
  isRestricted(method: WebMethod): boolean;
  /** Holds the method to one call a minute from now on. */
  restrict(method: WebMethod): void;
}

/** Opens the client without sending a request. Loads Slack's client here, so that describing the connector does not load it. */
export async function openSlack(context: ClientContext, action: string): Promise<Slack> {
  const { config, signal, log } = context;
  const token = tokenOf(config, action).reveal();
  const [{ WebClient }, way] = await Promise.all([import('@slack/web-api'), wayOf(context)]);
  const client = new WebClient(token, {
    slackApiUrl: config.api_url,
    // Retries, limits and log are our own.
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logger: quietLogger(log),
    fetch: async (url, { headers = {}, body = '' } = {}) => {
      // No argument of ours is binary, so the body is a text.
      const answer = await postForSuccess(way, String(url), { headers, body: String(body) }, signal);
      checkAnswer(answer);
      return asResponse(answer);
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
          const answer = { ...(await client.apiCall(method, { ...args, ...teamOf(method, config) })) };
          checkProof(answer, methodOf(method).proof);
          return answer;
        } catch (error) {
          if (mayBeDone && doneCode !== undefined && slackCodeOf(error) === doneCode) return {};
          throw error;
        }
      });
    },
    upload: (file) => upload({ call: slack.call, calling, way, host, file }),
    isRestricted: (method) => bucketFor(method).isRestricted,
    restrict: (method) => bucketFor(method).restrict(),
  };
  return slack;
}

/** Throws what is not an answer of the Web API, and what asks to wait, whatever its status: the client would forget for how long. */
function checkAnswer(answer: HttpAnswer): void {
  const { ok, error } = readAnswer(answer.text);
  if (!ok && typeof error === 'string' && entryOf(error).kind === 'limited') throw new BadAnswer(answer);
}

/** What the client reads of an answer: of the headers the scopes of the token alone. */
function asResponse({ text, headers }: HttpAnswer): Response {
  const scopes = headers.get('x-oauth-scopes');
  return new Response(text, { headers: scopes === null ? {} : { 'x-oauth-scopes': scopes } });
}

function teamOf(method: WebMethod, { team_id }: SlackConfig): { readonly team_id?: string } {
  return methodOf(method).needsTeam === true && team_id !== undefined ? { team_id } : {};
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
