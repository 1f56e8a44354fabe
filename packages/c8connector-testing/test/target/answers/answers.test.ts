import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { ConnectionError, defineTarget, parseValue, type Row, type TargetConnector } from 'c8connector';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { targetFindings } from '../../findings.ts';

/** A service that takes lines of JSON, and answers how many they were. */
const stored = new Map<string, Row[]>();
let service: Server;
let config: { readonly url: string };
beforeAll(async () => {
  service = createServer(async (request, response) => {
    const lines = (await text(request)).split('\n').filter((line) => line !== '');
    const stream = decodeURIComponent(request.url?.slice(1) ?? '');
    const before = request.headers['x-mode'] === 'upsert' ? [] : (stored.get(stream) ?? []);
    stored.set(stream, [...before, ...lines.map((line) => parseValue(line) as Row)]);
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ stored: lines.length }));
  });
  await once(service.listen(0, '127.0.0.1'), 'listening');
  config = { url: `http://127.0.0.1:${(service.address() as AddressInfo).port}/` };
});
afterAll(() => service.close().closeAllConnections());

/** How a target takes an answer. What a test gives replaces the honest habit. */
interface Habits {
  /** How many rows an answer says are stored. */
  readonly countOf?: (response: Response, sent: number) => Promise<unknown>;
  readonly onError?: (error: unknown) => void;
  /** Whether a FLUSH waits for the requests before it, and they not for each other. */
  readonly isHasty?: boolean;
  /** Whether a target that failed once fails for ever. */
  readonly isBroken?: boolean;
  /** Whether each row takes the place of the one before it. */
  readonly replaces?: boolean;
  readonly retries?: number;
}

async function countHonestly(response: Response): Promise<unknown> {
  const answer = await response.text();
  if (response.status !== 200) throw refused(`status ${response.status}`);
  try {
    return JSON.parse(answer).stored;
  } catch {
    throw refused('what is not JSON');
  }
}

function refused(what: string): ConnectionError {
  return new ConnectionError(`the service answered ${what}`, { code: 'server_answer_invalid' });
}

function postingTarget(habits: Habits): new () => TargetConnector {
  const { countOf = countHonestly, onError, retries = 0, isHasty = false, isBroken = false, replaces = false } = habits;
  let isClosed = false;
  const throwing = (error: unknown): void => {
    throw error;
  };
  const post = async (
    address: URL,
    lines: Uint8Array,
    count: number,
    left: number,
    signal: AbortSignal,
  ): Promise<void> => {
    try {
      if (isClosed) throw new Error('the client is closed');
      const headers = replaces ? { 'x-mode': 'upsert' } : {};
      const body = Buffer.from(lines);
      const response = await fetch(address, { method: 'POST', headers, body, redirect: 'manual', signal });
      const found = await countOf(response, count);
      if (found !== count) throw refused(`that it stored ${found} rows of ${count}`);
    } catch (error) {
      if (left > 0) return await post(address, lines, count, left - 1, signal);
      isClosed = isBroken;
      const isOurs = error instanceof ConnectionError;
      throw isOurs ? error : new ConnectionError('no answer', { code: 'connection_lost', cause: error });
    }
  };
  return defineTarget({
    package: { name: 'c8-target-posting', version: '1.0.0' },
    name: 'Posting',
    description: 'Posts rows.',
    config: { url: { type: 'string', displayName: 'URL', description: 'Of the service.', isMandatory: true } },
    *check({ config: { url }, signal }) {
      const run = async () => {
        await post(new URL(url), Buffer.alloc(0), 0, 0, signal);
        return 'it takes rows';
      };
      yield { id: 'reach', label: 'Reach the service', run };
    },
    async *write(messages, { config: { url }, signal }) {
      const waiting: Promise<void>[] = [];
      for await (const message of messages) {
        if (message.type === 'FLUSH') {
          await Promise.all(waiting);
          yield message.state;
        }
        if (message.type !== 'RECORDS') continue;
        const address = new URL(encodeURIComponent(message.stream), url);
        const posted = post(address, message.lines(), message.count, retries, signal).catch(onError ?? throwing);
        if (isHasty) waiting.push(posted);
        else await posted;
      }
    },
  });
}

async function findingsOf(habits: Habits, only?: number): Promise<string[]> {
  const readBack = (stream: string) => stored.get(stream) ?? [];
  const options = { connector: postingTarget(habits), config, readBack };
  return await targetFindings(() => ({}), { ...options, ...(only !== undefined && { only }) });
}

test.each([113, 114])('%i finds nothing in a target that counts, whether it gives up or retries', async (only) => {
  expect(await findingsOf({}, only)).toEqual([]);
  expect(await findingsOf({ retries: 2 }, only)).toEqual([]);
});

describe('113 finds a target that takes', () => {
  test.each<[string, Habits, string]>([
    [
      'every 200 for done',
      { countOf: async (response, sent) => (response.status === 200 ? sent : await countHonestly(response)) },
      'write, whose request 1 is answered with status 200 and an HTML page: all rows that it acknowledged',
    ],
    [
      'an answer without a count for done',
      { countOf: async (response, sent) => (await countHonestly(response)) ?? sent },
      'answered with status 200 and {}',
    ],
    [
      'a status of success for done',
      { countOf: async (response, sent) => (response.status === 204 ? sent : await countHonestly(response)) },
      'answered with status 204',
    ],
  ])('%s', async (_, habits, found) => {
    const [finding = '', ...others] = await findingsOf(habits, 113);
    expect(finding).toMatch(/^113 /);
    expect(finding).toContain(found);
    expect(finding).toContain('found: their state was yielded, and');
    expect(others).toEqual([]);
  });
});

test('114 and nothing else finds a target that continues after a request that was throttled', async () => {
  const countOf: Habits['countOf'] = async (response, sent) =>
    response.status === 429 ? sent : await countHonestly(response);
  expect(await findingsOf({ countOf })).toEqual([
    expect.stringMatching(/^114 .*answered with status 429: all rows.*their state was yielded, and 2 rows: 2 missing/s),
  ]);
});

test('114 finds a target that only logs what fails', async () => {
  expect(await findingsOf({ onError: () => undefined }, 114)).toEqual([expect.stringMatching(/^114 /)]);
});

test('115 finds nothing in a target that starts over after a failure, but finds one whose client stays closed', async () => {
  expect(await findingsOf({}, 115)).toEqual([]);
  // A connector has a client of its own.
  const readBack = (stream: string) => stored.get(stream) ?? [];
  const connector = () => new (postingTarget({ isBroken: true }))();
  expect(await targetFindings(() => ({}), { connector, config, readBack, only: 115 })).toEqual([
    expect.stringMatching(/^115 .*a good write by the connector of one whose request 1 was answered with status 503/s),
  ]);
});

test.each([
  ['finds nothing in a target that waits for each answer', false, []],
  [
    'finds requests that overtake each other',
    true,
    [expect.stringMatching(/^116 .*the last of 3 rows of a key, though request \d is held back/s)],
  ],
])('116 %s', async (_name, isHasty, expected) => {
  const connector = postingTarget({ isHasty, replaces: true });
  const readBack = (stream: string) => stored.get(stream) ?? [];
  const options = { connector, config, readBack, loadMethod: 'upsert', only: 116 } as const;
  expect(await targetFindings(() => ({}), options)).toEqual(expected);
});

test('a target without an address is skipped', async () => {
  for (const only of [113, 114, 115, 116]) expect(await targetFindings(() => ({}), { only })).toEqual([]);
});
