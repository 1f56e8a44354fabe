import type { Row } from 'c8connector';
import { expect, test } from 'vitest';
import { targetFindings } from '../findings.ts';
import { changedRows } from './changed-rows.ts';
import { type MergingHabits, mergingClaims, mergingTarget } from './merging-target.ts';

async function findingsOf(habits: MergingHabits = {}, only?: number): Promise<string[]> {
  const { write, readBack } = mergingTarget(habits);
  return await targetFindings(() => ({ write }), { readBack, ...mergingClaims, ...(only !== undefined && { only }) });
}

test('a target that merges rows, removes versions and deletes as it claims has no finding', async () => {
  expect(await findingsOf()).toEqual([]);
});

test.each([
  ['rows of the version itself that are removed', () => false, 'found: 0 rows'],
  [
    'rows of older versions that stay',
    () => true,
    'after ACTIVATE_VERSION of the next version (activateVersion is claimed)',
  ],
])('70 finds %s', async (_name, stays, found) => {
  expect(await findingsOf({ stays }, 70)).toEqual([expect.stringContaining(found)]);
});

test('70 finds a version without rows that removes nothing', async () => {
  const { write, readBack } = mergingTarget();
  const findings = await targetFindings(
    () => ({
      write(messages, request) {
        async function* withRows() {
          const withRows = new Set<string>();
          for await (const message of messages) {
            if (message.type === 'RECORDS') withRows.add(message.stream);
            if (message.type !== 'ACTIVATE_VERSION' || withRows.has(message.stream)) yield message;
          }
        }
        return write(withRows(), request);
      },
    }),
    { readBack, ...mergingClaims },
  );
  expect(findings).toEqual([expect.stringMatching(/^70 .*after ACTIVATE_VERSION of a version without rows/s)]);
});

test.each<[string, MergingHabits, string]>([
  [
    'a row that stays deleted though it came again',
    { deletes: 'at the end of the batch' },
    'found: 1 rows: 1 missing, such as {"id":1e0',
  ],
  ['a deleted row that stays', { deletes: 'not' }, 'expected: no deleted row, as hardDelete is claimed'],
])('70 finds %s', async (_name, habits, found) => {
  expect(await findingsOf(habits, 70)).toEqual([expect.stringContaining(found)]);
});

test.each<[string, (row: Row) => boolean]>([
  ['the column is there', (row) => '_sdc_deleted_at' in row],
  ['the column is not undefined', ({ _sdc_deleted_at: at }) => at !== undefined],
])('70 and nothing else finds a row that is deleted because %s, although it is null', async (_name, isDelete) => {
  expect(await findingsOf({ isDelete })).toEqual([
    expect.stringMatching(/^70 .*only a time in it says that they are deleted.*found: 0 rows/s),
  ]);
});

test('70 finds versions that are removed although the test does not declare it', async () => {
  const { write, readBack } = mergingTarget({ deletes: 'not' });
  expect(await targetFindings(() => ({ write }), { readBack, only: 70, loadMethod: 'upsert' })).toEqual([
    expect.stringContaining('(activateVersion is not claimed)'),
  ]);
});

test('70 finds deletes that look like rows', async () => {
  const found = await targetFindings((honest) =>
    changedRows(honest, () => (rows) => rows.map(({ _sdc_deleted_at: _, ...row }) => row)),
  );
  expect(found).toEqual([expect.stringMatching(/^70 .*no delete among them/s)]);
});
