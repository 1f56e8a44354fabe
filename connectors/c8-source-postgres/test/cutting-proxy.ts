import { createServer, Socket } from 'node:net';
import type { Login } from './harness.ts';

/** A proxy that breaks connections in the middle of what the server sends. */
export interface CuttingProxy extends AsyncDisposable {
  readonly port: number;
  /** Connections that were broken. */
  readonly cuts: () => number;
}

/** Breaks so many connections, each one behind the given byte; those that send less, and all later ones, are left alone. */
export async function startCuttingProxy(
  { host, port }: Pick<Login, 'host' | 'port'>,
  { behind, times }: { readonly behind: number; readonly times: number },
): Promise<CuttingProxy> {
  const sockets = new Set<Socket>();
  let cuts = 0;
  const proxy = createServer((client) => {
    const upstream = new Socket().connect(port, host);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
    }
    client.pipe(upstream);
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
    let passed = 0;
    upstream.on('data', (chunk: Buffer) => {
      const rest = behind - passed;
      passed += chunk.length;
      const isCut = passed > behind && cuts < times && rest > 0;
      if (isCut) cuts += 1;
      if (isCut) client.end(chunk.subarray(0, rest));
      else if (!client.write(chunk)) {
        upstream.pause();
        client.once('drain', () => upstream.resume());
      }
    });
  });
  await new Promise<void>((listening) => proxy.listen(0, '127.0.0.1', listening));
  const address = proxy.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    cuts: () => cuts,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      proxy.close();
    },
  };
}
