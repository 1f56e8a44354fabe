import { expect, test } from 'vitest';
import { findings } from '../broken-source.ts';

test('44 finds a source that reads from a future state as if there were none', async () => {
  expect(await findings(44, { habits: { isNew: () => true } })).toEqual([
    expect.stringContaining("expected: no record of 'numbers' from the bookmark"),
  ]);
});

test('45 finds a second run that begins before the bookmark', async () => {
  const habits = { isNew: (value: unknown, border: unknown) => Number(value) >= Number(border) - 2 };
  expect(await findings(45, { habits })).toEqual([
    expect.stringContaining("expected: records of 'numbers' with id from 11 in a second run"),
  ]);
});
