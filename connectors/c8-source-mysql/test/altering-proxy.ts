import { startTcpProxy, type TcpProxy } from 'test-services';
import type { Login } from './harness.ts';

/** One packet of a server. */
export interface ServerPacket {
  /** All its bytes, with the header of four bytes: length and number. */
  readonly bytes: Buffer;
  readonly body: Buffer;
  /** The number of the packet in its answer. */
  readonly number: number;
  /** Its index among the packets of the connection. */
  readonly index: number;
  /** The text of the last query of the client; '' during the login. */
  readonly query: string;
}

/** What the client receives instead of a packet; undefined closes the connection. */
export type Alter = (packet: ServerPacket) => Buffer | undefined;

/** A packet with this number and body, which need not be valid. */
export function packetOf(number: number, body: Buffer | readonly number[] | string): Buffer {
  const content = Buffer.from(body as Buffer);
  return Buffer.concat([headerOf(number, content.length), content]);
}

/** The four bytes before a packet, with a length that need not be right. */
export function headerOf(number: number, length: number): Buffer {
  const header = Buffer.alloc(4);
  header.writeUIntLE(length, 0, 3);
  header[3] = number;
  return header;
}

/** A server between a client and MySQL that alters packets on their way to the client. `alterOf` is called for each connection, with its number from 0. */
export async function startAlteringProxy(
  server: Pick<Login, 'host' | 'port'>,
  alterOf: (connection: number) => Alter,
): Promise<TcpProxy> {
  let connections = 0;
  return await startTcpProxy(server, (client, upstream) => {
    let query = '';
    client.on('data', (chunk: Buffer) => {
      // Queries of tests come in one piece.
      if (chunk[3] === 0 && chunk[4] === 3) query = chunk.toString('utf8', 5);
      upstream.write(chunk);
    });
    let held: Buffer = Buffer.alloc(0);
    let index = 0;
    const alter = alterOf(connections);
    connections += 1;
    upstream.on('data', (chunk: Buffer) => {
      held = Buffer.concat([held, chunk]);
      while (held.length >= 4 && held.length >= 4 + held.readUIntLE(0, 3)) {
        const bytes = held.subarray(0, 4 + held.readUIntLE(0, 3));
        held = held.subarray(bytes.length);
        const altered = alter({ bytes, body: bytes.subarray(4), number: bytes[3] ?? 0, index, query });
        index += 1;
        if (altered === undefined) {
          client.end();
          return;
        }
        client.write(altered);
      }
    });
  });
}
