import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConnectionError, defineSource, type Row, type SourceConnector } from 'c8connector';

const pages = 3;
const rowsOfPage = (page: number): Row[] => [1, 2, 3].map((id) => ({ id: 10 * page + id }));

/** A service with tables in pages, each of which names the next one. */
export async function pagedService() {
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost');
    response.setHeader('content-type', 'application/json');
    if (pathname === '/tables') return void response.end(JSON.stringify({ tables: ['numbers'] }));
    const page = Number(searchParams.get('page'));
    return void response.end(JSON.stringify({ rows: rowsOfPage(page), next: page < pages ? page + 1 : null }));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    address: { host: '127.0.0.1', port },
    url: `http://127.0.0.1:${port}/`,
    stop: () => server.close().closeAllConnections(),
  };
}

/** An answer as a source has read it. */
export interface Page {
  readonly tables?: readonly string[];
  readonly rows?: readonly Row[];
  readonly next?: number | null;
}

/** How a source takes an answer. What a test gives replaces the honest habit. */
export interface Habits {
  readonly read?: (response: Response) => Promise<Page>;
  /** What becomes of an error of a request. */
  readonly onError?: (error: unknown) => Page;
  readonly isPage?: (page: Page) => boolean;
  readonly isCatalog?: (page: Page) => boolean;
  readonly retries?: number;
  /** What is asked for once and kept, as a client that is opened at the first call. */
  readonly keep?: (ask: () => Promise<Page>) => Promise<Page>;
}

function refused(what: string): ConnectionError {
  return new ConnectionError(`the service answered ${what}`, { code: 'server_answer_invalid' });
}

export async function readHonestly(response: Response): Promise<Page> {
  if (response.status !== 200) throw refused(`with status ${response.status}`);
  try {
    return JSON.parse(await response.text());
  } catch {
    throw refused('what is not JSON');
  }
}

/** A source that asks its service for the tables and for the pages of each. */
export function pagedSource(habits: Habits): new () => SourceConnector {
  const {
    read = readHonestly,
    onError = (error: unknown) => {
      throw error;
    },
    isPage = ({ rows, next }) => Array.isArray(rows) && next !== undefined,
    isCatalog = ({ tables }) => Array.isArray(tables),
    retries = 0,
    keep = (asking: () => Promise<Page>) => asking(),
  } = habits;
  const ask = async (address: string, signal: AbortSignal, left = retries): Promise<Page> => {
    try {
      return await read(await fetch(address, { signal, redirect: 'manual' }));
    } catch (error) {
      signal.throwIfAborted();
      if (left > 0) return await ask(address, signal, left - 1);
      const isOurs = error instanceof ConnectionError;
      return onError(isOurs ? error : new ConnectionError('no answer', { code: 'connection_lost', cause: error }));
    }
  };
  return defineSource({
    package: { name: 'c8-source-paged', version: '1.0.0' },
    name: 'Paged',
    description: 'Reads tables in pages.',
    config: { url: { type: 'string', displayName: 'URL', description: 'Of the service.', isMandatory: true } },
    *check({ config, signal }) {
      const run = async () => `${(await ask(`${config.url}tables`, signal)).tables?.length} tables`;
      yield { id: 'tables', label: 'List the tables', run };
    },
    async discover({ config, signal }) {
      const answer = await keep(() => ask(`${config.url}tables`, signal));
      if (!isCatalog(answer)) throw refused('without tables');
      const schema = { type: 'object', properties: { id: { type: 'integer' } } };
      return (answer.tables ?? []).map((id) => ({ id, keyProperties: ['id'], schema }));
    },
    async *read({ id }, { config, bookmark, signal }) {
      for (let page: unknown = bookmark?.next ?? 1; typeof page === 'number'; ) {
        const answer = await ask(`${config.url}rows/${id}?page=${page}`, signal);
        if (!isPage(answer)) throw refused('without a page');
        yield { rows: answer.rows ?? [], bookmark: { next: answer.next ?? 'end' } };
        page = answer.next;
      }
    },
  });
}
