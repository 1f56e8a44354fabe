import type { Row } from 'c8connector';
import { expect, test } from 'vitest';
import { targetFindings } from '../findings.ts';
import { type Change, changedRows } from './changed-rows.ts';
import { type MergingHabits, mergingClaims, mergingTarget } from './merging-target.ts';

/** Each row with a cell for each column of its schema, as in a table. */
function filled(row: Row, columns: readonly string[]): Row {
  return Object.fromEntries([...new Set([...columns, ...Object.keys(row)])].map((name) => [name, row[name] ?? null]));
}

async function foundInTable(change: (row: Row, columns: readonly string[]) => Row): Promise<string[]> {
  const filling: Change = (rows, { schema }) => rows.map((row) => change(row, Object.keys(schema.properties)));
  return await targetFindings((honest) => changedRows(honest, () => filling));
}

async function foundInMerge(habits: MergingHabits): Promise<string[]> {
  const { write, readBack } = mergingTarget(habits);
  return await targetFindings(() => ({ write }), { readBack, ...mergingClaims });
}

test('100 and nothing else finds absent columns that are added as NULL', async () => {
  expect(await foundInTable(filled)).toEqual([
    expect.stringMatching(/^100 .*no 'note', or 'note' in the list of its _sdc_unchanged\n {2}found: 'note' as null/s),
  ]);
});

test.each<[string, (names: readonly string[]) => Row[string]]>([
  ['a list', (names) => names],
  ['the JSON text of a list', (names) => JSON.stringify(names)],
])('a table whose _sdc_unchanged has absent columns as %s has no finding', async (_name, listed) => {
  const found = await foundInTable((row, columns) => ({
    ...filled(row, columns),
    _sdc_unchanged: listed(columns.filter((name) => row[name] === undefined)),
  }));
  expect(found).toEqual([]);
});

test('100 and nothing else finds nulls that are omitted', async () => {
  const found = await foundInTable((row) =>
    Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)),
  );
  expect(found).toEqual([expect.stringMatching(/^100 .*'note' as null\n {2}found: it is absent/s)]);
});

test.each<[string, MergingHabits['merge'] & {}]>([
  ['puts a row in the place of the one with its key', (_before, row) => row],
  ['sets the absent columns to NULL', (_before, row, columns) => filled(row, columns)],
  [
    'keeps the value of a column that is set to null',
    (before, row) => ({ ...before, ...Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) }),
  ],
])('100 finds a target that %s', async (_name, merge) => {
  expect((await foundInMerge({ merge })).map((finding) => finding.split(' ')[0])).toContain('100');
});
