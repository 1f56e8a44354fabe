import { expect, it } from 'vitest';
import { createMask } from '../../src/config/mask.ts';
import { maskValue } from '../../src/config/mask-value.ts';
import { Secret } from '../../src/config/secret.ts';
import { Decimal } from '../../src/interface/value.ts';

const mask = createMask(['hunter22', '12345678']);

it('masks texts, keys and numbers at any depth, and keeps the rest', () => {
  const value = { a: ['x hunter22', { hunter22: true }], b: 12_345_678, c: 1.5, d: null, e: undefined, f: 7n };
  expect(maskValue(value, mask)).toEqual({
    a: ['x [secret]', { '[secret]': true }],
    b: '[secret]',
    c: 1.5,
    d: null,
    e: undefined,
    f: '7',
  });
});

it('turns objects of other kinds into what JSON can hold', () => {
  const value = {
    secret: new Secret('hunter22'),
    decimal: new Decimal('1.50'),
    date: new Date(0),
    url: new URL('postgres://me:hunter22@host/db'),
    bytes: Buffer.from('hunter22'),
    map: new Map([['k', 'hunter22']]),
    set: new Set(['hunter22']),
    call: () => 'hunter22',
  };
  expect(maskValue(value, mask)).toEqual({
    secret: '[secret]',
    decimal: '1.50',
    date: '1970-01-01T00:00:00.000Z',
    url: 'postgres://me:[secret]@host/db',
    bytes: '[8 bytes]',
    map: [['k', '[secret]']],
    set: ['[secret]'],
  });
});

it('masks an error, its cause and its properties', () => {
  const cause = Object.assign(new Error('login hunter22'), { code: '28P01', config: { password: 'hunter22' } });
  const error = new AggregateError([new Error('one hunter22')], 'all hunter22', { cause });
  const masked = maskValue(error, mask);
  expect(JSON.stringify(masked)).not.toContain('hunter22');
  expect(masked).toMatchObject({
    name: 'AggregateError',
    message: 'all [secret]',
    errors: [{ message: 'one [secret]' }],
    cause: { name: 'Error', message: 'login [secret]', code: '28P01', config: { password: '[secret]' } },
  });
});

it('ends at circular references, at great depth and at objects that cannot be read', () => {
  const circle: Record<string, unknown> = { name: 'a' };
  circle.self = circle;
  circle.twice = [[1], [1]];
  expect(maskValue(circle, mask)).toEqual({ name: 'a', self: '[circular]', twice: [[1], [1]] });
  let deep: unknown = 'end';
  for (let level = 0; level < 50; level++) deep = { deep };
  expect(JSON.stringify(maskValue(deep, mask))).toContain('[too deep]');
  const broken = {
    get a(): string {
      throw new Error('hunter22');
    },
  };
  expect(maskValue({ broken }, mask)).toEqual({ broken: '[unreadable]' });
});

it('never changes what it is given', () => {
  const value = Object.freeze({ a: Object.freeze(['hunter22']) });
  maskValue(value, mask);
  expect(value).toEqual({ a: ['hunter22'] });
});
