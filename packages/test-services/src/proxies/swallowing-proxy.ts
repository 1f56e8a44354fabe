import type { Socket } from 'node:net';
import { type Address, startTcpProxy, type TcpProxy } from './tcp-proxy.ts';

/** A proxy that stays connected on both sides, and from a given moment on passes nothing. */
export interface SwallowingProxy extends TcpProxy {
  /** From now on nothing passes on existing connections, as behind a firewall that forgot them; or on new connections either. */
  swallow(which: 'existing' | 'all'): void;
}

/** Starts a proxy that passes everything until `swallow` is called. */
export async function startSwallowingProxy(server: Address): Promise<SwallowingProxy> {
  const sockets = new Set<Socket>();
  const swallowing = new Set<Socket>();
  let isSwallowingAll = false;
  const proxy = await startTcpProxy(server, (client, upstream) => {
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.on('data', (chunk) => {
        if (!isSwallowingAll && !swallowing.has(from)) to.write(chunk);
      });
    }
  });
  return {
    ...proxy,
    swallow(which) {
      isSwallowingAll = which === 'all';
      for (const socket of sockets) {
        swallowing.add(socket);
        if (which === 'existing') socket.pause();
      }
    },
  };
}
