import { createServer, Socket } from 'node:net';
import type { Login } from './harness.ts';

/** A proxy that passes only so many bytes of a server, and then holds the rest back and stays connected. */
export interface StallingProxy extends AsyncDisposable {
  readonly port: number;
  /** Resolves when a connection has come so far. */
  readonly stalled: Promise<void>;
}

export async function startStallingProxy(
  { host, port }: Pick<Login, 'host' | 'port'>,
  limit: number,
): Promise<StallingProxy> {
  const sockets = new Set<Socket>();
  let noteStall = (): void => undefined;
  const stalled = new Promise<void>((resolve) => {
    noteStall = resolve;
  });
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
    upstream.on('data', (chunk) => {
      passed += chunk.length;
      const isTaken = client.write(chunk);
      if (passed < limit && isTaken) return;
      upstream.pause();
      if (passed < limit) client.once('drain', () => upstream.resume());
      else noteStall();
    });
  });
  await new Promise<void>((listening) => proxy.listen(0, '127.0.0.1', listening));
  const address = proxy.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    stalled,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      proxy.close();
    },
  };
}
