import { describe, expect, test } from 'vitest';
import { type BatchedPages, batchPages } from '../../src/source/batch-pages.ts';
import type { Page } from '../../src/source/source-definition.ts';

const schema = { type: 'object', properties: { id: { type: 'integer' }, text: { type: 'string' } } } as const;
const header = () => ({ stream: 'a', schema, extractedAt: '2024-01-01T00:00:00.000000Z' });

async function batched(pages: Iterable<Page> | AsyncIterable<Page>): Promise<BatchedPages[]> {
  const out: BatchedPages[] = [];
  for await (const item of batchPages(pages, header)) out.push(item);
  return out;
}

function text(items: BatchedPages[]): string {
  return items.map(({ batch }) => Buffer.from(batch?.lines() ?? []).toString()).join('');
}

describe('batchPages', () => {
  test('joins small pages and keeps the last bookmark', async () => {
    const items = await batched([
      { rows: [{ id: 1 }], bookmark: { at: 1 } },
      { rows: [{ id: 2 }], bookmark: { at: 2 } },
    ]);
    expect(items.map(({ batch, bookmark }) => [batch?.count, bookmark])).toEqual([[2, { at: 2 }]]);
  });

  test('keeps each page separate, with its bookmark, on request', async () => {
    const pages = [
      { rows: [{ id: 1 }], bookmark: { at: 1 } },
      { rows: [{ id: 2 }, { id: 3 }] },
      { rows: [], bookmark: { at: 3 } },
    ];
    const items: BatchedPages[] = [];
    for await (const item of batchPages(pages, header, false)) items.push(item);
    expect(items.map(({ batch, bookmark }) => [batch?.count, bookmark])).toEqual([
      [1, { at: 1 }],
      [2, undefined],
      [undefined, { at: 3 }],
    ]);
  });

  test('cuts a large page of rows, and emits its bookmark only with the last piece', async () => {
    const rows = Array.from({ length: 5 }, (_, id) => ({ id, text: 'x'.repeat(900_000) }));
    const items = await batched([{ rows, bookmark: { at: 5 } }]);
    expect(items.map(({ batch, bookmark }) => [batch?.count, bookmark])).toEqual([
      [2, undefined],
      [2, undefined],
      [1, { at: 5 }],
    ]);
  });

  test('emits a bookmark before the first row that would be read again after it', async () => {
    const page = (first: number, count: number, bookmark?: object): Page => ({
      rows: Array.from({ length: count }, (_, at) => ({ id: first + at, text: 'x'.repeat(900_000) })),
      ...(bookmark === undefined ? {} : { bookmark: { ...bookmark } }),
    });
    const items = await batched([page(0, 1, { at: 1 }), page(1, 3, { at: 4 }), page(4, 1), page(5, 0, { at: 5 })]);
    expect(items.map(({ batch, bookmark }) => [batch?.rows().map(({ id }) => id), bookmark])).toEqual([
      [[0], { at: 1 }],
      [[1], undefined],
      [[2, 3], { at: 4 }],
      [[4], { at: 5 }],
    ]);
  });

  test('cuts large lines at newlines, loses none and counts correctly', async () => {
    const line = (id: number) => `{"id":${id},"text":"${'x'.repeat(700_000)}"}\n`;
    const huge = `{"id":9,"text":"${'y'.repeat(5_000_000)}"}\n`;
    const whole = line(1) + line(2) + huge + line(3) + line(4) + line(5);
    const items = await batched([{ lines: Buffer.from(whole), count: 6, bookmark: { at: 6 } }]);
    expect(text(items)).toBe(whole);
    expect(items.reduce((sum, { batch }) => sum + (batch?.count ?? 0), 0)).toBe(6);
    expect(
      items.filter(({ batch }) => (batch?.lines().length ?? 0) > 2_000_000).map(({ batch }) => batch?.count),
    ).toEqual([1]);
    expect(items.at(-1)).toEqual({ batch: undefined, bookmark: { at: 6 } });
  });

  test('emits a held bookmark before that of a page of lines: the newest one comes last', async () => {
    const items = await batched([
      { rows: [], bookmark: { at: 1 } },
      { lines: Buffer.from('{"id":2}\n'), count: 1, bookmark: { at: 2 } },
    ]);
    expect(items.map(({ batch, bookmark }) => [batch?.count, bookmark])).toEqual([
      [undefined, { at: 1 }],
      [1, undefined],
      [undefined, { at: 2 }],
    ]);
  });

  test('a page without rows still passes on its bookmark', async () => {
    expect(await batched([{ rows: [], bookmark: { at: 1 } }])).toEqual([{ batch: undefined, bookmark: { at: 1 } }]);
  });

  test('emits what it holds after a second while the source is slow', async () => {
    async function* slow(): AsyncGenerator<Page> {
      yield { rows: [{ id: 1 }] };
      await new Promise((resolve) => setTimeout(resolve, 3000));
      yield { rows: [{ id: 2 }] };
    }
    const startedAt = Date.now();
    const iterator = batchPages(slow(), header);
    const first = await iterator.next();
    expect(first.done).toBe(false);
    expect(Date.now() - startedAt).toBeLessThan(2500);
    await iterator.return(undefined);
  });

  test('ending early disposes of the source', async () => {
    let isDisposed = false;
    async function* endless(): AsyncGenerator<Page> {
      try {
        for (;;) yield { lines: Buffer.from('{"id":1}\n'), count: 1 };
      } finally {
        isDisposed = true;
      }
    }
    for await (const _ of batchPages(endless(), header)) break;
    expect(isDisposed).toBe(true);
  });
});
