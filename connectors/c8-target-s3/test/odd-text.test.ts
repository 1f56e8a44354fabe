import { describe, expect, it } from 'vitest';
import { flush, linesOf, records, schemaOf, statesOf, targetOpener } from './harness.ts';
import { query } from './read-back.ts';

const openTarget = targetOpener();

describe('Parquet', () => {
  it('accepts a CR between two values, which is whitespace in JSON', async () => {
    using target = openTarget({ format: 'parquet' });
    const schema = schemaOf('s', { id: { type: 'integer' }, t: { type: 'string' } });
    const lines = ['{"id":1,\r"t":"a\\rb"}', '{\r"id"\r:\r2\r}'];
    await statesOf(target.config, [schema, records(schema, lines), flush(1)]);
    const rows = await query(target.server, target.bucket, 'SELECT id, t FROM read_parquet({files}) ORDER BY id');
    expect(rows).toEqual([
      { id: '1', t: 'a\rb' },
      { id: '2', t: null },
    ]);
  });
});

it.each(['jsonl', 'parquet'])('A NUL in the name of a column is accepted by %s', async (format) => {
  using target = openTarget({ format });
  const schema = schemaOf('s', { 'a\u0000b': { type: 'integer' }, c: { type: 'integer' } });
  await statesOf(target.config, [schema, records(schema, ['{"a\\u0000b":1,"c":2}']), flush(1)]);
  if (format === 'jsonl') expect(await linesOf(target.server, target.bucket)).toEqual(['{"a\\u0000b":1,"c":2}']);
  else {
    expect(await query(target.server, target.bucket, 'SELECT c FROM read_parquet({files})')).toEqual([{ c: '2' }]);
    const [{ num_columns: count } = {}] = (await query(
      target.server,
      target.bucket,
      'SELECT count(*) AS num_columns FROM (DESCRIBE SELECT * FROM read_parquet({files}))',
    )) as { num_columns?: unknown }[];
    expect(Number(count)).toBe(2);
  }
});
