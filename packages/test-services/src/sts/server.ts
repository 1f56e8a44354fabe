import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AccessKey, newAccessKey, type SessionKey } from '../s3/access-keys.ts';
import { readRequest } from '../s3/request.ts';
import { element, elements, renderXml } from '../s3/xml.ts';
import { type AssumedRole, assumeRole, type Role } from './assume-role.ts';
import { authenticate } from './authentication.ts';
import { StsError } from './sts-error.ts';

export interface StsOptions {
  readonly roles: readonly Role[];
  /** Makes the keys of a session of so many seconds, which is where they are used. */
  readonly createSession: (seconds: number) => SessionKey;
  /** `us-east-1` unless given. */
  readonly region?: string;
}

export interface StsServer extends AsyncDisposable {
  /** `http://127.0.0.1:PORT` */
  readonly endpoint: string;
  /** Of the user who may assume the roles. */
  readonly accessKey: string;
  readonly secretAccessKey: string;
  /** Each role that was assumed, in the order of the answers. */
  readonly assumed: readonly AssumedRole[];
}

const namespace = 'https://sts.amazonaws.com/doc/2011-06-15/';

/**
 * Starts a server of AssumeRole on 127.0.0.1, with the answers and refusals that AWS documents for the Query API of STS, version 2011-06-15. It does not keep its process alive.
 */
export async function startSts({ roles, createSession, region = 'us-east-1' }: StsOptions): Promise<StsServer> {
  const user = newAccessKey();
  const assumed: AssumedRole[] = [];
  const server = createServer((request, response) => {
    void answer(request, response, { user, region }, (parameters) => {
      const { role, document } = assumeRole(parameters, roles, createSession);
      assumed.push(role);
      return document;
    });
  });
  server.listen(0, '127.0.0.1').unref();
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The system gave no port.');
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    accessKey: user.accessKey,
    secretAccessKey: user.secretAccessKey,
    assumed,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** One request from its first byte to the end of its answer; never rejects. */
async function answer(
  http: IncomingMessage,
  response: ServerResponse,
  known: { readonly user: AccessKey; readonly region: string },
  run: (parameters: URLSearchParams) => ReturnType<typeof element>,
): Promise<void> {
  const requestId = randomUUID();
  const send = (status: number, text: string) => {
    response.writeHead(status, { 'content-type': 'text/xml', 'x-amzn-requestid': requestId });
    response.end(text);
  };
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of http) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    authenticate(readRequest(http), body, known.user, known.region);
    const result = run(new URLSearchParams(body));
    const metadata = element('ResponseMetadata', [element('RequestId', requestId)]);
    send(200, renderXml(element('AssumeRoleResponse', [result, metadata]), namespace));
  } catch (cause) {
    const error = cause instanceof StsError ? cause : new StsError(500, 'InternalFailure', String(cause));
    const { status, code, message } = error;
    const type = status < 500 ? 'Sender' : 'Receiver';
    const content = [
      element('Error', elements({ Type: type, Code: code, Message: message })),
      element('RequestId', requestId),
    ];
    send(status, renderXml(element('ErrorResponse', content), namespace));
  }
}
