import { expect, test } from 'vitest';
import { parseNames } from '../src/names.ts';

test.each([
  [undefined, []],
  ['', []],
  ['orders', ['orders']],
  [' orders , sales.items,', ['orders', 'sales.items']],
  ['"a, b"', ['a, b']],
  ['"a, b"."c""d", Plain', ['a, b.c"d', 'Plain']],
  ['" kept "', [' kept ']],
  ["We ird.T'able", ["We ird.T'able"]],
  ['in"side', ['in"side']],
])('the names of %j are %j', (text, names) => {
  expect(parseNames(text)).toEqual(names);
});
