import { startTcpProxy, type TcpProxy } from 'test-services';
import type { Login } from './harness.ts';

/** One message of a server: its letter, and all its bytes with letter and length. */
export interface Message {
  readonly letter: string;
  readonly bytes: Buffer;
  /** Its index among the messages of the connection. */
  readonly index: number;
}

/** What the client receives instead of a message; undefined closes the connection. */
export type Alter = (message: Message) => Buffer | undefined;

/** A message with this letter and body, which need not be valid. */
export function messageOf(letter: string, body: Buffer | string): Buffer {
  const content = Buffer.from(body);
  return Buffer.concat([headerOf(letter, content.length + 4), content]);
}

/** The first five bytes of a message, with a length that need not be right. */
export function headerOf(letter: string, length: number): Buffer {
  const header = Buffer.alloc(5);
  header.write(letter, 'latin1');
  header.writeUInt32BE(length >>> 0, 1);
  return header;
}

/** A server between a client and PostgreSQL that alters messages on their way to the client. `alterOf` is called for each connection, with its number from 0. */
export async function startAlteringProxy(
  server: Pick<Login, 'host' | 'port'>,
  alterOf: (connection: number) => Alter,
): Promise<TcpProxy> {
  let connections = 0;
  return await startTcpProxy(server, (client, upstream) => {
    client.pipe(upstream);
    let held: Buffer = Buffer.alloc(0);
    let index = 0;
    const alter = alterOf(connections);
    connections += 1;
    upstream.on('data', (chunk: Buffer) => {
      held = Buffer.concat([held, chunk]);
      while (held.length >= 5 && held.length > held.readUInt32BE(1)) {
        const bytes = held.subarray(0, 1 + held.readUInt32BE(1));
        held = held.subarray(bytes.length);
        const altered = alter({ letter: String.fromCharCode(bytes[0] ?? 0), bytes, index });
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
