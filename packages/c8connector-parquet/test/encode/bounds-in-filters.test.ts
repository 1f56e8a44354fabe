import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { blockOf, type Cell } from '../blocks.ts';
import { samples } from '../samples.ts';
import { encodeFile } from '../write-file.ts';

const scalars = Object.entries(samples).filter(([, { type }]) => type.kind !== 'list');
const rows = 60;
const operators = ['=', '<', '>='];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'c8connector-parquet-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** For each comparison and each value that a file has, how many rows DuckDB finds in the file, and in a copy of it in memory. */
async function counts(path: string): Promise<readonly (readonly unknown[])[]> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  try {
    await connection.run(`CREATE TABLE copy AS FROM '${path}'`);
    const found: unknown[][] = [];
    for (let row = 0; row < rows; row++) {
      // A variable is a constant to the plan, so the bounds of the row groups are compared with it.
      await connection.run(`SET VARIABLE wanted = (SELECT a FROM copy LIMIT 1 OFFSET ${row})`);
      const count = (from: string, operator: string) =>
        `(SELECT count(*) FROM ${from} WHERE a ${operator} getvariable('wanted'))`;
      const pairs = operators.map((operator) => `${count(`'${path}'`, operator)}, ${count('copy', operator)}`);
      const [all = []] = (await connection.runAndReadAll(`SELECT ${pairs.join(', ')}`)).getRows();
      for (const [index, operator] of operators.entries()) {
        found.push([row, operator, all[2 * index], all[2 * index + 1]]);
      }
    }
    return found;
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

describe('a reader that skips row groups by their bounds finds every value', () => {
  test.each(scalars)('of %s', async (name, { type, value }) => {
    // A row group of five rows each has other bounds; one of them has none.
    const cells: Cell[] = Array.from({ length: rows }, (_, row) => (row >= 20 && row < 25 ? null : value(row)));
    const { bytes } = encodeFile([{ name: 'a', type }], [blockOf([type], [cells])], { rowGroupRows: 5 });
    const path = join(folder, `${name}.parquet`);
    await writeFile(path, bytes);
    for (const [row, operator, inFile, inCopy] of await counts(path))
      expect({ row, operator, count: inFile }).toEqual({ row, operator, count: inCopy });
  });
});
