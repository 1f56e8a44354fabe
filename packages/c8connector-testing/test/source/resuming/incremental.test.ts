import { describe, expect, test } from 'vitest';
import { findings } from '../broken-source.ts';
import { keyedFindings, keyedRows } from '../keyed-source.ts';

test('44 finds a source that reads from a future state as if there were none', async () => {
  expect(await findings(44, { habits: { isNew: () => true } })).toEqual([
    expect.stringContaining("expected: no record of 'numbers' from the bookmark"),
  ]);
});

test('45 finds a second run that begins before the bookmark', async () => {
  const habits = { isNew: (value: unknown, bookmark: unknown) => Number(value) >= Number(bookmark) - 2 };
  expect(await findings(45, { habits })).toEqual([
    expect.stringContaining("expected: records of 'numbers' with id from 11 in a second run"),
  ]);
});

describe('of a source by defineSource whose bookmark the runtime keeps', () => {
  const numbers = async (habits: Parameters<typeof keyedFindings>[0]) =>
    (await keyedFindings(habits)).map((finding) => finding.split(' ')[0]);
  const last = '2024-01-01T00:00:09.000Z';

  test.each([
    ['sorted', {}],
    ['unsorted', { isSorted: false, order: () => 0 }],
    ['asked for its highest key', { highest: () => last }],
    ['with a lookback', { lookbackSeconds: 3 }],
  ])('nothing is found in a correct one: %s', async (_name, habits) => {
    expect(await keyedFindings(habits)).toEqual([]);
  });

  test('44 and 45 find a read that ignores since', async () => {
    expect(await numbers({ isNew: () => true })).toEqual(['44', '45']);
  });

  test('45 finds a read that begins after since, and loses rows with the last key', async () => {
    const found = await keyedFindings({ isNew: (at, since) => at > since });
    expect(found.map((finding) => finding.split(' ')[0])).toContain('45');
    expect(found.at(-1)).toContain(`expected: records of 'list' with at "${last}" again in a second run`);
    expect(found.at(-1)).toContain(JSON.stringify(keyedRows[9]));
  });

  test('45 finds a read that looks further back than the config allows', async () => {
    const habits = { lookbackSeconds: 3, isNew: (at: number, since: number) => at >= since - 1000 };
    expect(await keyedFindings(habits, 45)).toEqual([
      expect.stringContaining(`expected: records of 'list' with at from "2024-01-01T00:00:06.000Z" in a second run`),
    ]);
  });

  test('45 finds a bookmark that never moves, since highest does not give the highest key', async () => {
    expect(await keyedFindings({ highest: () => null }, 45)).toEqual([
      expect.stringContaining(`expected: records of 'list' with at from "${last}" in a second run`),
    ]);
  });

  test.each([43, 44, 45])('%i finds a read that is declared as sorted and is not', async (check) => {
    expect(await keyedFindings({ order: (one, other) => Number(other.id) - Number(one.id) }, check)).toEqual([
      expect.stringContaining("stream 'list' is declared as sorted by 'at'"),
    ]);
  });

  test('28 finds a replication key that is not a column', async () => {
    expect(await keyedFindings({ keys: ['changed_at'] }, 28)).toEqual([expect.stringContaining('changed_at')]);
  });

  test('29 finds a stream that is read by a key without naming the key', async () => {
    expect(await keyedFindings({ methods: ['INCREMENTAL'], keys: [] }, 29)).toEqual([
      expect.stringContaining("stream 'list': valid-replication-keys, since"),
    ]);
  });
});
