import { parquetMetadata } from 'hyparquet';
import { describe, expect, test } from 'vitest';
import { blockOf, type Cell } from '../blocks.ts';
import { readWithHyparquet } from '../readers/hyparquet.ts';
import { samples } from '../samples.ts';
import { encodeFile } from '../write-file.ts';

/** Whether the only row group of a column has a dictionary, once it was read as it was written. */
async function hasDictionary(name: string, cells: readonly Cell[]): Promise<boolean> {
  const type = samples[name]?.type ?? { kind: 'text' };
  const columns = [{ name: 'a', type }];
  const { bytes } = encodeFile(columns, [blockOf([type], [cells])], { rowGroupRows: 1_000_000 });
  expect(await readWithHyparquet(bytes, columns)).toEqual([cells]);
  const [group] = parquetMetadata(bytes.buffer).row_groups;
  return group?.columns[0]?.meta_data?.dictionary_page_offset !== undefined;
}

const mostValues: readonly [number, number, boolean][] = [
  [330_000, 65_536, true],
  [330_000, 65_537, false],
];

describe.each(['int32', 'int64', 'decimal38', 'text'])('of %s', (name) => {
  test.each<[number, number, boolean]>([
    [2, 1, true],
    [10, 10, false],
    [5120, 1024, true],
    [5120, 1025, false],
    [2_000, 256, true],
    [2_000, 257, true],
    [100_000, 20_000, true],
    [100_000, 20_001, false],
    [100_000, 100_000, false],
    // The most values that a dictionary may have are those of no type in particular.
    ...(name === 'int32' || name === 'text' ? mostValues : []),
  ])('%i values, %i of them distinct, have a dictionary: %s', async (count, distinct, expected) => {
    const value = samples[name]?.value ?? (() => null);
    const different = Array.from({ length: distinct }, (_, index) => value(index));
    const cells = Array.from({ length: count }, (_, row) => different[Math.floor((row * distinct) / count)] ?? null);
    expect(await hasDictionary(name, cells)).toBe(expected);
  });
});

describe.each([
  ['int32', [-(2 ** 31), -1, 0, 2 ** 31 - 2 ** 18]],
  ['int64', [-(2 ** 31) - 1, -(2 ** 31), -1, 0, 2 ** 31 - 1, 2 ** 32, -(2 ** 40)]],
] as const)('of %s that lie close together or just not', (name, leasts) => {
  const spans = [0, 1, 2 ** 17 - 2, 2 ** 17 - 1, 2 ** 17];
  test.each(leasts.flatMap((least) => spans.map((span) => [least, span])))('from %i, %i wide', async (least, span) => {
    const values = [least, least + span, least + Math.floor(span / 2)];
    const cells = Array.from({ length: 3000 }, (_, row) => {
      const value = values[((row * 7) % 5) % 3] ?? 0;
      return name === 'int32' ? value : BigInt(value);
    });
    expect(await hasDictionary(name, cells)).toBe(true);
  });
});

test('a column whose first values are all distinct gets no dictionary', async () => {
  expect(
    await hasDictionary(
      'int32',
      Array.from({ length: 100_000 }, (_, row) => row % 10_000),
    ),
  ).toBe(false);
});

test('values with the same hash cost no more than others', async () => {
  // Of 1,000 bytes a few are hashed, and these differ between them.
  const cells = Array.from(
    { length: 50_000 },
    (_, row) => `${'x'.repeat(490)}${String(row % 20_000).padStart(10, '0')}${'x'.repeat(500)}`,
  );
  const startedAt = performance.now();
  await hasDictionary('text', cells);
  expect(performance.now() - startedAt).toBeLessThan(15_000);
});
