import { type Address, startTcpProxy, type TcpProxy } from './tcp-proxy.ts';

/** A proxy that breaks connections in the middle of what the server sends. */
export interface CuttingProxy extends TcpProxy {
  /** Connections that were broken. */
  readonly cuts: () => number;
}

/** Starts a proxy that breaks this many connections, each after the server has sent `afterBytes` bytes. Connections on which it sends less, and all later ones, are not affected. */
export async function startCuttingProxy(
  server: Address,
  { afterBytes, times }: { readonly afterBytes: number; readonly times: number },
): Promise<CuttingProxy> {
  let cuts = 0;
  const proxy = await startTcpProxy(server, (client, upstream) => {
    client.pipe(upstream);
    let passed = 0;
    upstream.on('data', (chunk: Buffer) => {
      const rest = afterBytes - passed;
      passed += chunk.length;
      const isCut = passed > afterBytes && cuts < times && rest > 0;
      if (isCut) cuts += 1;
      if (isCut) client.end(chunk.subarray(0, rest));
      else if (!client.write(chunk)) {
        upstream.pause();
        client.once('drain', () => upstream.resume());
      }
    });
  });
  return { ...proxy, cuts: () => cuts };
}
