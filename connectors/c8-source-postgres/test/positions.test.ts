import type { Page } from 'c8connector';
import { type RowEncoder, withPositions } from 'c8connector-sql';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { copyKey } from '../c8_source_postgres/positions.ts';

/** An encoder that emits its page after some rows, and before others, as with a large row. */
function cutting(places: ReadonlySet<string>): RowEncoder<Page> & { readonly counts: number[] } {
  const counts: number[] = [];
  const pages: Page[] = [];
  let [rows, held] = [0, 0];
  const cut = (): void => {
    if (held > 0) pages.push({ lines: new Uint8Array(0), count: held });
    held = 0;
  };
  return {
    counts,
    add(bytes, start, end) {
      if (places.has(`before ${rows}`)) cut();
      held += 1;
      // An encoder may alter the fields, and their memory is reused afterwards.
      bytes.fill(0, start, end);
      if (places.has(`behind ${rows}`)) cut();
      rows += 1;
    },
    nextPage: () => pages.shift(),
    rest() {
      cut();
      return pages.shift();
    },
  };
}

const value = fc.option(fc.string({ unit: 'grapheme', maxLength: 100 }), { nil: null });
const row = fc.record({ a: value, b: value, c: value });
const columns = ['a', 'b', 'c'] as const;

function copied(text: string | null): string {
  const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
  return text === null ? '\\N' : text.replace(/[\\\t\n\r]/g, (character) => escapes[character] ?? character);
}

test('the position of each page is the key of its last row, wherever the page ends, even when its bytes are overwritten', () => {
  const key = fc.constantFrom(['a'], ['c'], ['b', 'a'], ['a', 'b', 'c']);
  const rows = fc.array(fc.record({ row, before: fc.boolean(), behind: fc.boolean() }), {
    minLength: 1,
    maxLength: 20,
  });
  fc.assert(
    fc.property(rows, key, (given, names) => {
      const cuts = given.flatMap(({ before, behind }, index) => [
        ...(before ? [`before ${index}`] : []),
        ...(behind ? [`behind ${index}`] : []),
      ]);
      const encoder = withPositions(cutting(new Set(cuts)), columns, names, copyKey);
      const pages: Page[] = [];
      for (const { row: one } of given) {
        const bytes = Buffer.from(`${columns.map((name) => copied(one[name])).join('\t')}\n`);
        encoder.add(bytes, 0, bytes.length);
        for (let page = encoder.nextPage(); page !== undefined; page = encoder.nextPage()) pages.push(page);
      }
      const rest = encoder.rest();
      if (rest !== undefined) pages.push(rest);
      let end = 0;
      for (const page of pages) {
        end += 'count' in page ? page.count : 0;
        const last = given[end - 1]?.row;
        expect(page.bookmark).toEqual({
          after: Object.fromEntries(names.map((name) => [name, last?.[name as keyof typeof last]])),
        });
      }
      expect(end).toBe(given.length);
    }),
  );
});

test('a page whose last key is not text has no position', () => {
  const encoder = withPositions(cutting(new Set()), ['a'], ['a'], copyKey);
  encoder.add(Uint8Array.of(0xff, 0x0a), 0, 2);
  expect(encoder.rest()).not.toHaveProperty('bookmark');
});
