import { expect, test } from 'vitest';
import { topLevelKeys } from '../../../src/source/reading/declared-fields.ts';

test('finds the keys of the object itself, those that come twice too', () => {
  expect(topLevelKeys('{"a":{"x":[{"y":1}]},"b\\u0022":"{\\"no\\":1,","a":[",","z"], "c" : null}')).toEqual([
    'a',
    'b"',
    'a',
    'c',
  ]);
  expect(topLevelKeys('{}')).toEqual([]);
});
