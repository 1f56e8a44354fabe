import { type Address, startTcpProxy, type TcpProxy } from './tcp-proxy.ts';

/** A proxy that passes on only this many bytes from the server, then holds the rest back and stays connected. */
export interface StallingProxy extends TcpProxy {
  /** Resolves when a connection has reached that point. */
  readonly stalled: Promise<void>;
}

/** Starts a proxy that holds back on each connection what the server sends beyond `limit` bytes. */
export async function startStallingProxy(server: Address, limit: number): Promise<StallingProxy> {
  let noteStall = (): void => undefined;
  const stalled = new Promise<void>((resolve) => {
    noteStall = resolve;
  });
  const proxy = await startTcpProxy(server, (client, upstream) => {
    client.pipe(upstream);
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
  return { ...proxy, stalled };
}
