import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { ConnectionError, defineSource, type Row, type SourceConnector } from 'c8connector';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sourceFindings } from '../../findings.ts';

/** A service that says a row a line, and `end` after the last one. */
let service: Server;
let config: { readonly host: string; readonly port: number };
beforeAll(async () => {
  const lines = Array.from({ length: 40 }, (_, id) => `{"id":${id},"text":"row ${id}"}\n`).join('');
  service = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(`${lines}end\n`));
  });
  await once(service.listen(0, '127.0.0.1'), 'listening');
  config = { host: '127.0.0.1', port: (service.address() as AddressInfo).port };
});
afterAll(() => service.close());

/** How a source takes what comes. What a test gives replaces the honest habit. */
interface Habits {
  /** The text of all that came, of which `isWhole` says whether the connection was closed in an orderly way. */
  readonly rowsOf?: (text: string) => readonly Row[];
  readonly onLost?: (cause: unknown) => never | undefined;
  /** Whether each piece is read alone. */
  readonly readsPieces?: boolean;
}

function lost(cause?: unknown): never {
  throw new ConnectionError('the connection broke off', { code: 'connection_lost', cause });
}

function linesOf(text: string): readonly Row[] {
  const lines = text.split('\n').filter((line) => line !== '' && line !== 'end');
  return lines.map((line) => JSON.parse(line));
}

function untilEnd(text: string): readonly Row[] {
  return text.endsWith('\nend\n') ? linesOf(text) : lost();
}

function lineSource({ rowsOf = untilEnd, onLost = lost, readsPieces = false }: Habits): new () => SourceConnector {
  return defineSource({
    package: { name: 'c8-source-lines', version: '1.0.0' },
    name: 'Lines',
    description: 'Reads a row a line.',
    config: {
      host: { type: 'string', displayName: 'Host', description: 'Name of the service.', isMandatory: true },
      port: { type: 'integer', displayName: 'Port', description: 'Port of the service.', isMandatory: true },
    },
    *check() {
      yield { id: 'config', label: 'Config', run: () => 'given' };
    },
    discover: () => [
      {
        id: 'lines',
        keyProperties: ['id'],
        schema: { type: 'object', properties: { id: { type: 'integer' }, text: { type: 'string' } } },
      },
    ],
    async *read(_stream, { config: { host, port }, signal }) {
      const socket = connect({ host, port, signal });
      const pieces: string[] = [];
      try {
        socket.write('rows, please\n');
        for await (const piece of socket) pieces.push(`${piece}`);
      } catch (error) {
        onLost(error);
      } finally {
        socket.destroy();
      }
      for (const text of readsPieces ? pieces : [pieces.join('')]) yield { rows: rowsOf(text) };
    },
  });
}

async function findingsOf(habits: Habits, only: number): Promise<string[]> {
  return await sourceFindings(() => ({}), { connector: lineSource(habits), config, only });
}

test.each([110, 111, 112, 115])('%i finds nothing in a source that waits for the end of an answer', async (only) => {
  expect(await findingsOf({}, only)).toEqual([]);
});

const whole = (text: string) => linesOf(text.slice(0, text.lastIndexOf('\n') + 1));

describe('111 finds a source that takes', () => {
  test.each<[string, Habits, RegExp]>([
    [
      'a connection that is closed for the end of the rows',
      { rowsOf: whole },
      /read, whose connection is closed after 0 of \d+ bytes: all rows, or an error\n {2}found: success/,
    ],
    [
      'a connection that is reset for the end of the rows',
      { onLost: () => undefined, rowsOf: whole },
      /found: success, with \d+ of 40 missing in 'lines'/,
    ],
    ['the half of a row for a whole one', { rowsOf: linesOf }, /found: (SyntaxError|success)/],
  ])('%s', async (_, habits, found) => {
    expect(await findingsOf(habits, 111)).toEqual([expect.stringMatching(found)]);
  });
});

test('112 finds a source that treats each chunk as whole rows', async () => {
  const readsPieces: Habits = { readsPieces: true, rowsOf: linesOf };
  expect(await findingsOf(readsPieces, 112)).toEqual([
    expect.stringMatching(/^112 .*read, whose answers come in small pieces: all rows\n {2}found: SyntaxError/s),
  ]);
});
