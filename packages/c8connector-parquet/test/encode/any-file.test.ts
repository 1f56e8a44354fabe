import fc from 'fast-check';
import { expect, test } from 'vitest';
import { blockOf, type Cell } from '../blocks.ts';
import { readWithHyparquet } from '../readers/hyparquet.ts';
import { samples } from '../samples.ts';
import { encodeFile } from '../write-file.ts';

/** Any rows of any type, nulls anywhere, in blocks, pages and row groups of any size. */
const files = fc.record({
  sample: fc.constantFrom(...Object.entries(samples)),
  /** Of each row the number of its value, or null. */
  rows: fc.array(fc.oneof(fc.nat(400), fc.nat(3), fc.constant(null)), { maxLength: 300, size: 'max' }),
  blockRows: fc.integer({ min: 1, max: 120 }),
  rowGroupRows: fc.integer({ min: 1, max: 120 }),
  rowGroupBytes: fc.integer({ min: 1, max: 5000 }),
  pageBytes: fc.integer({ min: 1, max: 500 }),
});

test('any file is read as it was written', async () => {
  await fc.assert(
    fc.asyncProperty(files, async ({ sample: [name, { type, value }], rows, blockRows, ...limits }) => {
      const cells: Cell[] = rows.map((row) => (row === null ? null : value(row)));
      const starts = Array.from({ length: Math.ceil(rows.length / blockRows) }, (_, block) => block * blockRows);
      const blocks = starts.map((start) => blockOf([type], [cells.slice(start, start + blockRows)]));
      const columns = [{ name, type }];
      const { bytes, file } = encodeFile(columns, blocks, limits);
      expect(file.rows).toBe(rows.length);
      expect(await readWithHyparquet(bytes, columns)).toEqual([cells]);
    }),
    { numRuns: 200 },
  );
}, 60_000);
