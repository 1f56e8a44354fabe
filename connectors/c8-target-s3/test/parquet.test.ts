import { describe, expect, it } from 'vitest';
import { integer, list, number, string } from './column-schemas.ts';
import { flush, records, schemaOf, statesOf, targetOpener } from './harness.ts';
import { query } from './read-back.ts';

const openTarget = targetOpener();

describe('Parquet', () => {
  it('has the same schema in a file whose columns are all null', async () => {
    using target = openTarget();
    const schema = schemaOf('s', { a: integer(0, 9), b: list(string({ format: 'date' })), c: number('numeric(5,2)') });
    await statesOf(target.config, [
      schema,
      records(schema, ['{"a":1,"b":["2024-01-01"],"c":"1.00"}']),
      flush(1),
      records(schema, ['{}']),
      flush(2),
    ]);
    const files = await query(
      target.server,
      target.bucket,
      "SELECT string_agg(concat_ws(' ', name, type, converted_type, precision, scale), ', ') AS s FROM parquet_schema({files}) GROUP BY file_name",
    );
    expect(files).toHaveLength(2);
    expect(files[0]).toEqual(files[1]);
  });

  it('renames columns that readers would confuse, and says so once', async () => {
    using target = openTarget();
    const warnings: unknown[] = [];
    const log = { debug() {}, info() {}, error() {}, warn: (...warning: unknown[]) => void warnings.push(warning) };
    const schema = schemaOf('s', {
      a: integer(),
      A: string(),
      '': string(),
      't~/k': string(),
      'q"\'': list(integer()),
      a_2: integer(),
    });
    const line = `{"a":1,"A":"x","":"empty","t~/k":"slash","q\\"'":[1,null],"a_2":5}`;
    await statesOf(
      target.config,
      [schema, records(schema, [line]), flush(1), records(schema, ['{"a":null,"q\\"\'":null}']), flush(2)],
      { log },
    );
    const rows = await query(target.server, target.bucket, 'SELECT * FROM read_parquet({files}) ORDER BY a');
    expect(rows).toEqual([
      { a: '1', A_3: 'x', _: 'empty', 't~/k': 'slash', 'q"\'': ['1', null], a_2: '5' },
      { a: null, A_3: null, _: null, 't~/k': null, 'q"\'': null, a_2: null },
    ]);
    expect(warnings).toEqual([
      [expect.stringContaining('another name'), { stream: 's', names: { A: 'A_3', '': '_' } }],
    ]);
  });

  it('takes names with quotes, dots and spaces as they are', async () => {
    using target = openTarget();
    const schema = schemaOf('s', { 'it\'s "q"': string(), 'a.b c': string(), $x: integer(), '*': integer() });
    await statesOf(target.config, [
      schema,
      records(schema, ['{"it\'s \\"q\\"":"1","a.b c":"2","$x":3,"*":4}']),
      flush(1),
    ]);
    const rows = await query(target.server, target.bucket, 'SELECT * FROM read_parquet({files})');
    expect(rows).toEqual([{ 'it\'s "q"': '1', 'a.b c': '2', $x: '3', '*': '4' }]);
  });

  it('holds the rows of a schema without columns whole, digit by digit', async () => {
    using target = openTarget();
    const schema = schemaOf('s', {});
    const lines = ['{"a":3.50,"n":12345678901234567890.120}', '{}', String.raw`{"b":"x,y\"z\n"}`];
    await statesOf(target.config, [schema, records(schema, lines), flush(1)]);
    const rows = await query(
      target.server,
      target.bucket,
      'SELECT _record FROM read_parquet({files}) ORDER BY length(_record)',
    );
    expect(rows).toEqual([lines[1], lines[2], lines[0]].map((_record) => ({ _record })));
  });

  it('holds a text of 20 MB', async () => {
    using target = openTarget();
    const schema = schemaOf('s', { a: string() });
    await statesOf(target.config, [
      schema,
      records(schema, [`{"a":"${'x'.repeat(20_000_000)}"}`, '{"a":"y"}']),
      flush(1),
    ]);
    const rows = await query(
      target.server,
      target.bucket,
      'SELECT length(a) AS n FROM read_parquet({files}) ORDER BY n',
    );
    expect(rows).toEqual([{ n: '1' }, { n: '20000000' }]);
  });

  it.each([
    ['none', 'UNCOMPRESSED'],
    ['gzip', 'GZIP'],
    ['snappy', 'SNAPPY'],
    ['zstd', 'ZSTD'],
    [undefined, 'ZSTD'],
  ])('compresses with %s', async (compression, codec) => {
    using target = openTarget({ compression });
    const schema = schemaOf('s', { a: string() });
    await statesOf(target.config, [schema, records(schema, [`{"a":"${'x'.repeat(1000)}"}`]), flush(1)]);
    expect(await query(target.server, target.bucket, 'SELECT compression FROM parquet_metadata({files})')).toEqual([
      { compression: codec },
    ]);
  });
});
