import {
  createServer,
  type IncomingMessage,
  request as plainRequest,
  type Server,
  type ServerResponse,
} from 'node:http';
import { request as tlsRequest } from 'node:https';
import { isIP } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import type { ServiceAddress } from './service-address.ts';

/** An answer of the service, or its replacement. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** A fault for one request. `answer` receives the service's own answer; without `isAnswered`, the request never reaches the service. */
export interface Fault {
  /** In words, for findings: `status 200 and an HTML page`. */
  readonly name: string;
  readonly isAnswered: boolean;
  /** How the answer is sent: as a whole, half of it before the connection breaks, or all of it in small pieces. */
  readonly sent: 'whole' | 'half' | 'slowly';
  answer(own: Answer): Answer;
  /** Milliseconds for which the request is held back from the service. */
  readonly held?: number;
}

/** An HTTP proxy that forwards requests to a service, with a fault for one of them. */
export interface FaultProxy extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  /** Restarts counting, and applies the fault to the request with that number, from 1. */
  spoil(number: number, fault: Fault | undefined): void;
  /** How many requests have come since then. */
  requests(): number;
  /** The service's own answers since then, in order. */
  answers(): readonly Answer[];
}

const host = '127.0.0.1';

/** Starts a proxy in front of a service. */
export async function faultProxy(service: ServiceAddress): Promise<FaultProxy> {
  let count = 0;
  let spoilt = 0;
  let fault: Fault | undefined;
  let answers: Answer[] = [];
  const server = createServer(async (request, response) => {
    count += 1;
    const mine = count === spoilt ? fault : undefined;
    try {
      if (mine?.held !== undefined) await setTimeout(mine.held);
      const own = mine?.isAnswered === false ? nothing : await passedOn(request, service);
      if (mine?.isAnswered !== false) answers.push(own);
      await send(request, response, mine?.answer(own) ?? own, mine?.sent ?? 'whole');
    } catch {
      response.destroy();
    }
  });
  const port = await listening(server);
  return {
    ...{ host, port },
    spoil(number, next) {
      count = 0;
      answers = [];
      spoilt = number;
      fault = next;
    },
    requests: () => count,
    answers: () => answers,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
    },
  };
}

const nothing: Answer = { status: 200, headers: {}, body: Buffer.alloc(0) };

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, host, resolve));
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function passedOn(request: IncomingMessage, { protocol, host: name, port }: ServiceAddress): Promise<Answer> {
  const body = await whole(request);
  const send = protocol === 'https:' ? tlsRequest : plainRequest;
  const { method, url, headers } = request;
  // A server that is addressed by its IP address accepts no other name, and a signature may include the name that the client used.
  const known = isIP(name) > 0 || name === 'localhost' ? headers.host : `${name}:${port}`;
  return await new Promise((resolve, reject) => {
    const sent = send({ host: name, port, method, path: url, headers: { ...headers, host: known } }, (response) => {
      const { statusCode: status = 0, headers: received } = response;
      whole(response).then((content) => resolve({ status, headers: received, body: content }), reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

async function whole(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The most pieces of an answer, and the milliseconds between two of them. */
const mostPieces = 8;
const pause = 20;

async function send(
  { method }: IncomingMessage,
  response: ServerResponse,
  { status, headers, body }: Answer,
  way: Fault['sent'],
): Promise<void> {
  const { 'transfer-encoding': _, connection: __, ...kept } = headers;
  // The length is that of a body that HEAD does not request.
  if (method === 'HEAD' && body.length === 0) return void response.writeHead(status, kept).end();
  response.writeHead(status, { ...kept, 'content-length': body.length });
  if (way === 'whole') return void response.end(body);
  if (way === 'half') return void response.write(body.subarray(0, body.length / 2), () => response.destroy());
  const size = Math.max(1, Math.ceil(body.length / mostPieces));
  for (let start = 0; start < body.length; start += size) {
    response.write(body.subarray(start, start + size));
    await setTimeout(pause);
  }
  response.end();
}
