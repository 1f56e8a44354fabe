import { describe, expect, test } from 'vitest';
import { drawLongTests, longTests } from '../../../../scripts/long-tests.mjs';

const tests = Array.from({ length: 100 }, (_, index) => ({ path: `${index}.soak.test.ts`, seconds: 60 }));

describe('The long tests that a seed selects', () => {
  test('are the same each time, and others with another seed', () => {
    expect(drawLongTests('1', tests)).toEqual(drawLongTests('1', [...tests].reverse()));
    expect(drawLongTests('1', tests)).not.toEqual(drawLongTests('2', tests));
  });

  test('take ten minutes at most, however many there are', () => {
    expect(drawLongTests('1', tests)).toHaveLength(10);
    expect(drawLongTests('1', tests.slice(0, 3))).toEqual(tests.slice(0, 3).map(({ path }) => path));
  });

  test('are at least one, however long it runs', () => {
    expect(drawLongTests('1', [{ path: 'night.soak.test.ts', seconds: 3600 }])).toEqual(['night.soak.test.ts']);
  });

  test('are each selected by some seed', () => {
    const drawn = Array.from({ length: 100 }, (_, seed) => drawLongTests(String(seed), tests)).flat();
    expect(new Set(drawn).size).toBe(tests.length);
  });
});

test('A long test is listed with the seconds from its first line', () => {
  const path = 'packages/c8connector-cli/test/workspace/new-connectors.soak.test.ts';
  expect(longTests()).toContainEqual({ path, seconds: 180 });
});
