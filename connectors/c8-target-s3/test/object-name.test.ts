import { describe, expect, it } from 'vitest';
import { objectNames, streamFolder } from '../c8_target_s3/object-name.ts';

const run = { id: 'run', unit: 'unit', epoch: 1 };
const now = () => Date.UTC(2026, 0, 2, 3, 4, 5, 6);

describe('The name of an object', () => {
  it('has parts of a fixed width', () => {
    const name = objectNames('lake/', run, now);
    expect(name('orders', 1_700_000_000_000, 'parquet')).toMatch(
      /^lake\/orders\/1700000000000-20260102T030405006Z-[0-9a-f]{16}-000001\.parquet$/,
    );
    expect(name('orders', undefined, 'jsonl.gz')).toMatch(
      /^lake\/orders\/0000000000000-20260102T030405006Z-[0-9a-f]{16}-000002\.jsonl\.gz$/,
    );
  });

  it('is unique for three flushes within a millisecond, and they sort in their order', () => {
    const name = objectNames('', run, now);
    const names = [1, 2, 3].map(() => name('s', undefined, 'jsonl'));
    expect(new Set(names).size).toBe(3);
    expect(names.toSorted()).toEqual(names);
  });

  it('is unique for each run, unit and epoch', () => {
    const writers = [
      run,
      { ...run, id: 'other' },
      { ...run, unit: 'other' },
      { ...run, epoch: 2 },
      { ...run, id: 'ru', unit: 'nunit' },
    ];
    expect(new Set(writers.map((writer) => objectNames('', writer, now)('s', 1, 'x'))).size).toBe(5);
  });

  it('sorts by table version first', () => {
    const name = objectNames('', run, now);
    const newer = name('s', 1_700_000_000_001, 'x');
    expect([newer, name('s', 1_700_000_000_000, 'x')].toSorted()[1]).toBe(newer);
  });
});

describe('The folder of a stream', () => {
  it.each([
    ['public-orders', 'public-orders'],
    ["Ab_9.!'()", "Ab_9.!'()"],
    ['a/b', 'a%2Fb'],
    ['a b', 'a%20b'],
    ['100%', '100%25'],
    ['..', '%2E%2E'],
    ['.hidden', '%2Ehidden'],
    ['é', '%C3%A9'],
    ['e\u0301', 'e%CC%81'],
    ['😀', '%F0%9F%98%80'],
    ['\n', '%0A'],
    ['\ud800', '%uD800'],
    ['', '%'],
    ['a~b', 'a%7Eb'],
  ])('of %j is %s', (stream, folder) => {
    expect(streamFolder(stream)).toBe(folder);
  });

  it('differs for names that differ', () => {
    const names = [
      'a/b',
      'a%2Fb',
      'a%252Fb',
      '\ud800',
      '\ud801',
      '\ufffd',
      '',
      '%',
      '.',
      '..',
      'é',
      'e\u0301',
      'A',
      'a',
    ];
    expect(new Set(names.map(streamFolder)).size).toBe(names.length);
  });

  it('of a very long name is cut, and still its own', () => {
    const [one, two] = [streamFolder(`${'é'.repeat(300)}1`), streamFolder(`${'é'.repeat(300)}2`)];
    expect(one.length).toBe(255);
    expect(one).not.toBe(two);
  });
});
