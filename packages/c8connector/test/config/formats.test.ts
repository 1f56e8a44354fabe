import { fullFormats } from 'ajv-formats/dist/formats.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isDate, isDateTime, isEmail } from '../../src/config/formats.ts';

/** The answer of Ajv, with which most programs check a config by its JSON Schema. */
function byAjv(name: 'email' | 'date' | 'date-time', text: string): boolean {
  const format: unknown = fullFormats[name];
  if (format instanceof RegExp) return format.test(text);
  return (format as { readonly validate: (text: string) => boolean }).validate(text);
}

/** Mostly the first ones, so that most texts made of them are good. */
const good = <T>(usual: fc.Arbitrary<T>, unusual: fc.Arbitrary<T>) =>
  fc.oneof({ arbitrary: usual, weight: 15 }, { arbitrary: unusual, weight: 1 });
const joined = (separator: string, ...parts: readonly fc.Arbitrary<string>[]) =>
  fc.tuple(...parts).map((texts) => texts.join(separator));
const upTo = (most: number) => fc.integer({ min: 0, max: most }).map((number) => String(number).padStart(2, '0'));

const name = good(fc.stringMatching(/^[a-zA-Z0-9!#$%&'*+/=?^_`{|}~-]{1,6}$/), fc.string({ maxLength: 3 }));
const label = good(fc.stringMatching(/^[a-zA-Z0-9]([a-z0-9-]{0,3}[a-z0-9])?$/), fc.constantFrom('', '-a', 'a-', 'ä'));
const dotted = (part: fc.Arbitrary<string>, fewest: number) =>
  good(fc.array(part, { minLength: fewest, maxLength: 3 }), fc.constant<string[]>([])).map((parts) => parts.join('.'));
const email = joined('', dotted(name, 1), good(fc.constant('@'), fc.constantFrom('', '@@')), dotted(label, 2));

const year = fc.oneof(fc.constantFrom('0000', '1900', '2000', '2023', '2024'), fc.stringMatching(/^[0-9]{4}$/));
const date = joined('-', year, good(upTo(12), upTo(99)), good(upTo(31), upTo(99)));
const seconds = good(upTo(60), upTo(99));
const fraction = fc.constantFrom('', '', '.0', '.123456789', '.');
const time = joined(':', good(upTo(23), upTo(99)), good(upTo(59), upTo(99)), joined('', seconds, fraction));
const sign = fc.constantFrom('+', '-');
const offset = joined('', sign, good(upTo(23), upTo(99)), fc.constantFrom(':', ''), good(upTo(59), fc.constant('')));
const zone = good(fc.oneof(fc.constantFrom('Z', 'z'), offset), fc.constantFrom('', 'ZZ'));
const between = good(fc.constantFrom('T', 't', ' ', '\n', '\u00a0'), fc.constantFrom('', 'TT', '  '));
const dateTime = joined('', date, between, time, zone);

/** The same texts, some with a character put in, taken away or changed. */
function damaged(texts: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const character = fc.oneof(fc.constantFrom(...'-.: \n09@T\u212a\u017f\u0661'), fc.string({ maxLength: 1 }));
  return good(
    texts,
    fc
      .tuple(texts, fc.nat(30), fc.nat(1), character)
      .map(([text, at, removed, added]) => text.slice(0, at) + added + text.slice(at + removed)),
  );
}

describe('the formats of texts', () => {
  test.each([
    ['email', isEmail, email],
    ['date', isDate, date],
    ['date-time', isDateTime, dateTime],
  ] as const)('%s: the same answer as Ajv for any text, good ones and bad ones', (format, check, texts) => {
    const answers = { true: 0, false: 0 };
    fc.assert(
      fc.property(damaged(texts), (text) => {
        const expected = byAjv(format, text);
        answers[`${expected}`] += 1;
        expect(check(text)).toBe(expected);
      }),
      { numRuns: 3000 },
    );
    expect(Math.min(answers.true, answers.false)).toBeGreaterThan(300);
  });

  test('the same days as Ajv, in leap years and others', () => {
    const years = [0, 4, 1900, 2000, 2023, 2024, 9999];
    const texts = years.flatMap((year) =>
      numbers(14).flatMap((month) => numbers(33).map((day) => `${String(year).padStart(4, '0')}-${month}-${day}`)),
    );
    expect(texts.filter(isDate)).toEqual(texts.filter((text) => byAjv('date', text)));
  });

  test('the same leap seconds as Ajv, in any zone', () => {
    const zones = ['Z', '+00:01', '-00:01', '+00:30', '-00:59', '+01:00', '-01:00', '+23:59', '-23:59', '+05:45'];
    const texts = numbers(100).flatMap((hour) =>
      numbers(100).flatMap((minute) => zones.map((zone) => `2016-12-31T${hour}:${minute}:60${zone}`)),
    );
    expect(texts.filter(isDateTime)).toEqual(texts.filter((text) => byAjv('date-time', text)));
  });

  test('an email of a megabyte is checked quickly', () => {
    const labels = 'a-'.repeat(500_000);
    const startedAt = performance.now();
    expect([`${labels}@`, `a@${labels}`, `a@b.${labels}`, `${labels}@b.c`].map(isEmail)).toEqual([
      false,
      false,
      false,
      true,
    ]);
    expect(performance.now() - startedAt).toBeLessThan(2000);
  });
});

/** 00, 01 and so on to before `count`. */
function numbers(count: number): readonly string[] {
  return Array.from({ length: count }, (_, number) => String(number).padStart(2, '0'));
}
