import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { secondsText } from '../../../src/jsonl/moments/calendar.ts';
import {
  highWord,
  lowWord,
  type Moment,
  microsecondsOf,
  momentProblemText,
  newMoment,
} from '../../../src/jsonl/moments/moment.ts';
import { readDay, readMoment } from '../../../src/jsonl/moments/read-moment.ts';
import {
  defaultSubMicroseconds,
  settleSubMicroseconds,
  subMicroseconds,
} from '../../../src/jsonl/moments/sub-microseconds.ts';
import { slowMoment } from './slow-moment.ts';

/** Reads a text that has other digits on both sides, which must not count. */
function read(text: string, moment: Moment = newMoment(), reader: typeof readMoment = readMoment): Moment {
  const bytes = Buffer.from(`5:${text}:59 BC`);
  reader(bytes, 2, 2 + text.length, moment);
  return moment;
}

const two = (most: number) => fc.integer({ min: 0, max: most }).map((number) => String(number).padStart(2, '0'));
const years = fc.oneof(
  fc.integer({ min: 0, max: 9999 }).map((year) => String(year).padStart(4, '0')),
  fc.constantFrom(
    '0000',
    '0001',
    '0004',
    '1600',
    '1900',
    '1969',
    '1970',
    '2000',
    '2024',
    '9999',
    '10000',
    '-0044',
    '+002024',
    '-9999',
    '20240',
  ),
);
const offsets = fc.oneof(
  fc.constantFrom('', 'Z', 'z', ' Z', ' UTC', 'utc', '+00:00', '-00:00', '+24:00', '+05:', '+5', ' +05:30', '-03'),
  fc
    .tuple(fc.constantFrom('', ' '), fc.constantFrom('+', '-'), two(23), fc.constantFrom('', ':'), two(59))
    .map((parts) => parts.join('')),
  fc.tuple(fc.constantFrom('+', '-'), two(23), two(59), two(59)).map(([sign, ...parts]) => `${sign}${parts.join(':')}`),
  fc.tuple(fc.constantFrom('+', '-'), two(23), two(59), two(59)).map((parts) => parts.join('')),
);
const times = fc.tuple(
  fc.constantFrom('T', 't', ' '),
  fc.oneof({ weight: 9, arbitrary: two(23) }, { weight: 1, arbitrary: two(25) }),
  fc.oneof({ weight: 9, arbitrary: two(59) }, { weight: 1, arbitrary: fc.constantFrom('60', '00', '5') }),
  fc.oneof(
    { weight: 1, arbitrary: fc.constantFrom('', ':00', ':60', ':61') },
    { weight: 5, arbitrary: two(59).map((second) => `:${second}`) },
  ),
  fc.oneof(fc.constant(''), fc.stringMatching(/^[.,][0-9]{0,12}$/), fc.stringMatching(/^\.[0-9]{0,6}0{0,9}$/)),
);
const texts = fc
  .tuple(
    years,
    fc.oneof({ weight: 9, arbitrary: two(12) }, { weight: 1, arbitrary: two(14) }),
    fc.oneof({ weight: 9, arbitrary: two(28) }, { weight: 2, arbitrary: two(33) }),
    fc.oneof(
      { weight: 1, arbitrary: fc.constant('') },
      {
        weight: 6,
        arbitrary: times.map(
          ([separator, hour, minute, second, fraction]) =>
            `${separator}${hour}:${minute}${second}${second === '' ? '' : fraction}`,
        ),
      },
    ),
    offsets,
    fc.oneof({ weight: 9, arbitrary: fc.constant('') }, { weight: 1, arbitrary: fc.constant(' BC') }),
  )
  .map(([year, month, day, time, offset, era]) => `${year}-${month}-${day}${time}${offset}${era}`);
/** One character more, less or another. */
const damaged = fc
  .tuple(
    texts,
    fc.nat(),
    fc.constantFrom('', '0', '9', ':', '-', '+', 'T', ' ', '.', 'Z', 'x'),
    fc.integer({ min: 0, max: 1 }),
  )
  .map(([text, at, piece, cut]) => {
    const place = at % (text.length + 1);
    return text.slice(0, place) + piece + text.slice(place + cut);
  });

