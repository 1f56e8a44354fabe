import { beforeAll, describe, expect, test } from 'vitest';
import { type Alter, headerOf, type Message, messageOf } from './altering-proxy.ts';
import type { Login } from './harness.ts';
import { createDatabaseOfThree, readThrough } from './lying-server.ts';

let database: Login;

beforeAll(async () => {
  database = await createDatabaseOfThree();
});

/** Replaces the first matching message of each connection. */
function first(fits: (message: Message) => boolean, replace: (message: Message) => Buffer | undefined): () => Alter {
  return () => {
    let isDone = false;
    return (message) => {
      if (isDone || !fits(message)) return message.bytes;
      isDone = true;
      return replace(message);
    };
  };
}

const is = (letter: string) => (message: Message) => message.letter === letter;
const isRelation = ({ letter, bytes }: Message) => letter === 'D' && bytes.includes('three');
const isTag = (tag: string) => (message: Message) => message.letter === 'C' && message.bytes.includes(tag);
const nothing = Buffer.alloc(0);

const cases: [string, () => Alter, RegExp][] = [
  ['a row of negative length', first(is('d'), () => headerOf('d', -1)), /three.*length -1/],
  ['a row without length', first(is('d'), () => headerOf('d', 0)), /three.*length 0/],
  ['a row of 2 GB', first(is('d'), () => headerOf('d', 0x7ffffff0)), /three.*length 2147483632/],
  ['a notice of 2 GB among the rows', first(is('d'), () => headerOf('N', 0x7ffffff0)), /three.*length 2147483632/],
  ['a row of fewer fields', first(is('d'), () => messageOf('d', '1\n')), /three.*1 fields instead of 2/],
  ['a row of more fields', first(is('d'), () => messageOf('d', '1\ta\tb\n')), /three.*3 fields instead of 2/],
  ['two rows in one', first(is('d'), () => messageOf('d', '1\ta\n2\tb\n')), /three.*line break/],
  ['a row without an end', first(is('d'), () => messageOf('d', '1\ta')), /three.*line break/],
  ['an empty row', first(is('d'), () => messageOf('d', '')), /three.*line break/],
  ['a row too few', first(is('d'), () => nothing), /three.*2 rows came, but the server counted "COPY 3"/],
  ['a row twice', first(is('d'), ({ bytes }) => Buffer.concat([bytes, bytes])), /three.*4 rows came, but/],
  ['a row before the copy', first(is('H'), () => nothing), /three.*before the start of the copy/],
  ['a copy that begins twice', first(is('H'), ({ bytes }) => Buffer.concat([bytes, bytes])), /three.*begins twice/],
  ['a copy of other columns', first(is('H'), () => messageOf('H', '\0\0\x01\0\0')), /three.*1 columns instead of 2/],
  [
    'a copy that is binary',
    first(is('H'), () => messageOf('H', '\x01\0\x02\0\x01\0\x01')),
    /three.*not in text format/,
  ],
  ['a false count', first(isTag('COPY'), () => messageOf('C', 'COPY 5\0')), /three.*3 rows came, but/],
  ['no count', first(isTag('COPY'), () => messageOf('C', 'COPY\0')), /three.*3 rows came, but/],
  ['no end of the command', first(isTag('COPY'), () => nothing), /before it has answered/],
  ['an end of the stream among the rows', first(is('d'), () => undefined), /broke/],
  ['an end of the stream after the rows', first(is('c'), () => undefined), /broke/],
  ['an unknown message among the rows', first(is('d'), () => messageOf('?', 'x')), /"\?" is not a message type/],
  ['an error without fields', first(is('d'), () => messageOf('E', '\0')), /without its severity/],
  ['an error that is cut', first(is('d'), () => messageOf('E', 'SERROR')), /message E is truncated/],
  ['an error that is cut in the login', first(is('R'), () => messageOf('E', 'SERROR')), /message E is truncated/],
  ['a login of 2 GB', first(is('R'), () => headerOf('R', 0x7fffffff)), /length 2147483647/],
  ['a login of rubbish', first(is('R'), () => Buffer.alloc(1000, 0xfe)), /not a message type/],
  ['an unknown login', first(is('R'), () => messageOf('R', '\0\0\0\x63')), /cannot be decoded/],
  ['a description that is cut', first(is('T'), () => messageOf('T', '\0\x05oid\0')), /message T is truncated/],
  [
    'a row of the catalog of fewer columns',
    first(isRelation, () => messageOf('D', '\0\x01\0\0\0\x011')),
    /a row has 1 columns/,
  ],
  [
    'a row of the catalog that is cut',
    first(isRelation, () => messageOf('D', '\0\x01\0\0\0\x091')),
    /message D is truncated/,
  ],
  ['a row of the catalog too few', first(isRelation, () => nothing), /0 rows came, but the server counted "SELECT 1"/],
  [
    'a catalog without an answer',
    first(isTag('SELECT'), () => nothing),
    /not answered|before it has answered|rows came|report the process/,
  ],
  ['a catalog without a description', first(is('T'), () => nothing), /but none were described/],
];

describe('a server that violates the protocol is reported, and the stream is not complete', () => {
  test.concurrent.each(cases)('%s', async (_, alterOf, message) => {
    const { error, isComplete, duration } = await readThrough(database, 'public-three', alterOf);
    expect(error).toMatchObject({
      name: 'ConnectionError',
      code: expect.stringMatching(/^(server_answer_invalid|connection_lost)$/),
      message: expect.stringMatching(message),
    });
    expect(isComplete).toBe(false);
    expect(duration).toBeLessThan(15_000);
  });

  test('the unchanged server returns all rows', async () => {
    const { error, rows, isComplete } = await readThrough(
      database,
      'public-three',
      () =>
        ({ bytes }) =>
          bytes,
    );
    expect(error).toBeUndefined();
    expect(rows).toHaveLength(3);
    expect(isComplete).toBe(true);
  });
});
