import { Decimal, type Value } from 'c8connector';
import { expect, test } from 'vitest';
import { difference } from '../../src/values/same-rows.ts';

test.each<[string, Value, Value]>([
  ['trailing zeros', new Decimal('1.50'), 1.5],
  ['an exponent', new Decimal('1.5e3'), 1500n],
  ['a small exponent', new Decimal('123.45e-5'), new Decimal('0.0012345')],
  ['zeros of any kind', new Decimal('-0.00'), 0],
  ['an integer as bigint', 7, 7n],
  ['the offset of a moment', '2023-04-05T08:07:08.120+02:00', '2023-04-05T06:07:08.12Z'],
  ['JSON text of an object', '{"b": [1.0], "a": null}', { b: [1] }],
  ['null and absent', null, undefined as unknown as Value],
])('%s makes no difference', (_name, one, other) => {
  const row = other === undefined ? {} : { value: other };
  expect(difference([{ value: one }], [row])).toBeUndefined();
  expect(difference([row], [{ value: one, _sdc_received_at: 'now' }])).toBeUndefined();
});

test.each<[string, Value, Value]>([
  ['the last of 20 digits', 12345678901234567890n, 12345678901234567891n],
  ['a text and a number', '1', 1],
  ['a microsecond', '2023-04-05T06:07:08.123456Z', '2023-04-05T06:07:08.123457Z'],
  ['the order of an array', [1, 2], [2, 1]],
  ['an empty text and null', '', null],
])('%s makes a difference', (_name, one, other) => {
  expect(difference([{ value: one }], [{ value: other }])).toMatch(
    /^1 rows: 1 missing, such as .*; 1 unexpected, such as /,
  );
});

test('rows may come in any order, but not more or less often', () => {
  expect(difference([{ id: 1 }, { id: 2 }, { id: 1 }], [{ id: 2 }, { id: 1 }, { id: 1 }])).toBeUndefined();
  expect(difference([{ id: 1 }, { id: 1 }], [{ id: 1 }])).toBe('1 rows: 1 missing, such as {"id":1e0}');
});
