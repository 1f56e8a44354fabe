import { once } from 'node:events';
import { type AddressInfo, createServer, connect as openSocket, type Socket } from 'node:net';

/** Where a server listens. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** A port that forwards to a server. */
export interface TcpProxy extends AsyncDisposable {
  readonly port: number;
}

/** Starts a proxy that connects to the server for each client. What passes between the two is up to `onConnection`; when one of them closes, so does the other. It listens at `address`, on a free port. */
export async function startTcpProxy(
  { host, port }: Address,
  onConnection: (client: Socket, upstream: Socket) => void,
  address = '127.0.0.1',
): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (client) => {
    const upstream = openSocket(port, host).setNoDelay(true);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
    }
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
    onConnection(client, upstream);
  });
  server.listen(0, address);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      for (const socket of sockets) socket.destroy();
      server.close();
      await closed;
    },
  };
}
