import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { readWithDuckDb } from './readers/duckdb.ts';

test('the example of the README writes the described file', async () => {
  const page = await readFile(join(import.meta.dirname, '../README.md'), 'utf8');
  const [, example = ''] = /```ts\n(.*?)```/s.exec(page) ?? [];
  expect(example).toContain("open('products.parquet', 'w')");
  const folder = await mkdtemp(join(import.meta.dirname, '../node_modules/readme-'));
  const path = join(await mkdtemp(join(tmpdir(), 'c8connector-parquet-')), 'products.parquet');
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  try {
    const module = join(folder, 'example.mjs');
    await writeFile(module, example.replace('products.parquet', path.replaceAll('\\', '/')));
    await import(module);
    expect(log).toHaveBeenCalledWith(expect.stringMatching(/^2 rows in 1 row group, \d+ bytes$/));
    expect(await readWithDuckDb(path)).toEqual([
      [1n, 2n],
      [1999n, 250n],
      ['lamp', null],
      [[], [0.5, 1.5]],
    ]);
  } finally {
    log.mockRestore();
    await rm(folder, { recursive: true, force: true });
    await rm(join(path, '..'), { recursive: true, force: true });
  }
});
