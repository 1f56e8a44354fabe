import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { objectNames, readObjectName, segment, streamFolder } from '../c8_target_s3/object-name.ts';

const connection = '0b0c1f3e-9a51-4f0e-8d53-1c2d3e4f5a6b';
const writer = { connection, unit: 'orders/copy/0', epoch: 1_700_000_000_001 };

describe('The name of an object', () => {
  it('has version, epoch, sequence, connection and unit', () => {
    const name = objectNames(writer).object;
    expect(name('orders', 1_700_000_000_000, 'parquet')).toBe(
      `orders/1700000000000-1700000000001-000000001-${connection}-orders%2Fcopy%2F0.parquet`,
    );
    expect(name('orders', undefined, 'jsonl.gz')).toBe(
      `orders/0000000000000-1700000000001-000000002-${connection}-orders%2Fcopy%2F0.jsonl.gz`,
    );
  });

  it('is always the same for the same writer', () => {
    const [one, other] = [objectNames(writer).object, objectNames({ ...writer }).object];
    expect(one('s', 1, 'jsonl')).toBe(other('s', 1, 'jsonl'));
  });

  it('is unique for each connection, unit and epoch', () => {
    const writers = [
      writer,
      { ...writer, connection: randomUUID() },
      { ...writer, connection: 'no-uuid' },
      { ...writer, unit: 'orders/copy/1' },
      { ...writer, epoch: 2 },
    ];
    expect(new Set(writers.map((each) => objectNames(each).object('s', 1, 'x'))).size).toBe(5);
  });

  it('sorts by version, then by epoch, then in the order of the writes', () => {
    const older = objectNames({ ...writer, unit: 'z', epoch: 999 }).object;
    const newer = objectNames({ ...writer, unit: 'a', epoch: 1_000 }).object;
    const names = [older('s', 5, 'x'), older('s', 5, 'x'), newer('s', 5, 'x'), older('s', 6, 'x')];
    expect(names.toSorted()).toEqual(names);
  });

  it.each([writer.unit, 'log', 'a.b-c/d', 'ü/x', `${'long'.repeat(100)}/copy/0`])(
    'can be read back for the unit %s',
    (unit) => {
      for (const id of [connection, 'another id'])
        expect(
          readObjectName(objectNames({ connection: id, unit, epoch: 7 }).object('a%2Fb/2026', 5, 'jsonl.gz')),
        ).toMatchObject({
          folder: 'a%2Fb/2026',
          version: 5,
          epoch: 7,
          sequence: 1,
          unit: segment(unit),
        });
    },
  );

  it('of an earlier release, or of something else, is not recognized', () => {
    const own = objectNames(writer).object('orders', 1, 'parquet');
    const others = [
      'orders/1700000000000-20260102T030405006Z-9f86d081884c7d65-000001.parquet',
      own.replace('orders/', ''),
      own.replace('.parquet', ''),
      'orders/data.parquet',
    ];
    expect(others.map(readObjectName)).toEqual(others.map(() => undefined));
  });

  it('fits into the 255 bytes of a file name', () => {
    const name = objectNames({ ...writer, unit: 'é'.repeat(500) }).object('s', 1, 'jsonl.gz');
    expect((name.split('/')[1] ?? '').length).toBeLessThanOrEqual(255);
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
    ['_c8', '%5Fc8'],
  ])('of %j is %s', (stream, folder) => {
    expect(streamFolder(stream)).toBe(folder);
  });

  it('differs for different names', () => {
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

  it('of a very long name is shortened, and still unique', () => {
    const [one, two] = [streamFolder(`${'é'.repeat(300)}1`), streamFolder(`${'é'.repeat(300)}2`)];
    expect(one.length).toBe(255);
    expect(one).not.toBe(two);
  });
});
