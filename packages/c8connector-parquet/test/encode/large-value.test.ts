import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadCodec } from '../../src/codec/codec.ts';
import type { Block } from '../../src/columns.ts';
import { createParquetEncoder } from '../../src/encode/encoder.ts';
import { queryDuckDb } from '../readers/duckdb.ts';

test.each(['uncompressed', 'snappy', 'gzip', 'zstd'] as const)('a value of 64 MB is stored, with %s', async (codec) => {
  const length = 64 * 1024 * 1024;
  const bytes = new Uint8Array(length + 10).fill(120);
  const block: Block = {
    rows: 3,
    columns: [{ kind: 'bytes', bytes, ends: Int32Array.of(5, length + 5, length + 10) }],
  };
  const parts: Uint8Array[] = [];
  const compress = await loadCodec(codec);
  const columns = [{ name: 'a', type: { kind: 'text' } }] as const;
  const encoder = createParquetEncoder({ columns, codec, compress, output: (part) => parts.push(part.slice()) });
  encoder.add(block);
  encoder.add(block);
  expect(encoder.finish()).toMatchObject({ rows: 6, rowGroups: 2 });
  const folder = await mkdtemp(join(tmpdir(), 'c8connector-parquet-'));
  try {
    const path = join(folder, 'large.parquet');
    await writeFile(path, Buffer.concat(parts));
    const rows = await queryDuckDb(
      `SELECT length(a), count(*) FROM '${path}' WHERE a = repeat('x', length(a)) GROUP BY 1 ORDER BY 1`,
    );
    expect(rows).toEqual([
      [5n, 4n],
      [BigInt(length), 2n],
    ]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
