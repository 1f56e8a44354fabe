import { expect, it } from 'vitest';
import { nearest } from '../../src/config/nearest.ts';

const streams = ['public-orders', 'public-order_items', 'public-customers', 'sales-orders'];

it.each([
  ['passwrod', ['user', 'password'], 'password'],
  ['Host', ['port', 'host'], 'host'],
  ['ssl-mode', ['ssl_mode', 'ssl_root'], 'ssl_mode'],
  ['prot', ['host', 'port'], 'port'],
  ['public-ordrs', streams, 'public-orders'],
  ['public.orders', streams, 'public-orders'],
  ['customers', streams, 'public-customers'],
  ['orders', streams, undefined],
  ['invoices', streams, undefined],
  ['', streams, undefined],
  ['a', ['b', 'c'], undefined],
  ['x', [], undefined],
])('the nearest to %j of %j is %j', (word, candidates, expected) => {
  expect(nearest(word, candidates)).toBe(expected);
});

it('the nearer of two candidates wins', () => {
  expect(nearest('buckt', ['budget', 'bucket'])).toBe('bucket');
});
