import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const pageSize = 50;

/** An object of a list. `updated_at` is in UTC. */
interface Item {
  readonly id: number;
  readonly updated_at?: string;
}

/** A web API of our own on this machine: lists of objects with rising ids, for whoever has the token. */
export async function startApi(lists: Readonly<Record<string, readonly Item[]>>) {
  const token = 'a token that may read';
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const list = lists[pathname.slice(1)];
    if (request.headers.authorization !== `Bearer ${token}`) response.writeHead(401).end('who are you?');
    else if (list === undefined) response.writeHead(404).end('no such list');
    else {
      const after = Number(searchParams.get('after'));
      const since = searchParams.get('updated_since') ?? '';
      const wanted = list.filter(({ id, updated_at = '' }) => id > after && updated_at >= since);
      response.end(JSON.stringify(wanted.slice(0, pageSize)));
    }
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    config: { url: `http://127.0.0.1:${port}`, token },
    stop: () => new Promise((stopped) => server.close(stopped).closeAllConnections()),
  };
}
