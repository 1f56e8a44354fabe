import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { type Alter, headerOf, packetOf, type ServerPacket } from './altering-proxy.ts';
import { describeServers, type Login, sharedServer } from './harness.ts';
import { createDatabaseOfThree, readThrough } from './lying-server.ts';

type Fits = (packet: ServerPacket) => boolean;
type Replace = (packet: ServerPacket) => Buffer | undefined;

/** Replaces the first matching packet of each connection. */
function first(fits: Fits, replace: Replace): () => Alter {
  return () => {
    let isDone = false;
    return (packet) => {
      if (isDone || !fits(packet)) return packet.bytes;
      isDone = true;
      return replace(packet);
    };
  };
}

/** Of the copy: its answer has the packets 1 (count), 2 and 3 (columns), 4 (EOF), 5 to 7 (rows) and 8 (EOF). */
const copied =
  (number: number): Fits =>
  (packet) =>
    /from .*`three`(?!.*limit 0)/i.test(packet.query) &&
    !packet.query.includes('information_schema') &&
    packet.number === number;
const [count, column, columnsEnd, row, rowsEnd] = [1, 2, 4, 5, 8].map((number) => copied(number)) as [
  Fits,
  Fits,
  Fits,
  Fits,
  Fits,
];
/** Of the list of tables. */
const listed: Fits = ({ query, number, body }) =>
  query.includes('information_schema.tables') && number > 8 && body.includes('three');
const greeting: Fits = ({ index }) => index === 0;
const accepted: Fits = ({ index, query }) => index > 0 && query === '';
const nothing = Buffer.alloc(0);
const end = [0xfe, 0, 0, 2, 0];
const endOfMore = [0xfe, 0, 0, 10, 0];
const ok = [0, 0, 0, 2, 0, 0, 0];

const cases: readonly (readonly [string, () => Alter, RegExp])[] = [
  ['a row of fewer fields', first(row, ({ number }) => packetOf(number, '\x011')), /exactly 2 fields/],
  ['a row of more fields', first(row, ({ number }) => packetOf(number, '\x011\x01a\x01b')), /exactly 2 fields/],
  ['a row whose field is longer', first(row, ({ number }) => packetOf(number, '\x011\x09a')), /exactly 2 fields/],
  ['an empty row', first(row, ({ number }) => packetOf(number, '')), /empty packet/],
  ['a row too few', first(row, () => nothing), /the packet 6 came instead of 5/],
  ['a row twice', first(row, ({ bytes }) => Buffer.concat([bytes, bytes])), /the packet 5 came instead of 6/],
  ['a row with the number of another one', first(row, ({ body }) => packetOf(9, body)), /the packet 9 came instead/],
  ['OK instead of rows', first(row, ({ number }) => packetOf(number, ok)), /three/],
  [
    'an end in the middle of the rows',
    first(copied(6), ({ number, body }) => Buffer.concat([packetOf(number, end), packetOf(number + 1, body)])),
    /after the end/,
  ],
  [
    'an end that announces another result',
    first(rowsEnd, ({ number }) => packetOf(number, endOfMore)),
    /several results/,
  ],
  [
    'rows after the end',
    first(rowsEnd, ({ bytes, number }) => Buffer.concat([bytes, packetOf(number + 1, '\x014\x01d')])),
    /after the end/,
  ],
  ['no number of columns', first(count, ({ number }) => packetOf(number, [])), /empty packet/],
  ['a number of columns of 0', first(count, ({ number }) => packetOf(number, ok)), /no rows/],
  ['too many columns', first(count, ({ number }) => packetOf(number, [3])), /2 columns came, but the server counted 3/],
  ['too few columns', first(count, ({ number }) => packetOf(number, [1])), /more than the 1 columns/],
  ['a million columns', first(count, ({ number }) => packetOf(number, [0xfd, 0, 0, 16])), /number of columns/],
  [
    'a request for a file',
    first(count, ({ number }) => packetOf(number, [0xfb, ...Buffer.from('/etc/passwd')])),
    /asks for a file/,
  ],
  ['a column that is cut off', first(column, ({ number, body }) => packetOf(number, body.subarray(0, 12))), /./],
  ['no end of the columns', first(columnsEnd, () => nothing), /the packet 5 came instead of 4/],
  ['an error that is cut off', first(row, ({ number }) => packetOf(number, [0xff, 1])), /cut off/],
  ['an end of the stream among the rows', first(row, () => undefined), /broke/],
  ['rubbish among the rows', first(row, () => Buffer.alloc(1000)), /came instead/],
  [
    'a greeting that is cut off',
    first(greeting, ({ body }) => packetOf(0, body.subarray(0, 5))),
    /decoded|came instead/,
  ],
  ['a greeting of rubbish', first(greeting, () => Buffer.alloc(300, 0xfe)), /during the login|came instead|decoded/],
  [
    'a greeting of 16 MB',
    first(greeting, () => Buffer.concat([headerOf(0, 0xffffff), Buffer.alloc(0xffffff), headerOf(1, 1)])),
    /more than 15 MB|during the login/,
  ],
  ['an unknown login', first(accepted, ({ number }) => packetOf(number, [0x63])), /Unexpected packet during handshake/],
  ['a row of the catalog too few', first(listed, () => nothing), /came instead/],
  [
    'a row of the catalog that is cut off',
    first(listed, ({ number, body }) => packetOf(number, body.subarray(0, 3))),
    /exactly \d+ fields/,
  ],
];

describeServers('a server that violates the protocol is reported, and the stream is not complete', (server) => {
  let database: Login;

  beforeAll(async () => {
    database = await createDatabaseOfThree(sharedServer(server));
  });

  afterEach(() => vi.restoreAllMocks());

  test.concurrent.each(cases)('%s', async (_, alterOf, message) => {
    const { error, isComplete, duration } = await readThrough(database, alterOf);
    expect(error).toMatchObject({
      code: expect.stringMatching(/^(server_answer_invalid|connection_lost|value_refused)$/),
      message: expect.stringMatching(message),
    });
    expect(isComplete).toBe(false);
    expect(duration).toBeLessThan(15_000);
  });

  test('the unchanged server returns all rows', async () => {
    const { error, rows, isComplete } = await readThrough(
      database,
      () =>
        ({ bytes }) =>
          bytes,
    );
    expect(error).toBeUndefined();
    expect(rows).toHaveLength(3);
    expect(isComplete).toBe(true);
  });

  test('nothing is printed about packets out of order', async () => {
    const printed = [vi.spyOn(console, 'error'), vi.spyOn(console, 'log'), vi.spyOn(console, 'warn')];
    await readThrough(
      database,
      first(row, ({ body }) => packetOf(77, body)),
    );
    for (const spy of printed) expect(spy).not.toHaveBeenCalled();
  });
});
