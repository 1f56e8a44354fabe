import { Batch, type ColumnValues } from 'c8connector';
import { describe, expect, it } from 'vitest';
import { dateTime, integer, list, number, string } from './column-schemas.ts';
import { type Columns, failureOf, flush, keysOf, records, schemaOf, spools, targetOpener } from './harness.ts';

const openTarget = targetOpener();

describe('A value that Parquet cannot hold, with strict: true,', () => {
  const unstorable: readonly (readonly [what: string, schema: Columns[string], json: string])[] = [
    ['an integer with a fraction', integer(), '1.5'],
    ['an integer over the bits of its column', integer(0, 255), '32768'],
    ['an integer under the bits of its column', integer(-128, 127), '-129'],
    ['an integer over 32 bits', integer(0, 70_000), '2147483648'],
    ['an integer over 20 digits', integer(0, 2 ** 64), '100000000000000000000'],
    ['an integer over 64 bits', integer(), '9223372036854775808'],
    ['a text in an integer', integer(), '"one"'],
    ['a hexadecimal text in an integer', integer(), '"0x10"'],
    ['a boolean that is a number', { type: 'boolean' }, '1'],
    ['a boolean that is a word', { type: 'boolean' }, '"yes"'],
    ['a decimal that would be rounded', number('numeric(10,2)'), '"1.239"'],
    ['a decimal that is too large', number('numeric(4,2)'), '"123.45"'],
    ['a decimal with an exponent that would be rounded', number('numeric(10,2)'), '"1e-7"'],
    ['a decimal that is NaN', number('numeric(10,2)'), '"NaN"'],
    ['a double that is too large', { type: 'number' }, '1e400'],
    ['a double that is a boolean', { type: 'number' }, 'true'],
    ['a real that is too large', number('real'), '1e39'],
    ['a date of zeros', string({ format: 'date' }), '"0000-00-00"'],
    ['the 30th of February', string({ format: 'date' }), '"2021-02-30"'],
    ['a date before Christ', string({ format: 'date' }), '"0044-03-15 BC"'],
    ['a date with a time', string({ format: 'date' }), '"2021-02-03T04:05:06Z"'],
    ['a date with something after it', string({ format: 'date' }), '"2021-02-03 ?"'],
    ['an infinite date', string({ format: 'date' }), '"infinity"'],
    ['24:00:00', string({ format: 'time' }), '"24:00:00"'],
    ['a time with an offset', string({ format: 'time' }), '"12:00:00+02:00"'],
    ['a time with nanoseconds', string({ format: 'time' }), '"12:00:00.123456789"'],
    ['the 60th second of a time', string({ format: 'time' }), '"12:00:60"'],
    ['the 60th second of a timestamp', dateTime('timestamptz'), '"2016-12-31T23:59:60Z"'],
    ['a timestamp of zeros', dateTime('timestamp'), '"0000-00-00T00:00:00+00:00"'],
    ['a timestamp before Christ', dateTime('timestamptz'), '"0044-03-15T00:00:00+00:00 BC"'],
    ['an infinite timestamp', dateTime('timestamptz'), '"infinity"'],
    ['a timestamp with nanoseconds', dateTime('timestamp'), '"2023-04-05T06:07:08.123456789Z"'],
    ['a timestamp with seven digits', dateTime('timestamp'), '"2023-04-05T06:07:08.1234567+00:00"'],
    ['a timestamp with a name of a zone', dateTime('timestamptz'), '"2023-04-05T06:07:08 Europe/Berlin"'],
    ['bytes that are not base64', string({ contentEncoding: 'base64' }), '"a-_b"'],
    ['a list that is deeper than its column', list(string()), '[["a"]]'],
    ['a list of numbers that is deeper than its column', list(integer()), '[[1]]'],
    ['a list that is flatter than its column', list(list(integer())), '[1]'],
    ['a value that is not a list in a column of lists', list(integer()), '5'],
    ['a list with an item that does not fit', list(integer(0, 255)), '[1,32768]'],
    ['a list with an item that would be rounded', list(integer()), '[1.5]'],
    ['half of a surrogate pair', string(), String.raw`"x\ud800y"`],
    ['half of a surrogate pair in a list', list(string()), String.raw`["\udc00"]`],
  ];

  it.each(unstorable)(
    'refuses %s, naming stream, key and column, and keeps nothing of the flush',
    async (_, schema, json) => {
      using target = openTarget({ time_type: 'time', strict: true });
      const before = spools();
      const message = schemaOf('public-t', { id: integer(), 'the value': schema }, ['id']);
      const other = schemaOf('other', { id: integer() });
      const failure = await failureOf(target.config, [
        other,
        records(other, ['{"id":1}']),
        message,
        records(message, ['{"id":1,"the value":null}', `{"id":7,"the value":${json}}`, '{"id":8}']),
        flush(1),
      ]);
      expect(failure).toMatchObject({
        name: 'DataError',
        code: 'value_unstorable',
        details: { stream: 'public-t', column: 'the value', key: 'id=7' },
      });
      expect(String(failure)).toMatch(/public-t.*the value.*id=7/);
      expect(keysOf(target.server, target.bucket)).toEqual([]);
      expect(spools()).toEqual(before);
    },
  );

  it('names the stream and column for a row without a key', async () => {
    using target = openTarget({ strict: true });
    const schema = schemaOf('s', { a: integer() });
    const failure = await failureOf(target.config, [schema, records(schema, ['{"a":1.5}']), flush(1)]);
    expect(String(failure)).toMatch(
      /Stream s: the column "a" of a row .*no key.* has 1\.5, which is not an integer of 64 bits/,
    );
  });

  it.each<[string, Columns[string], (bytes: Uint8Array<ArrayBuffer>) => ColumnValues]>([
    ['a text', string(), (bytes) => ({ kind: 'bytes', bytes, ends: Int32Array.of(1, bytes.length, bytes.length) })],
    [
      'an item of a list',
      list(string()),
      (bytes) => ({
        kind: 'list',
        ends: Int32Array.of(1, 3, 3),
        items: { kind: 'bytes', bytes, ends: Int32Array.of(1, 2, bytes.length) },
      }),
    ],
  ])('refuses %s of more than 256 MB, naming stream, key and column', async (_, schema, valuesOf) => {
    using target = openTarget();
    const message = schemaOf('public-t', { id: integer(), large: schema }, ['id']);
    const header = { stream: 'public-t', schema: message.schema, extractedAt: '2026-01-01T00:00:00Z' };
    const ids: ColumnValues = { kind: 'int64', values: Int32Array.of(6, 0, 7, 0, 8, 0) };
    // Zeros that are never read need no memory.
    const columns = [ids, valuesOf(new Uint8Array(256 * 1024 * 1024 + 3))];
    const batch = Batch.ofColumns({ ...header, exact: 'number' }, columns, 3);
    const failure = await failureOf(target.config, [message, batch, flush(1)]);
    expect(failure).toMatchObject({
      code: 'value_too_large',
      details: { stream: 'public-t', column: 'large', key: 'id=7' },
    });
    expect(String(failure)).toContain('a value of 269 MB, which is not one of at most 268435456 bytes');
    expect(keysOf(target.server, target.bucket)).toEqual([]);
  });

  it.each([
    [list(integer()), '[[1]]', 'arrays: json'],
    [string({ 'x-c8-type': 'time' }), '"24:00:00"', 'time_type to text'],
  ])('names the setting to change: %j %s %s', async (schema, json, setting) => {
    await using target = await openTarget({ time_type: 'time', strict: true });
    const message = schemaOf('s', { a: schema });
    const failure = await failureOf(target.config, [message, records(message, [`{"a":${json}}`]), flush(1)]);
    expect(failure).toMatchObject({ details: { column: 'a' }, remedy: expect.stringContaining(setting) });
  });
});
