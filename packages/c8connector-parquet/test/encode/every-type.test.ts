import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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

describe.each([0, 1, 8, 9, 16, 17, 64, 65, 150])('of %i rows', (rows) => {
  test.each(Object.entries(samples))('%s is read as it was written', async (name, { type, value }) => {
    const columns = variants(rows).map((variant) => ({ name: variant.name, type }));
    const cells = variants(rows).map((variant) => variant.cells(value));
    const types = columns.map((column) => column.type);
    const blocks = inBlocks(cells, rows, 50).map((part) => blockOf(types, part));
    const { bytes, file } = encodeFile(columns, blocks, limits);
    expect(file).toEqual({ rows, rowGroups: Math.ceil(rows / 64), bytes: bytes.length });
    const path = join(folder, `${name}-${rows}.parquet`);
    await writeFile(path, bytes);
    expect(await readWithDuckDb(path)).toEqual(cells);
    expect(await readWithHyparquet(bytes, columns)).toEqual(cells);
  });
});
