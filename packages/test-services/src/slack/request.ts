import type { IncomingMessage } from 'node:http';
import { type Arguments, isObject } from './arguments.ts';
import { SlackError } from './slack-error.ts';

/** A call of a Web API method as it was sent. */
export interface SentCall {
  readonly args: Arguments;
  /** From the Authorization header or the `token` field of a form. */
  readonly token: string | undefined;
  readonly isJson: boolean;
}

export async function readBody(http: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of http) chunks.push(chunk);
  return Buffer.concat(chunks);
}

export function contentType(http: IncomingMessage): string {
  return http.headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? '';
}

export async function readCall(http: IncomingMessage, query: URLSearchParams, body: Buffer): Promise<SentCall> {
  const bearer = /^Bearer\s+(\S+)$/i.exec(http.headers.authorization ?? '')?.[1];
  const inQuery = Object.fromEntries(query);
  const type = contentType(http);
  if (type === 'application/json') return { args: { ...inQuery, ...readJson(body) }, token: bearer, isJson: true };
  const { token, ...args } = { ...inQuery, ...(await readFields(http, type, body)) };
  return { args, token: bearer ?? token, isJson: false };
}

function readJson(body: Buffer): Readonly<Record<string, unknown>> {
  if (body.length === 0) return {};
  const value = parseJson(body.toString());
  if (!isObject(value)) throw new SlackError('json_not_object');
  return value;
}

function parseJson(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch {
    throw new SlackError('invalid_json');
  }
}

async function readFields(http: IncomingMessage, type: string, body: Buffer): Promise<Record<string, string>> {
  if (type === 'application/x-www-form-urlencoded') return readForm(body.toString());
  if (type === 'multipart/form-data') {
    const fields = [...(await readMultipart(http, body))];
    return Object.fromEntries(fields.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])));
  }
  if (body.length === 0) return {};
  throw new SlackError(type === '' ? 'missing_post_type' : 'invalid_post_type');
}

function readForm(source: string): Record<string, string> {
  try {
    decodeURIComponent(source);
  } catch {
    throw new SlackError('invalid_form_data');
  }
  return Object.fromEntries(new URLSearchParams(source));
}

export async function readMultipart(http: IncomingMessage, body: Buffer): Promise<FormData> {
  const headers = { 'content-type': http.headers['content-type'] ?? '' };
  try {
    return await new Response(new Uint8Array(body), { headers }).formData();
  } catch {
    throw new SlackError('invalid_form_data');
  }
}
