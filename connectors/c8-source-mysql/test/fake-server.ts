import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { ServerCertificates } from 'test-services';
import { packetOf } from './altering-proxy.ts';

/** A server that speaks only as much of the protocol as a test needs. */
export interface FakeServer extends AsyncDisposable {
  readonly port: number;
  /** Everything that clients have sent. */
  received(): Buffer;
}

/** What all servers since MySQL 4.1 offer: protocol 4.1, secure connections, authentication plugins. */
const capabilities = 0x0008a200;
const ssl = 0x0800;

/** Bytes of a request for TLS. */
const requestBytes = 36;

/** A greeting like that of a server with this version. */
export function greetingOf({ version = '8.0.40', plugin = 'mysql_native_password', hasTls = false } = {}): Buffer {
  const flags = hasTls ? capabilities | ssl : capabilities;
  const fixed = Buffer.alloc(18);
  fixed.writeUInt16LE(flags & 0xffff, 0);
  fixed[2] = 45;
  fixed.writeUInt16LE(2, 3);
  fixed.writeUInt16LE(flags >>> 16, 5);
  fixed[7] = 21;
  return packetOf(
    0,
    Buffer.concat([
      Buffer.from([10, ...Buffer.from(version), 0, 1, 0, 0, 0]),
      Buffer.from('abcdefgh\0'),
      fixed,
      Buffer.from('ijklmnopqrst\0'),
      Buffer.from(`${plugin}\0`),
    ]),
  );
}

/** A request to log in with another plugin. */
export function switchTo(plugin: string, number = 2): Buffer {
  return packetOf(number, Buffer.from(`\xfe${plugin}\0abcdefghijklmnopqrst\0`, 'latin1'));
}

export const okPacket = (number: number) => packetOf(number, [0, 0, 0, 2, 0, 0, 0]);

/**
 * Sends the first answer at once, and each further one when the client has sent something. After the last one it is silent. With certificates, the first thing that the client sends begins TLS; only what it sends
 * through TLS is then received.
 */
export async function startFakeServer(
  answers: readonly Buffer[],
  certificates?: Pick<ServerCertificates, 'serverCertificate' | 'serverKey'>,
): Promise<FakeServer> {
  const sockets = new Set<Socket>();
  const received: Buffer[] = [];
  const server = createServer((socket) => {
    const left = [...answers];
    let stream = socket;
    sockets.add(socket);
    socket.on('error', () => undefined);
    const answer = () => {
      const next = left.shift();
      if (next !== undefined) stream.write(next);
    };
    const listen = (stream: Socket) =>
      stream.on('data', (bytes) => {
        received.push(bytes);
        answer();
      });
    if (certificates === undefined) listen(socket);
    else
      socket.once('data', (bytes) => {
        // The beginning of the handshake may come with the request for it.
        socket.pause();
        if (bytes.length > requestBytes) socket.unshift(bytes.subarray(requestBytes));
        const { serverCertificate: cert, serverKey: key } = certificates;
        stream = new TLSSocket(socket, { isServer: true, cert, key });
        stream.on('error', () => undefined);
        listen(stream);
      });
    answer();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    received: () => Buffer.concat(received),
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      for (const socket of sockets) socket.destroy();
      server.close();
      await closed;
    },
  };
}
