import type { Login } from '../harness.ts';
import { startTcpProxy, type TcpProxy } from '../tcp-proxy.ts';

/** A proxy to a server that cuts dumps. */
export interface CuttingLogProxy extends TcpProxy {
  /** Each connection that follows a log breaks after this many bytes from the server. */
  cutAfter(bytes: number): void;
}

export async function startCuttingLogProxy(server: Pick<Login, 'host' | 'port'>): Promise<CuttingLogProxy> {
  let limit = Number.POSITIVE_INFINITY;
  const proxy = await startTcpProxy(server, (client, upstream) => {
    let isOfDump = false;
    let passed = 0;
    client.on('data', (chunk) => {
      isOfDump ||= chunk.includes('net_write_timeout = 31536000') && chunk.includes('heartbeat_period');
      upstream.write(chunk);
    });
    upstream.on('data', (chunk) => {
      const left = isOfDump ? limit - passed : Number.POSITIVE_INFINITY;
      if (isOfDump) passed += chunk.length;
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