describe('readMoment', () => {
  test('agrees with a slow count of days for every text, reuses its object, and never throws', () => {
    const moment = newMoment();
    fc.assert(
      fc.property(fc.oneof(texts, damaged), (text) => {
        read(text, moment);
        const slow = slowMoment(text);
        expect([text, moment.problem]).toEqual([text, slow.problem]);
        if (slow.seconds === undefined) return;
        const { seconds, microseconds, isFiner, hasZone } = moment;
        expect({ seconds: BigInt(seconds), microseconds, isFiner, hasZone }).toEqual({
          seconds: slow.seconds,
          microseconds: slow.microseconds,
          isFiner: slow.isFiner,
          hasZone: slow.hasZone,
        });
      }),
      { numRuns: 10_000 },
    );
  });

  test('returns the same microseconds as a bigint and as two words, and restores the text of its seconds', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -62_135_596_800, max: 253_402_300_799 }),
        fc.integer({ min: 0, max: 999_999 }),
        (seconds, micros) => {
          const text = `${secondsText(seconds)}.${String(micros).padStart(6, '0')}Z`;
          const moment = read(text);
          const expected = BigInt(seconds) * 1_000_000n + BigInt(micros);
          expect(moment.problem).toBeUndefined();
          expect(microsecondsOf(moment)).toBe(expected);
          expect((BigInt(highWord(moment)) << 32n) | BigInt(lowWord(moment) >>> 0)).toBe(expected);
          expect(Date.parse(`${text.slice(0, 23)}Z`)).toBe(seconds * 1000 + Math.floor(micros / 1000));
        },
      ),
      { numRuns: 5000 },
    );
  });

  test.each([
    ['2020-01-01', '2020-01-01T00:00:00Z'],
    ['2020-01-01T10:00', '2020-01-01T10:00:00Z'],
    ['2020-01-01 10:00:00 +05:30', '2020-01-01T04:30:00Z'],
    ['2020-01-01t10:00:00z', '2020-01-01T10:00:00Z'],
    ['2020-01-01T10:00:00+0530', '2020-01-01T04:30:00Z'],
    ['2020-01-01 10:00:00 UTC', '2020-01-01T10:00:00Z'],
    ['1880-01-01T00:00:00+00:53:28', '1879-12-31T23:06:32Z'],
    ['2023-04-05+00:00', '2023-04-05T00:00:00Z'],
    ['2020-01-01T10:00:00,5Z', '2020-01-01T10:00:00.5Z'],
    ['0001-01-01T00:00:00-23:59', '0001-01-01T23:59:00Z'],
  ])('%s is %s', (text, same) => {
    expect([read(text).problem, microsecondsOf(read(text))]).toEqual([undefined, microsecondsOf(read(same))]);
  });

  test.each([
    ['2020-01-01T24:00:00Z', 'hour_24'],
    ['2016-12-31T23:59:60Z', 'leap_second'],
    ['0000-01-01T00:00:00Z', 'year'],
    ['-0044-03-15T00:00:00Z', 'year'],
    ['0044-03-15 00:00:00 BC', 'year'],
    ['10000-01-01T00:00:00Z', 'year'],
    ['0001-01-01T00:00:00+00:01', 'year'],
    ['9999-12-31T23:59:59-00:01', 'year'],
    ['2023-02-29', 'calendar'],
    ['0000-00-00 00:00:00', 'calendar'],
    ['2020-01-01T24:00:01Z', 'calendar'],
    ['2020-01-01T10:00:61Z', 'calendar'],
    ['infinity', 'form'],
    ['1700000000', 'form'],
    ['', 'form'],
    ['2020-1-1', 'form'],
    ['2020-01-01T10', 'form'],
    ['20200101T100000Z', 'form'],
    ['2020-01-01T10:00:00 PM', 'form'],
    ['\u0662\u0660\u0662\u0660-01-01', 'form'],
  ])('refuses %s: %s', (text, problem) => {
    const bytes = Buffer.from(text);
    const moment = newMoment();
    expect([readMoment(bytes, 0, bytes.length, moment), moment.problem]).toEqual([false, problem]);
  });
});

test('a refusal describes what a time of the column should be', () => {
  expect(momentProblemText(read('1700000000').problem ?? 'year')).toContain('2023-04-05T06:07:08.123456Z');
  expect(momentProblemText(read('2020-01-01T24:00:00Z').problem ?? 'year')).toContain('00:00:00 of the next day');
});

describe('readDay', () => {
  test.each([
    ['2023-04-05', undefined],
    ['2023-04-05T00:00:00.000+00:00', undefined],
    ['2023-04-05T02:00:00+02:00', 'time_of_day'],
    ['2023-04-05T00:00:00+02:00', 'time_of_day'],
    ['2023-04-05T00:00:00.0000001Z', 'time_of_day'],
    ['2023-04-05 12:00', 'time_of_day'],
    ['2023-02-30', 'calendar'],
    ['10000-01-01', 'year'],
  ])('of %s: %s', (text, problem) => {
    const moment = read(text, newMoment(), readDay);
    expect(moment.problem).toBe(problem);
    if (problem === undefined) expect(moment.seconds / 86_400).toBe(19_452);
  });
});

describe('what is below a microsecond', () => {
  test('is an error by default', () => {
    expect(defaultSubMicroseconds).toBe('fail');
  });

  const outcomes = (text: string) =>
    subMicroseconds.map((policy) => {
      const bytes = Buffer.from(text);
      const moment = newMoment();
      readMoment(bytes, 0, bytes.length, moment);
      const outcome = settleSubMicroseconds(moment, policy, bytes);
      const isValue = outcome === 'kept' || outcome === 'changed';
      return isValue
        ? `${outcome} ${secondsText(moment.seconds)}.${String(moment.microseconds).padStart(6, '0')}`
        : `${outcome} ${moment.problem}`;
    });

  test.each([
    [
      '2020-01-01T00:00:00.123456000Z',
      ['kept 2020-01-01T00:00:00.123456', 'kept 2020-01-01T00:00:00.123456', 'kept 2020-01-01T00:00:00.123456'],
    ],
    [
      '2020-01-01T00:00:00.1234564Z',
      ['refused finer', 'changed 2020-01-01T00:00:00.123456', 'changed 2020-01-01T00:00:00.123456'],
    ],
    [
      '2020-01-01T00:00:00.123456500Z',
      ['refused finer', 'changed 2020-01-01T00:00:00.123456', 'changed 2020-01-01T00:00:00.123457'],
    ],
    [
      '1969-12-31T23:59:59.9999999Z',
      ['refused finer', 'changed 1969-12-31T23:59:59.999999', 'changed 1970-01-01T00:00:00.000000'],
    ],
    ['9999-12-31T23:59:59.9999999', ['refused finer', 'changed 9999-12-31T23:59:59.999999', 'refused year']],
  ])('of %s is an error, cut off or rounded, as the policy says', (text, expected) => {
    expect(outcomes(text)).toEqual(expected);
  });
});
