import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { ConnectionError, defineAction, defineIntegration } from 'c8connector';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { integrationFindings } from '../findings.ts';

const notes: string[] = [];
let service: Server;
let url: string;
beforeAll(async () => {
  service = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const json = (value: unknown) => response.setHeader('content-type', 'application/json').end(JSON.stringify(value));
    if (request.method === 'POST') {
      notes.push(`${Buffer.concat(chunks)}`);
      return void json({ id: `n-${notes.length}` });
    }
    if (request.method === 'DELETE') return void response.writeHead(204).end();
    const page = Number(new URL(request.url ?? '', url).searchParams.get('page') ?? 1);
    return void json({ items: [{ id: `n-${page}` }], next: page < 3 ? page + 1 : null });
  });
  await once(service.listen(0, '127.0.0.1'), 'listening');
  const address = service.address();
  url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/api/`;
});
afterAll(() => service.close());

/** How the integration takes an answer. What a test gives replaces the honest habit. */
interface Habits {
  /** The answer of a request. */
  readonly read?: (response: Response) => Promise<Answer>;
  /** Whether an answer shows that a note was made. */
  readonly isMade?: (answer: Answer) => boolean;
  /** Whether a page of notes is one. */
  readonly isPage?: (answer: Answer, page: number) => boolean;
  readonly isDeleted?: (response: Response) => boolean;
  readonly retries?: number;
}

interface Answer {
  readonly id?: unknown;
  readonly items?: unknown;
  readonly next?: unknown;
}

function refused(what: string): ConnectionError {
  return new ConnectionError(`the service answered ${what}`, { code: 'server_answer_invalid' });
}

async function readHonestly(response: Response): Promise<Answer> {
  if (response.status !== 200) throw refused(`with status ${response.status}`);
  try {
    const value: unknown = JSON.parse(await response.text());
    if (typeof value === 'object' && value !== null) return value;
  } catch {}
  throw refused('what is not JSON');
}

function integration(habits: Habits) {
  const {
    read = readHonestly,
    isMade = ({ id }) => typeof id === 'string',
    isPage = ({ items, next }) => Array.isArray(items) && next !== undefined,
    isDeleted = ({ status }) => status === 204,
    retries = 0,
  } = habits;
  const ask = async (address: string, method: string, signal: AbortSignal, left = retries): Promise<Response> => {
    try {
      const response = await fetch(address, {
        method,
        signal,
        redirect: 'manual',
        ...(method === 'POST' && { body: 'a note' }),
      });
      if (left > 0 && (response.status === 429 || response.status >= 500))
        return await ask(address, method, signal, left - 1);
      return response;
    } catch (cause) {
      throw new ConnectionError('nobody answers', { code: 'connection_lost', cause });
    }
  };
  const reading = async (response: Response) => {
    try {
      return await read(response);
    } catch (error) {
      throw error instanceof TypeError
        ? new ConnectionError('the answer breaks off', { code: 'connection_lost' })
        : error;
    }
  };
  const action = defineAction<{ readonly url: string }>();
  return defineIntegration({
    package: { name: 'c8-integration-notes', version: '1.0.0' },
    name: 'Notes',
    description: 'Keeps notes.',
    config: { url: { type: 'string', displayName: 'URL', description: 'Of the service.', isMandatory: true } },
    *check() {
      yield { id: 'url', label: 'URL', run: () => 'given' };
    },
    actions: {
      make: action({
        ...{ description: 'Makes a note.', input: {}, output: { type: 'object' }, example: {} },
        async run({ config, signal }) {
          const answer = await reading(await ask(config.url, 'POST', signal));
          if (!isMade(answer)) throw refused('without an id');
          return { id: answer.id };
        },
      }),
      list: action({
        ...{ description: 'Lists the notes.', input: {}, output: { type: 'object' }, example: {} },
        async run({ config, signal }) {
          const items: unknown[] = [];
          for (let page: unknown = 1; typeof page === 'number'; ) {
            const answer = await reading(await ask(`${config.url}?page=${page}`, 'GET', signal));
            if (!isPage(answer, page)) throw refused('without a page');
            items.push(...((answer.items as unknown[] | undefined) ?? []));
            page = answer.next;
          }
          return { items };
        },
      }),
      remove: action({
        ...{ description: 'Deletes a note.', input: {}, output: { type: 'object' }, example: {} },
        async run({ config, signal }) {
          const response = await ask(config.url, 'DELETE', signal);
          if (!isDeleted(response)) throw refused(`with status ${response.status}`);
          return {};
        },
      }),
    },
  });
}

const all = { make: {}, list: {}, remove: {} };

async function findingsOf(habits: Habits, only: number, calls: object = all): Promise<string[]> {
  return await integrationFindings(() => ({}), {
    ...{ connector: integration(habits), config: { url }, only },
    calls: calls as Readonly<Record<string, object>> as never,
    callsMade: () => notes.length,
  });
}

describe('An integration that behaves as declared', () => {
  test.each([120, 121, 122])('breaks %i neither when it gives up nor when it retries', async (only) => {
    expect(await findingsOf({}, only)).toEqual([]);
    expect(await findingsOf({ retries: 2 }, only)).toEqual([]);
  });
});

const anything = async (response: Response): Promise<Answer> => {
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
};

describe('120 finds', () => {
  test.each<[string, Habits, object, string]>([
    [
      'a success by its status',
      { read: anything, isMade: () => true },
      { make: {} },
      "action 'make', whose request 1 is answered with status 200 and an HTML page",
    ],
    ['{} as a success', { isMade: () => true }, { make: {} }, 'status 200 and {}'],
    [
      'an invalid page, treated as the end of a list',
      { isPage: () => true },
      { list: {} },
      "action 'list', whose request 1 is answered with status 200 and {}",
    ],
    [
      'a later page that is invalid',
      { isPage: ({ items }, page) => page > 1 || Array.isArray(items) },
      { list: {} },
      "action 'list', whose request 2 is answered with status 200 and {}",
    ],
    [
      'a success by a status that is not the documented one',
      { isDeleted: ({ ok }) => ok },
      { remove: {} },
      "action 'remove', whose request 1 is answered with status 200 and an HTML page",
    ],
    [
      'an error that is not one of ours',
      { read: async (response) => JSON.parse(await response.text()) },
      { make: {} },
      'found: SyntaxError',
    ],
  ])('%s', async (_, habits, calls, found) => {
    const [finding = '', ...others] = await findingsOf(habits, 120, calls);
    expect(finding).toMatch(/^120 an answer that proves nothing/);
    expect(finding).toContain(found);
    expect(others).toEqual([]);
  });
});

describe('121 finds', () => {
  test.each<[string, Habits, object, string]>([
    [
      'a failure that is taken for a success',
      { read: anything, isMade: () => true },
      { make: {} },
      'answered with status 429',
    ],
    [
      'a failure that is taken for the end of a list',
      { read: anything, isPage: () => true },
      { list: {} },
      "action 'list', whose request 1",
    ],
    [
      'a redirect that is taken for a success',
      { isDeleted: ({ status }) => status < 400 },
      { remove: {} },
      'answered with status 302 to a login page',
    ],
  ])('%s', async (_, habits, calls, found) => {
    const [finding = '', ...others] = await findingsOf(habits, 121, calls);
    expect(finding).toMatch(/^121 a request that the service postpones/);
    expect(finding).toContain(found);
    expect(others).toEqual([]);
  });
});

test('122 finds that the first chunk of an answer counts as all of it', async () => {
  const read = async (response: Response): Promise<Answer> => {
    const reader = response.body?.getReader();
    const { value } = (await reader?.read()) ?? {};
    return await readHonestly(new Response(value));
  };
  const findings = await findingsOf({ read }, 122, { make: {} });
  expect(findings).toEqual([
    expect.stringMatching(/^122 .*action 'make': an output, though answer 1 comes in pieces/s),
  ]);
});
