import { createHash, createHmac } from 'node:crypto';
import type { Endpoint } from './client.ts';

/** A request signed here, without the SDK and without the server's own code, to send what no well-behaved client sends. */
export interface RawRequest {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The value of x-amz-content-sha256. */
  readonly payload: string;
  readonly body?: (signing: Signing) => Buffer;
}

export interface Signing {
  readonly key: Buffer;
  readonly date: string;
  readonly scope: string;
  readonly signature: string;
}

export async function sendSigned(server: Endpoint, request: RawRequest): Promise<{ status: number; text: string }> {
  const date = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const scope = `${date.slice(0, 8)}/${server.region}/s3/aws4_request`;
  const headers: Record<string, string> = {
    host: new URL(server.endpoint).host,
    'x-amz-content-sha256': request.payload,
    'x-amz-date': date,
    ...request.headers,
  };
  const names = Object.keys(headers).sort();
  const canonical = [
    request.method,
    request.path,
    '',
    ...names.map((name) => `${name}:${headers[name]}`),
    '',
    names.join(';'),
    request.payload,
  ].join('\n');
  let key = Buffer.from(`AWS4${server.secretAccessKey}`);
  for (const part of scope.split('/')) key = createHmac('sha256', key).update(part).digest();
  const signature = hmac(key, ['AWS4-HMAC-SHA256', date, scope, sha256(canonical)].join('\n'));
  const authorization = `AWS4-HMAC-SHA256 Credential=${server.accessKey}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
  const { host: _, ...sent } = headers;
  const body = request.body?.({ key, date, scope, signature });
  const response = await fetch(server.endpoint + request.path, {
    method: request.method,
    headers: { ...sent, authorization },
    ...(body && { body: new Uint8Array(body) }),
  });
  return { status: response.status, text: await response.text() };
}

/** The aws-chunked framing with signatures; `trailer` is a line such as `x-amz-checksum-crc32:AAAAAA==`. */
export function signedChunks(chunks: readonly Buffer[], signing: Signing, trailer?: string): Buffer {
  let previous = signing.signature;
  const parts: (Buffer | string)[] = [];

  function next(kind: string, ...hashes: string[]): string {
    const text = [`AWS4-HMAC-SHA256-${kind}`, signing.date, signing.scope, previous, ...hashes].join('\n');
    previous = hmac(signing.key, text);
    return previous;
  }
  for (const chunk of [...chunks, Buffer.alloc(0)]) {
    parts.push(`${chunk.length.toString(16)};chunk-signature=${next('PAYLOAD', sha256(''), sha256(chunk))}\r\n`, chunk);
    if (chunk.length > 0) parts.push('\r\n');
  }
  if (trailer) parts.push(`${trailer}\r\nx-amz-trailer-signature:${next('TRAILER', sha256(`${trailer}\n`))}\r\n`);
  parts.push('\r\n');
  return Buffer.concat(parts.map((part) => Buffer.from(part)));
}

export function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

function hmac(key: Buffer, text: string): string {
  return createHmac('sha256', key).update(text).digest('hex');
}
