import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetMetadata } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ColumnType } from '../../src/columns.ts';
import { blockOf, type Cell } from '../blocks.ts';
import { variants } from '../null-variants.ts';
import { queryDuckDb } from '../readers/duckdb.ts';
import { samples } from '../samples.ts';
import { encodeFile } from '../write-file.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'c8connector-parquet-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Column by column and group by group: the least, the greatest and how many nulls, once as the footer says and once as the rows are. With NaN among them there are no bounds. */
const query = (path: string, columns: readonly string[], isFloating: boolean) =>
  columns
    .map((name) => {
      const isKnown = isFloating
        ? `CASE WHEN NOT coalesce(bool_or(isnan("${name}")), false) THEN`
        : 'CASE WHEN true THEN';
      return `
        SELECT '${name}', stats_min_value, stats_max_value, stats_null_count, least, greatest, nulls
        FROM (FROM parquet_metadata('${path}') WHERE path_in_schema = '${name}')
        JOIN (
          SELECT file_row_number // 64 AS row_group_id, count(*) - count("${name}") AS nulls,
            (${isKnown} min("${name}") END)::VARCHAR AS least,
            (${isKnown} max("${name}") END)::VARCHAR AS greatest
          FROM read_parquet('${path}', file_row_number = true) GROUP BY ALL
        ) USING (row_group_id)`;
    })
    .join(' UNION ALL ');

describe('the bounds of each row group are those of its values', () => {
  test.each(Object.entries(samples).filter(([name]) => !name.startsWith('list')))(
    '%s',
    async (name, { type, value }) => {
      const rows = 150;
      const patterns = variants(rows).map((variant) => ({ name: variant.name, cells: variant.cells(value) }));
      const columns = patterns.map((pattern) => ({ name: pattern.name, type }));
      const block = blockOf(
        columns.map((column) => column.type),
        patterns.map(({ cells }) => cells.toReversed()),
      );
      const path = join(folder, `${name}.parquet`);
      await writeFile(path, encodeFile(columns, [block], { rowGroupRows: 64, pageBytes: 16 }).bytes);
      const groups = await queryDuckDb(
        query(
          path,
          columns.map((column) => column.name),
          type.kind === 'real' || type.kind === 'double',
        ),
      );
      expect(groups).toHaveLength(columns.length * 3);
      for (const [column, min, max, nullCount, least, greatest, nulls] of groups) {
        expect({ column, min, max, nullCount }).toEqual({ column, min: least, max: greatest, nullCount: nulls });
      }
    },
  );
});

/** The bounds of one column of one row group, as hyparquet reads them. */
function boundsOf(type: ColumnType, cells: readonly Cell[]): readonly unknown[] {
  const { bytes } = encodeFile([{ name: 'a', type }], [blockOf([type], [cells])]);
  const statistics = parquetMetadata(bytes.buffer).row_groups[0]?.columns[0]?.meta_data?.statistics;
  return [statistics?.min_value, statistics?.max_value];
}

describe('numbers with a special order', () => {
  test.each<[string, readonly number[], readonly unknown[]]>([
    ['zero may be either one', [0], [-0, 0]],
    ['so may -0', [-0], [-0, 0]],
    ['with NaN there are none', [1, Number.NaN, 2], [undefined, undefined]],
    ['only NaN has no bounds', [Number.NaN, Number.NaN], [undefined, undefined]],
    [
      'infinity is a number',
      [Number.NEGATIVE_INFINITY, 1, Number.POSITIVE_INFINITY],
      [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
    ],
  ])('%s', (_, numbers, bounds) => {
    expect(boundsOf({ kind: 'double' }, numbers)).toEqual(bounds);
    expect(boundsOf({ kind: 'real' }, numbers)).toEqual(bounds);
  });
});

describe('long values', () => {
  test.each([
    [256, true],
    [257, false],
  ])('of %i bytes have bounds: %s', (length, hasBounds) => {
    const long = 'x'.repeat(length);
    expect(boundsOf({ kind: 'text' }, ['a', long])).toEqual(hasBounds ? ['a', long] : [undefined, undefined]);
  });
});
