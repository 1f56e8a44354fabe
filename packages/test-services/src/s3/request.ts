import type { IncomingMessage } from 'node:http';
import { S3Error } from './s3-error.ts';

/** A request in path style, taken apart and decoded. */
export interface S3Request {
  readonly http: IncomingMessage;
  readonly method: string;
  /** Decoded, with its leading slash. */
  readonly path: string;
  readonly bucket: string;
  readonly key: string;
  readonly query: ReadonlyMap<string, string>;
  /** Lower case names; in a presigned URL the `x-amz-` parameters of the query count as headers. */
  readonly headers: ReadonlyMap<string, string>;
}

export function readRequest(http: IncomingMessage): S3Request {
  const [rawPath = '/', rawQuery = ''] = splitOnce(http.url ?? '/', '?');
  const path = decode(rawPath);
  const [bucket = '', key = ''] = splitOnce(path.slice(1), '/');
  const query = new Map<string, string>();
  for (const pair of rawQuery.split('&').filter(Boolean)) {
    const [name = '', value = ''] = splitOnce(pair, '=');
    query.set(decode(name.replaceAll('+', ' ')), decode(value.replaceAll('+', ' ')));
  }
  const hoisted = query.has('X-Amz-Signature')
    ? [...query].filter(([name]) => /^x-amz-/i.test(name)).map(([name, value]) => [name.toLowerCase(), value] as const)
    : [];
  const sent = Object.entries(http.headersDistinct).map(([name, values]) => [name, values?.join(',') ?? ''] as const);
  return { http, method: http.method ?? 'GET', path, bucket, key, query, headers: new Map([...hoisted, ...sent]) };
}

/** The names that the client sent as headers, without those that a presigned URL carries in its query. */
export function sentHeaders(request: S3Request): string[] {
  return Object.keys(request.http.headersDistinct);
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new S3Error(400, 'InvalidURI', "Couldn't parse the specified URI.", { URI: text });
  }
}
