import fc from 'fast-check';
import { expect, it } from 'vitest';
import { repairSurrogates } from '../../src/jsonl/surrogates.ts';

function repaired(json: string): string {
  const bytes = Buffer.from(json);
  repairSurrogates(bytes);
  return bytes.toString();
}

it.each([
  ['"\\ud83d\\ude00"', '"\\ud83d\\ude00"'],
  ['"\\uD83D\\uDE00"', '"\\uD83D\\uDE00"'],
  ['"\\ud83d"', '"\\ufffd"'],
  ['"\\uDE00x"', '"\\ufffdx"'],
  ['"\\\\ud83d"', '"\\\\ud83d"'],
  ['"\\\\\\ud83d"', '"\\\\\\ufffd"'],
  ['"\\ud7ff"', '"\\ud7ff"'],
])('%s becomes %s', (json, expected) => {
  expect(repaired(json)).toBe(expected);
});

it('the result is the text with U+FFFD for each half', () => {
  const piece = fc.constantFrom('\\ud83d', '\\uDE00', '\\uD83D', '\\ude00', '\\\\', 'ud8', 'x', '\\u00e9', '\\"');
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const json = `"${pieces.join('')}"`;
      const text: string = JSON.parse(json);
      expect(JSON.parse(repaired(json))).toBe(text.replace(/\p{Surrogate}/gu, '\ufffd'));
    }),
    { numRuns: 1000 },
  );
});
