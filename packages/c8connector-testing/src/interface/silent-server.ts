import { createServer, type Socket } from 'node:net';

/** A server that accepts every connection and never answers. */
export interface SilentServer extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  /** Resolves on the next connection from now on. */
  connected(): Promise<void>;
  /** Resolves when all current connections are closed. */
  left(): Promise<void>;
}

const host = '127.0.0.1';

export async function silentServer(): Promise<SilentServer> {
  const sockets = new Set<Socket>();
  let waiting: (() => void)[] = [];
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    socket.resume();
    for (const resolve of waiting) resolve();
    waiting = [];
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, host, resolve));
  const address = server.address();
  return {
    host,
    port: typeof address === 'object' && address !== null ? address.port : 0,
    async left() {
      const closed = [...sockets].map((socket) => new Promise((resolve) => socket.once('close', resolve)));
      await Promise.all(closed);
    },
    connected: () => new Promise((resolve) => waiting.push(resolve)),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A local port on which nothing listens. */
export async function closedPort(): Promise<{ readonly host: string; readonly port: number }> {
  await using server = await silentServer();
  return { host, port: server.port };
}
