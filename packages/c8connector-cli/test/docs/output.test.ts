import { expect, test } from 'vitest';
import { isSameOutput } from './output.ts';

test.each([
  ['a\nb\n', 'a\nb\n', true],
  ['a\n…\nd\n', 'a\nb\nc\nd\n', true],
  ['took 12 ms\n', 'took 3 ms\n', true],
  ['a\n', 'a\nb\n', false],
  ['a\n…\nd\n', 'a\nb\n', false],
  ['3 rows\n', '4 rows\n', false],
])('An output %j of a page and the real one %j are the same: %s', (shown, printed, isSame) => {
  expect(isSameOutput(shown, printed)).toBe(isSame);
});
