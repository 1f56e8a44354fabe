import { expect, test, vi } from 'vitest';
import { Decimal } from '../../src/interface/value.ts';

test('a Decimal of another copy of the package is a Decimal', async () => {
  vi.resetModules();
  const other = await import('../../src/interface/value.ts');
  expect(other.Decimal).not.toBe(Decimal);
  expect(new other.Decimal('1.50')).toBeInstanceOf(Decimal);
  expect(new Date()).not.toBeInstanceOf(Decimal);
});
