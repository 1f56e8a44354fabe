import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const pageSize = 50;

/** A web API of our own on this machine: lists of objects with rising ids, for whoever has the token. */
export async function startApi(lists: Readonly<Record<string, readonly { readonly id: number }[]>>) {
  const token = 'a token that may read';
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const list = lists[pathname.slice(1)];
    if (request.headers.authorization !== `Bearer ${token}`) response.writeHead(401).end('who are you?');
    else if (list === undefined) response.writeHead(404).end('no such list');
    else {
      const after = Number(searchParams.get('after'));
      response.end(JSON.stringify(list.filter(({ id }) => id > after).slice(0, pageSize)));
    }
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    config: { url: `http://127.0.0.1:${port}`, token },
    stop: () => new Promise((stopped) => server.close(stopped).closeAllConnections()),
  };
}
