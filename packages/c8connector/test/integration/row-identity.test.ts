import { expect, test } from 'vitest';
import { Decimal } from '../../src/index.ts';
import { rowIdentity } from '../../src/integration/row-identity.ts';

test('a key identifies its row, whatever else the row has and however often it comes', () => {
  const { of } = rowIdentity(['region', 'id']);
  const named = of({ id: 9007199254740993n, region: 'north', name: 'a' });
  expect(named).toBe('["north",9007199254740993]');
  expect(of({ id: 9007199254740993n, region: 'north', name: 'b' })).toBe(named);
});

test('keys of different types are different', () => {
  const { of } = rowIdentity(['id']);
  const names = [of({ id: 1 }), of({ id: '1' }), of({ id: new Decimal('1.0') }), of({ id: null }), of({})];
  expect(new Set(names).size).toBe(4);
});

test('equal rows without a key are counted separately', () => {
  const { of } = rowIdentity([]);
  const [a1, b1, a2] = [of({ name: 'a' }), of({ name: 'b' }), of({ name: 'a' })];
  expect([a1.endsWith('#1'), b1.endsWith('#1'), a2.endsWith('#2')]).toEqual([true, true, true]);
  expect(a2.split('#')[0]).toBe(a1.split('#')[0]);
  expect(b1.split('#')[0]).not.toBe(a1.split('#')[0]);
});

test('after a boundary rows without a key are counted again', () => {
  const { of, markBoundary } = rowIdentity([]);
  const first = of({ name: 'a' });
  of({ name: 'a' });
  markBoundary();
  expect(of({ name: 'a' })).toBe(first);
});
