import type { IncomingMessage } from 'node:http';
import type { Answer } from './answer.ts';
import { type Arguments, isObject } from './arguments.ts';
import { readContent, readPresentation } from './message-content.ts';
import { authorship, keepMessage } from './post.ts';
import type { RateLimiter } from './rate-limits.ts';
import { contentType } from './request.ts';
import { RateLimited, SlackError } from './slack-error.ts';
import type { Workspace } from './workspace.ts';

/** The payload as JSON or as the field `payload` of a form; `undefined` when it is neither. */
export function readPayload(http: IncomingMessage, body: Buffer): Arguments | undefined {
  const isForm = contentType(http) === 'application/x-www-form-urlencoded';
  const source = isForm ? new URLSearchParams(body.toString()).get('payload') : body.toString();
  try {
    // curl sends JSON as a form by default, and Slack takes it.
    const payload: unknown = JSON.parse(source ?? body.toString());
    return isObject(payload) ? payload : undefined;
  } catch {
    return undefined;
  }
}

/** Posts to an incoming webhook; its answers are texts. */
export function postToWebhook(
  workspace: Workspace,
  limit: RateLimiter,
  path: string,
  payload: Arguments | undefined,
): Answer {
  const webhook = workspace.webhooks.get(path);
  if (!webhook) return { status: 404, body: 'no_service' };
  if (!payload) return { status: 400, body: 'invalid_payload' };
  const channel = workspace.channels.get(webhook.channelId);
  if (!channel) return { status: 404, body: 'channel_not_found' };
  if (channel.isArchived) return { status: 410, body: 'channel_is_archived' };
  if (webhook.isProhibited) return { status: 403, body: 'action_prohibited' };
  try {
    limit('webhook', path);
    const author = { ...authorship(workspace, workspace.app), subtype: 'bot_message' };
    const thread = typeof payload.thread_ts === 'string' ? { thread_ts: payload.thread_ts } : {};
    const content = { ...readContent(payload, 40_000), ...readPresentation(payload) };
    keepMessage(workspace, channel, { ...author, ...content, ...thread });
    return { status: 200, body: 'ok' };
  } catch (error) {
    if (error instanceof RateLimited) {
      return { status: 429, body: 'rate_limited', headers: { 'retry-after': String(error.retryAfter) } };
    }
    if (error instanceof SlackError) return { status: 400, body: error.code };
    throw error;
  }
}
