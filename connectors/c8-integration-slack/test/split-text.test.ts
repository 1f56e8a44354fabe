import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitText } from '../c8_integration_slack/split-text.ts';

const pieces = fc.constantFrom(
  'word',
  ' ',
  '\n',
  '&amp;',
  '&lt;',
  '<https://a.example|two words>',
  '<@U123>',
  '😀',
  '👩‍👩‍👧',
  'e\u0301',
  '<',
  '&',
  'x'.repeat(30),
);
const texts = fc.array(pieces, { maxLength: 200 }).map((parts) => parts.join(''));
const limits = fc.integer({ min: 40, max: 120 });

describe('Parts of a text', () => {
  it('together are the whole text, and each is within the limit', () => {
    fc.assert(
      fc.property(
        fc.oneof(texts, fc.string({ unit: 'binary', maxLength: 400 })),
        fc.integer({ min: 2, max: 120 }),
        (text, limit) => {
          const parts = splitText(text, limit);
          expect(parts.join('')).toBe(text);
          expect(parts.every((part) => part.length <= limit)).toBe(true);
          expect(parts.slice(1).every((part) => part !== '')).toBe(true);
        },
      ),
    );
  });

  it('never split a code point, entity, link or character', () => {
    fc.assert(
      fc.property(texts, limits, (text, limit) => {
        let end = 0;
        const borders = new Set([...new Intl.Segmenter().segment(text)].map(({ index }) => index));
        const atoms = [...text.matchAll(/&(?:amp|lt|gt);|<[^<>\n]*>/g)].filter(([atom]) => atom.length <= limit);
        for (const part of splitText(text, limit).slice(0, -1)) {
          end += part.length;
          expect(borders.has(end)).toBe(true);
          for (const { index, 0: atom } of atoms) expect(index < end && end < index + atom.length).toBe(false);
        }
      }),
    );
  });

  it('keep code points whole even if a part can contain only one', () => {
    expect(splitText('👩‍👩‍👧', 2)).toEqual(['👩', '\u200d', '👩', '\u200d', '👧']);
    expect(splitText('a😀😀', 2)).toEqual(['a', '😀', '😀']);
  });

  it.each([
    ['a line', 'one two\nthree four five', 15, ['one two\n', 'three four five']],
    ['a word, where the line is too far away', 'a\nbbbb cccc dddd', 12, ['a\nbbbb cccc ', 'dddd']],
    ['the last character, where there is no word', 'abcdefgh', 5, ['abcde', 'fgh']],
  ])('end after %s', (_, text, limit, parts) => {
    expect(splitText(text, limit)).toEqual(parts);
  });

  it('of a large text are made quickly', () => {
    for (const text of ['<'.repeat(400_000), '&amp;'.repeat(80_000), '😀'.repeat(200_000), '< '.repeat(200_000)]) {
      const startedAt = performance.now();
      expect(splitText(text, 4000).join('')).toBe(text);
      expect(performance.now() - startedAt).toBeLessThan(3000);
    }
  });
});
