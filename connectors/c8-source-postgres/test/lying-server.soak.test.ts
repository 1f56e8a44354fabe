import { isDeepStrictEqual } from 'node:util';
import { isC8Error } from 'c8connector';
import { beforeAll, expect, test } from 'vitest';
import { type Alter, headerOf, type Message } from './altering-proxy.ts';
import type { Login } from './harness.ts';
import { createDatabaseOfThree, readThrough } from './lying-server.ts';

let database: Login;

beforeAll(async () => {
  database = await createDatabaseOfThree();
});

/** Numbers from 0 to below 1 that depend on the seed alone (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const letters = '123ACDEGHIKNRSTVWZcdnst?\0';

/** One lie about one message. Values are not changed, since nobody could detect that. */
function lieOf(random: () => number): (message: Message) => Buffer | undefined {
  const pick = (count: number) => Math.floor(random() * count);
  const kind = pick(6);
  const letter = letters[pick(letters.length)] ?? '?';
  const length = [-1, 0, 3, -(2 ** 31), 2 ** 31 - 1, 2 ** 30, 100_000, 65][pick(8)] ?? 0;
  const shift = pick(9) - 4;
  return ({ bytes }) => {
    const body = bytes.subarray(5);
    if (kind === 0) return Buffer.alloc(0);
    if (kind === 1) return Buffer.concat([bytes, bytes]);
    if (kind === 2) return undefined;
    if (kind === 3) return Buffer.concat([headerOf(letter, body.length + 4), body]);
    const code = String.fromCharCode(bytes[0] ?? 0);
    return Buffer.concat([headerOf(code, kind === 4 ? length : body.length + 4 + shift), body]);
  };
}

/** Lies about one message of the discovery or of the copy. */
function seededLie(seed: number): (connection: number) => Alter {
  const random = randomOf(seed);
  const connection = Math.floor(random() * 2);
  const index = Math.floor(random() * 60);
  const lie = lieOf(random);
  return (number) => (message) => (number === connection && message.index === index ? lie(message) : message.bytes);
}

const right = [
  { id: 1, text: 'a' },
  { id: 2, text: 'b' },
  { id: 3, text: 'c' },
];

test('whatever message types and lengths a server sends, the rows are right or an error comes in time', async () => {
  const before = process.memoryUsage().rss;
  let peak = before;
  const timer = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss);
  }, 50);
  const wrong: string[] = [];
  const endings: Record<string, number> = {};
  const seeds = Array.from({ length: 300 }, (_, seed) => seed);
  const worker = async () => {
    for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) {
      const { error, rows, isComplete, duration } = await readThrough(database, 'public-three', seededLie(seed));
      const code = error === undefined ? 'right' : isC8Error(error) ? error.code : 'unexpected';
      const isRight = isDeepStrictEqual(rows, right) && isComplete;
      const isNamed = code !== 'unexpected' && !isComplete;
      if (!(error === undefined ? isRight : isNamed) || duration > 15_000)
        wrong.push(`seed ${seed}, ${Math.round(duration)} ms, ${rows.length} rows: ${String(error)}`);
      endings[code] = (endings[code] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: 12 }, worker));
  clearInterval(timer);
  expect(wrong).toEqual([]);
  expect(Object.keys(endings)).toContain('server_answer_invalid');
  expect(peak - before).toBeLessThan(300e6);
}, 300_000);

const nothing = Buffer.alloc(0);

function withoutReadiness(): Alter {
  return ({ letter, bytes }) => (letter === 'Z' ? nothing : bytes);
}

function withoutReadinessAfterCopy(): Alter {
  let hasCopied = false;
  return (message) => {
    hasCopied ||= message.letter === 'c';
    return hasCopied && message.letter === 'Z' ? nothing : message.bytes;
  };
}

test.concurrent.each([
  ['the login', withoutReadiness],
  ['the rows', withoutReadinessAfterCopy],
])('a server that is never ready for the next query after %s', async (_, alterOf) => {
  const { error, isComplete, duration } = await readThrough(database, 'public-three', alterOf);
  expect(error).toMatchObject({ name: 'ConnectionError' });
  expect(isComplete).toBe(false);
  expect(duration).toBeLessThan(15_000);
});
