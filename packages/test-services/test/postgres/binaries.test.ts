import { expect, it } from 'vitest';
import { findBinaries, UnsupportedPlatform } from '../../src/postgres/binaries.ts';

it('reports in one sentence that there is no PostgreSQL for a platform', () => {
  expect(() => findBinaries('sunos-x64')).toThrow(UnsupportedPlatform);
  expect(() => findBinaries('sunos-x64')).toThrow(/^No PostgreSQL server for sunos-x64 is installed \(.*\)\.$/);
  expect(new UnsupportedPlatform('sunos-x64').code).toBe('UnsupportedPlatform');
});
