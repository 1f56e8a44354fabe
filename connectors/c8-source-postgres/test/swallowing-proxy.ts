import { createServer, Socket } from 'node:net';
import type { PostgresServer } from 'test-services';

/** A proxy that stays connected on both sides and from a given moment on passes nothing. */
export interface SwallowingProxy extends AsyncDisposable {
  readonly port: number;
  /** From now on: nothing passes on the connections that exist, as behind a firewall that forgot them, or all bytes of those that come are lost, too. */
  swallow(which: 'existing' | 'all'): void;
}

export async function startSwallowingProxy({
  host,
  port,
}: Pick<PostgresServer, 'host' | 'port'>): Promise<SwallowingProxy> {
  const sockets = new Set<Socket>();
  const swallowing = new Set<Socket>();
  let isSwallowingAll = false;
  const proxy = createServer((client) => {
    const upstream = new Socket().connect(port, host);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.on('error', () => undefined);
      from.on('data', (chunk) => {
        if (!isSwallowingAll && !swallowing.has(from)) to.write(chunk);
      });
      from.on('close', () => to.destroy());
    }
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const address = proxy.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    swallow(which) {
      isSwallowingAll = which === 'all';
      for (const socket of sockets) {
        swallowing.add(socket);
        if (which === 'existing') socket.pause();
      }
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      proxy.close();
    },
  };
}
