import { type Block, createParquetEncoder } from 'c8connector-parquet';
import { expect, test } from 'vitest';

const megabyte = 1024 * 1024;

/** One row, with a large value in one of its columns. */
function rowOf(columns: number, large: number): Block {
  const values = Array.from({ length: columns }, (_, index) => {
    const size = index === large ? 20 * megabyte : 1;
    return { kind: 'bytes' as const, bytes: new Uint8Array(size), ends: Int32Array.of(size) };
  });
  return { rows: 1, columns: values };
}

test('a large value in one column, then in the next, leaves no memory behind in each', () => {
  const columns = Array.from({ length: 6 }, (_, index) => ({ name: `c${index}`, type: { kind: 'binary' } as const }));
  const encoder = createParquetEncoder({
    columns,
    codec: 'uncompressed',
    compress: (page) => page,
    output: () => undefined,
    rowGroupBytes: megabyte,
  });
  for (let large = 0; large < columns.length; large++) encoder.add(rowOf(columns.length, large));
  expect(encoder.finish()).toMatchObject({ rows: 6, rowGroups: 6 });
  const kept = encoder.memory.leaves.reduce((sum, { bytes }) => sum + bytes.length, 0);
  expect(kept).toBeLessThan(24 * megabyte);
});

test('a value of 100 MB leaves no pages of its size behind', () => {
  const bytes = new Uint8Array(100 * megabyte);
  const encoder = createParquetEncoder({
    columns: [{ name: 'a', type: { kind: 'binary' } }],
    codec: 'uncompressed',
    compress: (page) => page,
    output: () => undefined,
  });
  encoder.add({ rows: 1, columns: [{ kind: 'bytes', bytes, ends: Int32Array.of(bytes.length) }] });
  encoder.finish();
  const { chunk, page } = encoder.memory.chunks;
  expect(chunk.bytes.length + page.bytes.length).toBeLessThan(64 * megabyte);
});
