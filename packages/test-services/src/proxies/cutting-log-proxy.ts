import { type Address, startTcpProxy, type TcpProxy } from './tcp-proxy.ts';

/** A proxy to a server that breaks the connections which follow its log. */
export interface CuttingLogProxy extends TcpProxy {
  /** Each connection that follows a log breaks after this many bytes from the server. */
  cutAfter(bytes: number): void;
}

/** Starts a proxy that breaks nothing until `cutAfter` is called. A connection follows the log once the client has sent `text`. */
export async function startCuttingLogProxy(server: Address, text: string): Promise<CuttingLogProxy> {
  let limit = Number.POSITIVE_INFINITY;
  const proxy = await startTcpProxy(server, (client, upstream) => {
    let isOfLog = false;
    let passed = 0;
    client.on('data', (chunk) => {
      isOfLog ||= chunk.includes(text);
      upstream.write(chunk);
    });
    upstream.on('data', (chunk) => {
      const left = isOfLog ? limit - passed : Number.POSITIVE_INFINITY;
      if (isOfLog) passed += chunk.length;
      if (chunk.length <= left) {
        client.write(chunk);
        return;
      }
      client.end(chunk.subarray(0, left), () => client.destroy());
      // Bytes that were cut off must not be sent when the server's side ends.
      upstream.pause();
    });
  });
  return {
    ...proxy,
    cutAfter(bytes) {
      limit = bytes;
    },
  };
}
