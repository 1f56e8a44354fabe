import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { authorize, type Credentials } from './authorization.ts';
import type { Answer } from './call.ts';
import { type FaultPlan, failureError, type Reply, type RequestSubject } from './faults.ts';
import type { ObjectStore } from './object-store.ts';
import { readRequest, type S3Request } from './request.ts';
import { findRoute, type Route } from './routes.ts';
import { accessDenied, S3Error } from './s3-error.ts';
import { withoutChecksums } from './without-checksums.ts';
import { element, elements, renderXml } from './xml.ts';

/** A request that the server has answered. */
export interface AnsweredRequest {
  /** `''` when the request fits no operation. */
  readonly operation: string;
  readonly bucket: string;
  readonly key: string;
  readonly partNumber: number | undefined;
  /** `undefined` when the connection broke instead. */
  readonly status: number | undefined;
}

export interface Service {
  readonly credentials: Credentials;
  readonly store: ObjectStore;
  readonly faults: FaultPlan;
  readonly answered: AnsweredRequest[];
}

const namespace = 'http://s3.amazonaws.com/doc/2006-03-01/';

/** One request from its first byte to the end of its answer; never rejects. */
export async function exchange(service: Service, http: IncomingMessage, response: ServerResponse): Promise<void> {
  const requestId = randomBytes(8).toString('hex').toUpperCase();
  response.setHeader('x-amz-request-id', requestId);
  response.setHeader('x-amz-id-2', randomBytes(32).toString('base64'));
  response.setHeader('server', 'AmazonS3');
  response.setHeader('date', new Date(service.credentials.now()).toUTCString());
  let subject: RequestSubject = { operation: '', bucket: '', key: '', partNumber: undefined };
  try {
    const request = readRequest(http);
    subject = { ...subject, bucket: request.bucket, key: request.key };
    const route = findRoute(request);
    const partNumber = request.query.get('partNumber');
    subject = { ...subject, operation: route.name, partNumber: partNumber ? Number(partNumber) : undefined };
    const answer = await answerOf(service, subject, request, route, response);
    if (answer === undefined) response.destroy();
    else if ('reply' in answer) await sendReply(answer.reply, http, response);
    else await send(answer, http, response);
  } catch (error) {
    if (response.headersSent || http.socket.destroyed) response.destroy();
    else await sendError(error, requestId, http, response).catch(() => response.destroy());
  }
  const status = response.headersSent ? response.statusCode : undefined;
  service.answered.push({ ...subject, status });
}

/** `undefined` when the test ordered the connection to break, and what it ordered instead of an answer. */
async function answerOf(
  { credentials, store, faults }: Service,
  subject: RequestSubject,
  request: S3Request,
  route: Route,
  response: ServerResponse,
): Promise<Answer | { readonly reply: Reply } | undefined> {
  if ((await faults.intercepted(subject, 'before')) === 'drop') return undefined;
  const failure = faults.nextFailure(subject);
  const delay = faults.delayOf(subject);
  if (delay > 0) await sleep(delay);
  if (failure && 'status' in failure) throw failureError(failure);
  if (failure && 'drop' in failure && failure.drop === 'request') return undefined;
  if (failure && 'reply' in failure && !failure.reply.isApplied) return failure;
  if (!store.traits.checksums) withoutChecksums.check(request);
  const authorization = authorize(request, credentials);
  const denied = (permission: string) => faults.denied(permission, request.bucket);
  if (denied(route.permission)) throw accessDenied();
  const owner = request.headers.get('x-amz-expected-bucket-owner');
  if (owner !== undefined && owner !== store.account) throw accessDenied();
  const answer = await route.run({ request, authorization, response, store, region: credentials.region, denied });
  if ((await faults.intercepted(subject, 'after')) === 'drop') {
    if (answer.body instanceof Readable) answer.body.destroy();
    return undefined;
  }
  if (failure === undefined) return store.traits.checksums ? answer : withoutChecksums.answer(answer);
  if (answer.body instanceof Readable) answer.body.destroy();
  return 'reply' in failure ? failure : undefined;
}

async function sendReply(reply: Reply, http: IncomingMessage, response: ServerResponse): Promise<void> {
  const { status, headers = {}, body = '', isCut } = reply;
  http.resume();
  const size = Buffer.byteLength(body);
  const length = status === 204 ? {} : { 'content-length': String(isCut ? size + 1 : size) };
  response.removeHeader('server');
  response.writeHead(status, { ...length, ...headers });
  if (!isCut) return await finish(response, http.method === 'HEAD' ? '' : body);
  await new Promise<void>((resolve) => response.write(body, () => resolve()));
  response.destroy();
}

async function send(answer: Answer, http: IncomingMessage, response: ServerResponse): Promise<void> {
  const { status, headers = {}, body } = answer;
  if (body instanceof Readable) {
    response.writeHead(status, headers);
    return pipeline(body, response);
  }
  const text = body === undefined ? '' : renderXml(body, namespace);
  const length = http.method === 'HEAD' || status === 204 ? {} : { 'content-length': String(Buffer.byteLength(text)) };
  const type = text ? { 'content-type': 'application/xml' } : {};
  response.writeHead(status, { ...length, ...type, ...headers });
  await finish(response, text);
}

async function sendError(
  cause: unknown,
  requestId: string,
  http: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const error =
    cause instanceof S3Error ? cause : new S3Error(500, 'InternalError', `We encountered an internal error: ${cause}`);
  const { status, code, message, details } = error;
  const document = elements({
    Code: code,
    Message: message,
    ...details,
    RequestId: requestId,
    HostId: 'test-services',
  });
  const text = http.method === 'HEAD' || status === 304 ? '' : renderXml(element('Error', document));
  if (details.Region) response.setHeader('x-amz-bucket-region', details.Region);
  // A client that waits for "100 Continue" never sends the body that it announced; all others are heard out.
  if (http.headers.expect === '100-continue') response.setHeader('connection', 'close');
  else http.resume();
  response.writeHead(
    status,
    text ? { 'content-type': 'application/xml', 'content-length': Buffer.byteLength(text) } : {},
  );
  await finish(response, text);
}

function finish(response: ServerResponse, text: string): Promise<void> {
  return new Promise((resolve) => {
    response.once('close', resolve);
    response.end(text, () => resolve());
  });
}
