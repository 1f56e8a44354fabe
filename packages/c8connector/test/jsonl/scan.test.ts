import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { skipValue } from '../../src/jsonl/scan.ts';

const skip = (text: string) => {
  const bytes = Buffer.from(text);
  return skipValue(bytes, 0, bytes.length);
};

describe('skipValue', () => {
  it('ends after any value that JSON.stringify writes, whatever follows', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom('', ' ', ',', '}', ']', '\n'), (value, rest) => {
        const text = JSON.stringify(value);
        expect(skip(text + rest)).toBe(Buffer.byteLength(text));
      }),
    );
  });

  it('accepts the same texts as JSON.parse, and nothing else', () => {
    const broken = fc
      .tuple(
        fc.json(),
        fc.nat(),
        fc.constantFrom(
          '',
          '"',
          '\\',
          '\\u12',
          '0',
          '-',
          '.',
          'e',
          ',',
          ':',
          '}',
          ']',
          '[',
          '{',
          'n',
          '\t',
          '\u0001',
          ' ',
        ),
      )
      .map(([text, at, piece]) => {
        const offset = at % (text.length + 1);
        return text.slice(0, offset) + piece + text.slice(offset + (at % 2));
      });
    fc.assert(
      fc.property(broken, (text) => {
        const trimmed = text.replace(/^[ \t\n\r]+|[ \t\n\r]+$/g, '');
        let isJson = true;
        try {
          JSON.parse(trimmed);
        } catch {
          isJson = false;
        }
        expect(skip(trimmed) === Buffer.byteLength(trimmed)).toBe(isJson);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    '',
    '-',
    '01x',
    '1.',
    '1e',
    '1e+',
    '.5',
    '+1',
    'NaN',
    'Infinity',
    'tru',
    'nul',
    '"',
    '"\\x"',
    '"\\u12G4"',
    '"a\tb"',
    '[1,]',
    '{"a":1,}',
    '{"a"}',
    '{a:1}',
    '[1',
    '{"a":1',
    "'a'",
  ])('refuses %s', (text) => {
    const end = skip(text);
    expect(end < text.length).toBe(true);
  });

  it('returns the position where a value is wrong', () => {
    expect(skip('{"a": [1, 2, x]}')).toBe(-1 - 13);
    expect(skip('{"a": "unfini')).toBe(-1 - 13);
  });

  it('does not read after the end it is given', () => {
    const bytes = Buffer.from('"abc\\"def"');
    for (let end = 0; end < bytes.length; end++) expect(skipValue(bytes, 0, end)).toBeLessThan(0);
  });

  it('refuses nesting that would exhaust the stack of a parser', () => {
    expect(skip('['.repeat(900) + ']'.repeat(900))).toBe(1800);
    expect(skip('['.repeat(1_000_000))).toBeLessThan(0);
  });
});
