import { once } from 'node:events';
import { type AddressInfo, createServer, connect as openSocket, type Socket } from 'node:net';

/** Leads to a server, and cuts connections of replication. */
export interface CuttingProxy extends AsyncDisposable {
  readonly port: number;
  /** Each connection that follows a log breaks once it has passed on so many bytes of the server. */
  cutAfter(bytes: number): void;
}

export async function startCuttingProxy(port: number): Promise<CuttingProxy> {
  let limit = Number.POSITIVE_INFINITY;
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = openSocket(port, '127.0.0.1');
    let isOfReplication = false;
    let passed = 0;
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.on('data', (chunk) => {
      isOfReplication ||= chunk.includes('START_REPLICATION');
      upstream.write(chunk);
    });
    upstream.on('data', (chunk) => {
      const left = isOfReplication ? limit - passed : Number.POSITIVE_INFINITY;
      if (isOfReplication) passed += chunk.length;
      if (chunk.length <= left) {
        client.write(chunk);
        return;
      }
      client.end(chunk.subarray(0, left), () => client.destroy());
      upstream.destroy();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    cutAfter: (bytes) => {
      limit = bytes;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
