import { expect, test } from 'vitest';
import { endRow, type JsonPage, jsonPages, makeRoom, putKey, takePage, takeRest } from '../src/json-page.ts';

/** The pages of rows with one number of this many digits each. */
function pagesOf(sizes: readonly number[]): readonly JsonPage[] {
  const pages = jsonPages(['n']);
  const taken: (JsonPage | undefined)[] = [];
  for (const size of sizes) {
    makeRoom(pages, size);
    const at = putKey(pages.keys, 0, pages.view, pages.end);
    pages.bytes.fill('7'.charCodeAt(0), at, at + size);
    endRow(pages, at + size);
    taken.push(takePage(pages));
  }
  return [...taken, takePage(pages), takeRest(pages)].filter((page) => page !== undefined);
}

const linesOf = (pages: readonly JsonPage[]) => Buffer.concat(pages.map(({ lines }) => lines)).toString();

test('a table of one row does not allocate a page of a megabyte', () => {
  const [page] = pagesOf([10]);
  expect(page?.lines.buffer.byteLength).toBeLessThan(64 * 1024);
});

test.each([
  ['many small rows', Array.from({ length: 200_000 }, () => 10)],
  ['a row that is larger than the first page', [10, 50_000, 10]],
  ['a row that is larger than a page', [10, 3_000_000, 10]],
  ['a large row first', [3_000_000, 10]],
  ['rows of all sizes', Array.from({ length: 300 }, (_, index) => (index * 7919) % 40_000)],
])('%s come complete and in order', (_, sizes) => {
  const pages = pagesOf(sizes);
  expect(linesOf(pages)).toBe(sizes.map((size) => `{"n":${'7'.repeat(size)}}\n`).join(''));
  expect(pages.reduce((sum, { count }) => sum + count, 0)).toBe(sizes.length);
  const largest = sizes.reduce((one, other) => Math.max(one, other));
  for (const { lines } of pages) expect(lines.length).toBeLessThan(Math.max(1_200_000, largest + 100));
});

test('the memory of a page is reused once it was released, and not before', () => {
  const pages = jsonPages(['n']);
  const next = (digit: string): JsonPage => {
    for (;;) {
      makeRoom(pages, 1000);
      const at = putKey(pages.keys, 0, pages.view, pages.end);
      pages.bytes.fill(digit.charCodeAt(0), at, at + 1000);
      endRow(pages, at + 1000);
      const page = takePage(pages);
      if (page !== undefined) return page;
    }
  };
  const digitsOf = ({ lines }: JsonPage) => [...new Set(Buffer.from(lines).toString().match(/\d/g))].join('');
  const [first, second] = [next('1'), next('2')];
  expect([digitsOf(first), digitsOf(second)]).toEqual(['1', '2']);
  first.release();
  first.release();
  const [third, fourth] = [next('3'), next('4')];
  expect(new Set([second, third, fourth].map(({ lines }) => lines.buffer)).size).toBe(3);
  expect([digitsOf(second), digitsOf(third), digitsOf(fourth)]).toEqual(['2', '3', '4']);
  expect([third.lines.buffer, fourth.lines.buffer]).toContain(first.lines.buffer);
});
