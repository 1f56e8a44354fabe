import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { blockOf, type Cell } from '../blocks.ts';
import { variants } from '../null-variants.ts';
import { readWithDuckDb } from '../readers/duckdb.ts';
import { readWithHyparquet } from '../readers/hyparquet.ts';
import { samples } from '../samples.ts';
import { encodeFile } from '../write-file.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'c8connector-parquet-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Row groups of 64 rows and pages of at most 16 slots, so that rows end before, at and after the end of each. */
const limits = { rowGroupRows: 64, pageBytes: 16 };

/** The rows in blocks of this many: a block ends anywhere in a row group. */
function inBlocks(cells: readonly (readonly Cell[])[], rows: number, size: number) {
  const starts = Array.from({ length: Math.ceil(rows / size) }, (_, block) => block * size);
  return starts.map((start) => cells.map((column) => column.slice(start, start + size)));
}

// One file of all types: to open one for each took most of the time.
test.each([0, 1, 8, 9, 16, 17, 64, 65, 150])('every type is read as it was written in %i rows', async (rows) => {
  const all = Object.entries(samples).flatMap(([name, { type, value }]) =>
    variants(rows).map((variant) => ({ name: `${name}: ${variant.name}`, type, cells: variant.cells(value) })),
  );
  const types = all.map(({ type }) => type);
  const cells = all.map((column) => column.cells);
  const blocks = inBlocks(cells, rows, 50).map((part) => blockOf(types, part));
  const { bytes, file } = encodeFile(
    all.map(({ name, type }) => ({ name, type })),
    blocks,
    limits,
  );
  expect(file).toEqual({ rows, rowGroups: Math.ceil(rows / 64), bytes: bytes.length });
  const path = join(folder, `${rows}.parquet`);
  await writeFile(path, bytes);
  const read = { duckDb: await readWithDuckDb(path), hyparquet: await readWithHyparquet(bytes, all) };
  for (const [index, { name }] of all.entries()) {
    expect(read.duckDb[index], name).toEqual(cells[index]);
    expect(read.hyparquet[index], name).toEqual(cells[index]);
  }
  expect([read.duckDb.length, read.hyparquet.length]).toEqual([all.length, all.length]);
});
