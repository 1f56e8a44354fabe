import { expect, test } from 'vitest';
import { logBatches } from '../../src/source/log-batches.ts';
import type { Page } from '../../src/source/source-definition.ts';

const schema = { type: 'object', properties: { id: { type: 'integer' } } } as const;
const header = (stream: string) => ({ stream, schema, extractedAt: '2024-01-01T00:00:00.000000Z' });

/** A page of one row, in memory that changes once it is released. */
function page(id: number, exact?: 'text'): Page {
  const lines = Buffer.from(`{"id":${id}}\n`);
  return { lines, count: 1, release: () => void lines.fill(0), ...(exact && { exact }) };
}

/** The rows of each batch and the positions between them. */
async function closed(batches: ReturnType<typeof logBatches>): Promise<unknown[]> {
  const items: unknown[] = [];
  for await (const item of batches.close()) {
    if (item.type === 'reached') items.push(Object.fromEntries(item.bookmarks));
    else {
      items.push([item.stream, item.rows().map(({ id }) => Number(id))]);
      item.release?.();
    }
  }
  return items;
}

test('the rows of many small transactions become one batch of each stream', async () => {
  const batches = logBatches(header);
  for (let round = 0; round < 3; round++) {
    for (let id = 1; id <= 3; id++) {
      batches.add('a', page(id));
      batches.add('b', page(10 * id));
      batches.reach({ a: { id }, b: { id } });
    }
    batches.add('a', page(4));
    expect(await closed(batches)).toEqual([
      ['a', [1, 2, 3]],
      ['b', [10, 20, 30]],
      { a: { id: 3 }, b: { id: 3 } },
      ['a', [4]],
    ]);
  }
});

test('rows keep their order where lines of another kind, or rows, come between them', async () => {
  const batches = logBatches(header);
  const pages: Page[] = [page(1), page(2), { rows: [{ id: 3 }] }, page(4), page(5, 'text'), page(6, 'text'), page(7)];
  for (const each of pages) batches.add('a', each);
  batches.reach({ a: {} });
  const items = await closed(batches);
  expect(items.map((item) => (Array.isArray(item) ? item[1] : item))).toEqual([
    [1, 2],
    [3],
    [4],
    [5, 6],
    [7],
    { a: {} },
  ]);
});
