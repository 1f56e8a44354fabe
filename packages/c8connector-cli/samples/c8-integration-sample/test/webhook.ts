import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A webhook of our own on this machine, which keeps what it is sent. */
export async function startWebhook() {
  const token = 'a token that may post';
  const messages: unknown[] = [];
  let calls = 0;
  const server = createServer(async (request, response) => {
    calls += 1;
    const body = await text(request);
    if (request.headers.authorization !== `Bearer ${token}`) return response.writeHead(401).end('who are you?');
    if (request.method === 'GET') return response.end('{"id":"hook"}');
    messages.push(JSON.parse(body));
    return response.writeHead(201).end(`{"id":"m-${messages.length}"}`);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    config: { url: `http://127.0.0.1:${port}/hook`, token },
    messages,
    calls: () => calls,
    stop: () => new Promise((stopped) => server.close(stopped).closeAllConnections()),
  };
}
