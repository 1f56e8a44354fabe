import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { ConnectionError, defineTarget, parseValue, type Row, type TargetConnector } from 'c8connector';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { targetFindings } from '../../findings.ts';

/** A service that greets, takes lines of JSON after the name of their stream, and says `stored` to each batch, which ends with an empty line. */
const stored = new Map<string, Row[]>();
let service: Server;
let config: { readonly host: string; readonly port: number };
beforeAll(async () => {
  service = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.write('hello\n');
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk;
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const [stream = '', ...lines] = text.slice(0, end).split('\n');
        text = text.slice(end + 2);
        stored.set(stream, [...(stored.get(stream) ?? []), ...lines.map((line) => parseValue(line) as Row)]);
        socket.write('stored\n');
      }
    });
  });
  await once(service.listen(0, '127.0.0.1'), 'listening');
  config = { host: '127.0.0.1', port: (service.address() as AddressInfo).port };
});
afterAll(() => service.close());

/** How a target takes what its service says. What a test gives replaces the honest habit. */
interface Habits {
  /** Waits until the service has said something with this word. */
  readonly wait?: (socket: Socket, word: string) => Promise<void>;
  /** Whether one connection serves all writes, also once it is broken. */
  readonly keepsConnection?: boolean;
}

async function waitFor(socket: Socket, word: string): Promise<void> {
  let heard = '';
  while (!heard.includes(`${word}\n`)) {
    const piece: Buffer | null = socket.read() ?? null;
    if (piece !== null) heard += piece;
    else if (socket.readableEnded || socket.destroyed) throw new Error('the service has left');
    else await Promise.race([once(socket, 'readable'), once(socket, 'end'), once(socket, 'close')]);
  }
}

function lineTarget({ wait = waitFor, keepsConnection = false }: Habits): () => TargetConnector {
  return () => {
    let kept: Socket | undefined;
    const Target = defineTarget({
      package: { name: 'c8-target-lines', version: '1.0.0' },
      name: 'Lines',
      description: 'Sends rows as lines.',
      config: {
        host: { type: 'string', displayName: 'Host', description: 'Name of the service.', isMandatory: true },
        port: { type: 'integer', displayName: 'Port', description: 'Port of the service.', isMandatory: true },
      },
      *check() {
        yield { id: 'config', label: 'Config', run: () => 'given' };
      },
      async *write(messages, { config: address }) {
        const isNew = kept === undefined;
        const socket = kept ?? connect(address);
        socket.on('error', () => undefined);
        if (keepsConnection) kept = socket;
        try {
          if (isNew) await wait(socket, 'hello');
          for await (const message of messages) {
            if (message.type === 'FLUSH') yield message.state;
            if (message.type !== 'RECORDS') continue;
            socket.write(`${message.stream}\n${Buffer.from(message.lines())}\n`);
            await wait(socket, 'stored');
          }
        } catch (cause) {
          throw new ConnectionError('the service has left', { code: 'connection_lost', cause });
        } finally {
          if (!keepsConnection) socket.destroy();
        }
      },
    });
    return new Target();
  };
}

async function findingsOf(habits: Habits, only: number): Promise<string[]> {
  const readBack = (stream: string) => stored.get(stream) ?? [];
  return await targetFindings(() => ({}), { connector: lineTarget(habits), config, readBack, only });
}

test.each([113, 114, 115])(
  '%i finds nothing in a target that waits for the confirmation of its service',
  async (only) => {
    expect(await findingsOf({}, only)).toEqual([]);
  },
);

test('114 finds a target that takes the end of a connection for a confirmation', async () => {
  const wait = (socket: Socket, word: string) => waitFor(socket, word).catch(() => undefined);
  expect(await findingsOf({ wait }, 114)).toEqual([
    expect.stringMatching(
      /^114 .*write, whose connection is (closed|reset) after \d+ of 20 bytes: all rows that it acknowledged/s,
    ),
  ]);
});

test('115 finds a target that continues on a broken connection', async () => {
  expect(await findingsOf({ keepsConnection: true }, 115)).toEqual([
    expect.stringMatching(/^115 .*connection was reset after 10 of 20 bytes\n {2}found: ConnectionError/s),
  ]);
});
