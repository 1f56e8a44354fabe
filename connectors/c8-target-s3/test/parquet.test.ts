import { describe, expect, it } from 'vitest';
import { integer, list, number, string } from './column-schemas.ts';
import { failureOf, flush, keysOf, records, schemaOf, statesOf, targetOpener } from './harness.ts';
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

  it('renames columns that readers would confuse, and logs that once', async () => {
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
      [expect.stringContaining('renamed in Parquet'), { stream: 's', names: { A: 'A_3', '': '_' } }],
    ]);
  });

  it('does not change names with quotes, dots and spaces', async () => {
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

  it('has the whole rows of a schema without columns in one column, with all digits', async () => {
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

  it('refuses a stream of 100,000 columns by name, and takes one of 2,000', async () => {
    using target = openTarget();
    const of = (count: number) =>
      schemaOf('wide', Object.fromEntries(Array.from({ length: count }, (_, index) => [`c${index}`, integer()])));
    const failure = await failureOf(target.config, [of(100_000), records(of(100_000), ['{"c0":1}']), flush(1)]);
    expect(failure).toMatchObject({ code: 'schema_invalid', details: { stream: 'wide' } });
    expect(String(failure)).toMatch(/100000 columns.*20000/);
    await statesOf(target.config, [of(2000), records(of(2000), ['{"c0":1,"c1999":2}']), flush(1)]);
    expect(await query(target.server, target.bucket, 'SELECT c0, c1999 FROM read_parquet({files})')).toEqual([
      { c0: '1', c1999: '2' },
    ]);
  });

  it('writes one object per stream and flush, however its rows are buffered, and another one once that is full', async () => {
    using target = openTarget({ compression: 'none' });
    const streams = ['a', 'b', 'c', 'd'].map((name) => schemaOf(name, { id: integer(), t: string() }, ['id']));
    const lines = (from: number) =>
      Array.from({ length: 1000 }, (_, index) => `{"id":${from + index},"t":"${String(from + index).repeat(100)}"}`);
    const parts = Array.from({ length: 12 }, (_, part) => part * 1000);
    const batches = parts.flatMap((from) => streams.map((schema) => records(schema, lines(from))));
    await statesOf(target.config, [...streams, ...batches, flush(1)]);
    expect(keysOf(target.server, target.bucket)).toHaveLength(4);
    const counts = 'SELECT count(*)::INT AS n, count(DISTINCT id)::INT AS d FROM read_parquet({files})';
    expect(await query(target.server, target.bucket, counts)).toEqual([{ n: 48_000, d: 12_000 }]);
    using small = openTarget({ compression: 'none', file_bytes: 100_000 });
    const [first] = streams;
    if (first === undefined) throw new Error('no stream');
    await statesOf(small.config, [first, ...parts.map((from) => records(first, lines(from))), flush(1)]);
    expect(keysOf(small.server, small.bucket).length).toBeGreaterThan(1);
    expect(await query(small.server, small.bucket, counts)).toEqual([{ n: 12_000, d: 12_000 }]);
  });

  it('also begins another object for small objects, which are encoded in memory', async () => {
    using target = openTarget({ compression: 'none', file_bytes: 20_000 });
    const schema = schemaOf('s', { id: integer(), t: string() }, ['id']);
    const batches = Array.from({ length: 20 }, (_, part) =>
      records(
        schema,
        Array.from({ length: 100 }, (_, index) => `{"id":${part * 100 + index},"t":"${'x'.repeat(400)}"}`),
      ),
    );
    await statesOf(target.config, [schema, ...batches, flush(1)]);
    expect(keysOf(target.server, target.bucket).length).toBeGreaterThan(5);
    const counts = 'SELECT count(*)::INT AS n, count(DISTINCT id)::INT AS d FROM read_parquet({files})';
    expect(await query(target.server, target.bucket, counts)).toEqual([{ n: 2000, d: 2000 }]);
  });

  it('stores each value in its own column when a repeated SCHEMA has its columns in another order', async () => {
    using target = openTarget();
    const one = schemaOf('s', { id: integer(), a: string(), b: string() }, ['id']);
    const other = schemaOf('s', { id: integer(), b: string(), a: string() }, ['id']);
    await statesOf(target.config, [
      one,
      records(one, ['{"id":1,"a":"A","b":"B"}']),
      other,
      records(other, ['{"id":2,"b":"B","a":"A"}']),
      flush(1),
    ]);
    const sql = 'SELECT id, a, b FROM read_parquet({files}, union_by_name = true) ORDER BY id';
    expect(await query(target.server, target.bucket, sql)).toEqual([
      { id: '1', a: 'A', b: 'B' },
      { id: '2', a: 'A', b: 'B' },
    ]);
  });

  it('stores the same whether rows are buffered in memory, encoded as they arrive, or buffered on disk', async () => {
    using target = openTarget();
    const json = { 'x-c8-type': 'json' };
    const streams = ['a', 'b', 'c', 'd'].map((name) =>
      schemaOf(name, { id: integer(), j: json, x: number('real') }, ['id']),
    );
    const free = schemaOf('free', {}, []);
    const odd = ['{"b":1,"2":2,"1":3,"b":1.10}', '"\\u00e9\\/"', '{ "a" : 1.0e2 }', 'null', '"\\ud800"'];
    const lines = Array.from({ length: 2500 }, (_, id) => `{"id":${id},"j":${odd[id % odd.length]},"x":-0.0}`);
    const wide = lines.map((line, id) => line.replace(/}$/, `,"pad":"${String(id).repeat(200)}"}`));
    const padded = streams.map((schema) =>
      schemaOf(schema.stream, { ...schema.schema.properties, pad: string() }, ['id']),
    );
    const parts = [0, 1, 2].flatMap((part) => [
      ...padded.map((schema) => records(schema, wide.slice(part * 800, part * 800 + 800))),
      records(free, wide.slice(part * 800, part * 800 + 800)),
    ]);
    await statesOf(target.config, [...padded, free, ...parts, flush(1)]);
    const files = await query(target.server, target.bucket, 'SELECT len({files}) AS n');
    expect(files).toEqual([{ n: '5' }]);
    const sums = await query(
      target.server,
      target.bucket,
      "SELECT filename, count(*)::INT AS n, count(j)::INT AS j, md5(string_agg(j || x::VARCHAR, ',' ORDER BY id)) AS sum FROM read_parquet({files}, filename = true, union_by_name = true) WHERE id IS NOT NULL GROUP BY filename",
    );
    const same = sums.map((row) => ({ ...(row as object), filename: '' }));
    expect(same).toHaveLength(4);
    expect(new Set(same.map((row) => JSON.stringify(row))).size).toBe(1);
    expect(same[0]).toMatchObject({ n: 2400, j: 1920 });
    const whole = 'SELECT count(_record)::INT AS n FROM read_parquet({files}, union_by_name = true)';
    expect(await query(target.server, target.bucket, whole)).toEqual([{ n: 2400 }]);
  });
});
