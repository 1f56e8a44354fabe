import { expect, test } from 'vitest';
import { noLines, takeLines } from '../../src/jsonl/page-lines.ts';
import { numberLines } from '../../src/source/number-lines.ts';

function numbered(lines: string, tail: string, first: bigint): string {
  const count = lines.split('\n').filter((line) => line.trim() !== '').length;
  const numbered = noLines([]);
  numberLines(numbered, new TextEncoder().encode(lines), count, { tail, first });
  return new TextDecoder().decode(takeLines(numbered)?.lines);
}

test.each([0n, 7n, 9n, 98n, 99_999n, 2n ** 53n - 1n, 1_880_000_000_000_000_999n, 2n ** 63n - 3n])(
  'lines are counted from %i on',
  (first) => {
    const text = numbered('{"a":1}\n{"a":2}\n{"a":3}\n', '"n":', first);
    expect(text).toBe([0n, 1n, 2n].map((index) => `{"a":${index + 1n},"n":${first + index}}\n`).join(''));
  },
);

test.each([
  ['{}\n', '{"n":5}\n'],
  ['{"a":{}}\n', '{"a":{},"n":5}\n'],
  ['{"a":1} \r\n', '{"a":1,"n":5}\n'],
  ['{"a":"}"}', '{"a":"}","n":5}\n'],
  ['{"a":1}', '{"a":1,"n":5}\n'],
])('%j becomes %j', (line, expected) => {
  expect(numbered(line, '"n":', 5n)).toBe(expected);
});
