import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { integrationChecks, sourceChecks, targetChecks } from 'c8connector-testing/checks';
import { guidelines } from 'c8connector-testing/guidelines';
import { describe, expect, test } from 'vitest';
import { root } from './blocks.ts';

/** The second column of the table of common mistakes. */
function foundBy(page: string): readonly string[] {
  const [, table = ''] = readFileSync(join(root, page), 'utf8').split('## Common mistakes\n');
  const rows = table.split('\n').filter((line) => line.startsWith('| '));
  return rows.slice(2).map((row) => row.split('|').at(-2)?.trim() ?? '');
}

describe.each([
  ['docs/write-a-source.md', sourceChecks],
  ['docs/write-a-target.md', targetChecks],
  ['docs/write-an-integration.md', integrationChecks],
] as const)('Every mistake in %s', (page, checks) => {
  test('is found by checks and guidelines that exist', () => {
    const numbers = foundBy(page).flatMap((cell) => [...cell.matchAll(/\b\d+\b/g)].map(([number]) => Number(number)));
    const rules = foundBy(page).flatMap((cell) => [...cell.matchAll(/guideline `([^`]+)`/g)].map(([, rule]) => rule));
    expect(numbers.length).toBeGreaterThan(5);
    expect(numbers.filter((number) => !checks.some((check) => check.number === number))).toEqual([]);
    expect(rules.filter((rule) => !guidelines.some(({ id }) => id === rule))).toEqual([]);
  });
});
