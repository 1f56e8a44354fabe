// Takes about 90 s.
import { isDeepStrictEqual } from 'node:util';
import { isC8Error } from 'c8connector';
import { beforeAll, expect, test } from 'vitest';
import { type Alter, headerOf, packetOf, type ServerPacket } from './altering-proxy.ts';
import { describeServers, type Login, sharedServer } from './harness.ts';
import { createDatabaseOfThree, readThrough } from './lying-server.ts';

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

const firstBytes = [0x00, 0x01, 0x02, 0xfb, 0xfc, 0xfd, 0xfe, 0xff];

/** One lie about one packet. Values are not changed, since nobody could detect that. */
function lieOf(random: () => number): (packet: ServerPacket) => Buffer | undefined {
  const pick = (count: number) => Math.floor(random() * count);
  const kind = pick(7);
  const length = [0, 1, 0xffffff, 0xfffffe, 100_000, 65][pick(6)] ?? 0;
  const shift = pick(9) - 4;
  const first = firstBytes[pick(firstBytes.length)] ?? 0;
  return ({ bytes, body, number }) => {
    if (kind === 0) return Buffer.alloc(0);
    if (kind === 1) return Buffer.concat([bytes, bytes]);
    if (kind === 2) return undefined;
    if (kind === 3) return packetOf(number, Buffer.from([first, ...body.subarray(1)]));
    if (kind === 4) return packetOf((number + 1 + pick(3)) & 0xff, body);
    return Buffer.concat([headerOf(number, kind === 5 ? length : Math.max(0, body.length + shift)), body]);
  };
}

/** Lies about one packet of the discovery or of the copy. */
function seededLie(seed: number): (connection: number) => Alter {
  const random = randomOf(seed);
  const index = Math.floor(random() * 90);
  const lie = lieOf(random);
  return (connection) => (packet) => (connection === 0 && packet.index === index ? lie(packet) : packet.bytes);
}

const right = [
  { id: 1, text: 'a' },
  { id: 2, text: 'b' },
  { id: 3, text: 'c' },
];

describeServers('a server that lies', (server) => {
  let database: Login;

  beforeAll(async () => {
    database = await createDatabaseOfThree(sharedServer(server));
  });

  test('causes an error in time, or none and the right rows, whatever packets it sends', async () => {
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
        const { error, rows, isComplete, duration } = await readThrough(database, seededLie(seed));
        const code = error === undefined ? 'right' : isC8Error(error) ? error.code : 'unexpected';
        const isRight = isDeepStrictEqual(rows, right) && isComplete;
        const isNamed = code !== 'unexpected' && !isComplete;
        if (!(error === undefined ? isRight : isNamed) || duration > 35_000)
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
});
