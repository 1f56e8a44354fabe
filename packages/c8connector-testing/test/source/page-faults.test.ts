import { type Bookmark, defineSource, type SourceConnector } from 'c8connector';
import { expect, test } from 'vitest';
import { logIn } from '../../../c8connector/test/fixtures/log-in.ts';
import { sourceFindings } from '../findings.ts';

const rows = Array.from({ length: 40 }, (_, id) => ({ id }));
const pageRows = 10;

interface Habits {
  /** The bookmark after a page that ends before the row `next`. */
  readonly bookmark?: (next: number) => Bookmark;
  /** The first row of a read that resumes from a bookmark. */
  readonly from?: (bookmark: Bookmark) => number;
  readonly isLoginTold?: boolean;
}

/** A source by `defineSource` that reads small pages, as most of them do. */
function pages({
  bookmark = (next) => ({ next }),
  from = ({ next }) => Number(next),
  isLoginTold = true,
}: Habits): new () => SourceConnector {
  return defineSource({
    package: { name: 'c8-source-pages', version: '1.0.0' },
    name: 'Pages',
    description: 'Reads small pages.',
    config: { password: { type: 'password', displayName: 'Password', description: 'Password.', isMandatory: true } },
    *check({ config }) {
      yield { id: 'login', label: 'Log in', property: 'password', run: () => logIn(config.password) };
    },
    discover: () => [
      { id: 'numbers', keyProperties: ['id'], schema: { type: 'object', properties: { id: { type: 'integer' } } } },
    ],
    *read(_stream, { config, bookmark: at }) {
      try {
        logIn(config.password);
      } catch (error) {
        if (isLoginTold) throw error;
        return;
      }
      for (let next = at === undefined ? 0 : from(at); next < rows.length; next += pageRows) {
        yield { rows: rows.slice(next, next + pageRows), bookmark: bookmark(next + pageRows) };
      }
    },
  });
}

async function brokenBy(habits: Habits): Promise<(string | undefined)[]> {
  const findings = await sourceFindings(() => ({}), { connector: pages(habits) });
  return findings.map((finding) => finding.split(' ')[0]);
}

test('nothing is found in small pages that follow the rules', async () => {
  expect(await brokenBy({})).toEqual([]);
});

test('43 and nothing else finds bookmarks that are ahead of the rows of their page', async () => {
  expect(await brokenBy({ bookmark: (next) => ({ next: next + 1 }) })).toEqual(['43']);
});

test('43 and nothing else finds a read that begins one row after its bookmark', async () => {
  expect(await brokenBy({ from: ({ next }) => Number(next) + 1 })).toEqual(['43']);
});

test('39 and nothing else finds a read that treats a refused login as the end of the rows', async () => {
  expect(await brokenBy({ isLoginTold: false })).toEqual(['39']);
});
