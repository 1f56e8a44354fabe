import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sourceFindings } from '../../findings.ts';
import { type Habits, type Page, pagedService, pagedSource, readHonestly } from './paged-service.ts';

let service: Awaited<ReturnType<typeof pagedService>>;
beforeAll(async () => {
  service = await pagedService();
});
afterAll(() => service.stop());

async function findingsOf(habits: Habits, only?: number): Promise<string[]> {
  const options = { connector: pagedSource(habits), config: { url: service.url } };
  return await sourceFindings(() => ({}), { ...options, ...(only !== undefined && { only }) });
}

/** The page, whatever the status of the answer. */
async function anything(response: Response): Promise<Page> {
  return JSON.parse(await response.text());
}

test.each([
  [110, 0],
  [110, 2],
  [111, 0],
  [111, 2],
  [112, 0],
  [115, 0],
])('%i finds nothing in a source that behaves as declared, and asks again %i times', async (only, retries) => {
  expect(await findingsOf({ retries }, only)).toEqual([]);
});

const isPage = () => true;
const end = (): Page => ({ rows: [], next: null });

describe('110 finds', () => {
  test.each<[string, Habits, string]>([
    ['an error inside of a page, taken for its end', { isPage }, 'answered with status 200 and {"error"'],
    [
      'an HTML page that is taken for an empty one',
      {
        read: async (response) => (response.status === 200 ? anything(response).catch(end) : readHonestly(response)),
        isPage,
      },
      'answered with status 200 and an HTML page: all rows, or an error\n  found: success, with',
    ],
    [
      'an error inside of the list of tables',
      { isCatalog: () => true },
      'discover, whose request 1 is answered with status 200 and {"error"',
    ],
    [
      'an error that is not one of ours',
      {
        onError: () => {
          throw new TypeError('Cannot read properties of undefined');
        },
      },
      'an error of the project that says who must act\n  found: TypeError',
    ],
  ])('%s', async (_, habits, found) => {
    const [finding = '', ...others] = await findingsOf(habits, 110);
    expect(finding).toMatch(/^110 an answer that proves nothing is not taken for the end of a list/);
    expect(finding).toContain(found);
    expect(others).toEqual([]);
  });
});

describe('111 finds', () => {
  test.each<[string, Habits, string]>([
    [
      'a status that nobody looks at',
      { read: async (response) => (response.status < 400 ? readHonestly(response) : end()), isCatalog: isPage },
      'answered with status 429',
    ],
    [
      'a redirect that is taken for an empty page',
      { read: async (response) => (response.status === 302 ? end() : readHonestly(response)) },
      "read, whose request 2 is answered with status 302 to a login page: all rows, or an error\n  found: success, with 9 of 9 missing in 'numbers'",
    ],
    [
      'a refusal that is taken for a stream without rows',
      { read: async (response) => (response.status === 403 ? end() : readHonestly(response)) },
      'answered with status 403',
    ],
    [
      'any failure, taken for the end of a list',
      { onError: end, isCatalog: isPage },
      "success, without the stream 'numbers'",
    ],
  ])('%s', async (_, habits, found) => {
    const [finding = '', ...others] = await findingsOf(habits, 111);
    expect(finding).toMatch(/^111 a page that the service postpones, refuses or loses/);
    expect(finding).toContain(found);
    expect(others).toEqual([]);
  });

  test('and nothing else finds a source that stops at a throttled page', async () => {
    const read = async (response: Response) => (response.status === 429 ? end() : await readHonestly(response));
    expect(await findingsOf({ read })).toEqual([
      expect.stringMatching(/^111 .*status 429: all rows, or an error\n {2}found: success, with/s),
    ]);
  });
});

test('112 finds that the first chunk of an answer counts as all of it', async () => {
  const read = async (response: Response): Promise<Page> => {
    const { value } = (await response.body?.getReader().read()) ?? {};
    return await readHonestly(new Response(value));
  };
  expect(await findingsOf({ read }, 112)).toEqual([
    expect.stringMatching(
      /^112 .*discover, whose request 1 is answered in small pieces: all streams and columns\n {2}found: ConnectionError/s,
    ),
  ]);
});

test('115 finds a source that reuses the promise of a failed call', async () => {
  const connector = () => {
    let kept: Promise<Page> | undefined;
    const keep = (ask: () => Promise<Page>) => {
      kept ??= ask();
      return kept;
    };
    return new (pagedSource({ keep }))();
  };
  expect(await sourceFindings(() => ({}), { connector, config: { url: service.url }, only: 115 })).toEqual([
    expect.stringMatching(
      /^115 .*discover, by the connector of one whose request 1 was answered with status 503 and an empty body: all streams and columns\n {2}found: ConnectionError/s,
    ),
  ]);
});

test('a source without an address is skipped', async () => {
  for (const only of [110, 111, 112, 115]) expect(await sourceFindings(() => ({}), { only })).toEqual([]);
});
