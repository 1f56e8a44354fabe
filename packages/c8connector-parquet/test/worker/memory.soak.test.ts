// Takes about 60 s.
import { type Block, openParquetWriter } from 'c8connector-parquet';
import { expect, test } from 'vitest';

const megabyte = 1_000_000;

function largeRow(): Block {
  const bytes = new Uint8Array(20 * megabyte).fill(97);
  return { rows: 1, columns: [{ kind: 'bytes', bytes, ends: Int32Array.of(bytes.length) }] };
}

test('large values that come again and again take no more memory than some of them', { timeout: 600_000 }, async () => {
  const before = process.memoryUsage.rss();
  let peak = before;
  await using writer = openParquetWriter({
    columns: [{ name: 'a', type: { kind: 'binary' } }],
    codec: 'uncompressed',
    rowGroupBytes: 32 * megabyte,
    sink: () => undefined,
  });
  for (let row = 0; row < 120; row++) {
    await writer.write(largeRow());
    peak = Math.max(peak, process.memoryUsage.rss());
  }
  await writer.close();
  expect((peak - before) / megabyte).toBeLessThan(1000);
});
