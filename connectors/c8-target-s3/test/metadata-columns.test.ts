import { describe, expect, it } from 'vitest';
import { integer, string } from './column-schemas.ts';
import { flush, keysOf, linesOf, records, schemaOf, statesOf, targetOpener, textsOf } from './harness.ts';
import { query } from './read-back.ts';

const openTarget = targetOpener();
const schema = schemaOf('orders', { id: integer(), note: string() });
const version = 1_700_000_000_000;
const more = '"_sdc_extracted_at":"2026-01-01T00:00:00.000000Z","_sdc_table_version"';
const messages = [
  schema,
  records(schema, ['{"id":1,"note":"}"}', '{}'], version),
  records(schema, ['{"id":2}']),
  flush(1),
];

describe('Metadata columns', () => {
  it('are at the end of each row in JSON lines', async () => {
    using target = openTarget({ format: 'jsonl', add_metadata_columns: true });
    await statesOf(target.config, messages);
    expect(new Set(await linesOf(target.server, target.bucket))).toEqual(
      new Set([`{"id":1,"note":"}",${more}:${version}}`, `{"id":2,${more}:null}`, `{${more}:${version}}`]),
    );
  });

  it('are typed in Parquet', async () => {
    using target = openTarget({ add_metadata_columns: true });
    await statesOf(target.config, messages);
    const sql =
      'SELECT id, typeof(_sdc_extracted_at) AS type, _sdc_table_version AS version FROM read_parquet({files}) ORDER BY id';
    const type = 'TIMESTAMP WITH TIME ZONE';
    expect(await query(target.server, target.bucket, sql)).toEqual([
      { id: '1', type, version: String(version) },
      { id: '2', type, version: null },
      { id: null, type, version: String(version) },
    ]);
  });

  it('replace no column that the stream already has', async () => {
    using target = openTarget({ format: 'csv', compression: 'none', add_metadata_columns: true });
    const own = schemaOf('orders', { _sdc_extracted_at: string(), id: integer() });
    await statesOf(target.config, [own, records(own, ['{"_sdc_extracted_at":"mine","id":1}'], 7), flush(1)]);
    const [first] = await textsOf(target.server, target.bucket);
    expect(first?.text).toBe('_sdc_extracted_at,id,_sdc_table_version\r\nmine,1,7\r\n');
  });

  it('can be a part of the path', async () => {
    const path_template = '{stream}/version={_sdc_table_version}';
    using target = openTarget({ format: 'csv', compression: 'none', add_metadata_columns: true, path_template });
    await statesOf(target.config, [schema, records(schema, ['{"id":1}'], version), flush(1)]);
    const [key] = keysOf(target.server, target.bucket);
    expect(key).toMatch(/^orders\/version=1700000000000\//);
  });

  it('are also in rows of a stream without columns, and only if the config asks for them', async () => {
    const free = schemaOf('free', {});
    using target = openTarget({ format: 'jsonl', add_metadata_columns: true });
    await statesOf(target.config, [free, records(free, ['{"a":1}']), flush(1)]);
    const lines = async () => {
      return await linesOf(target.server, target.bucket);
    };
    expect(await lines()).toEqual([`{"a":1,${more}:null}`]);
    await statesOf({ ...target.config, add_metadata_columns: false }, [free, records(free, ['{"a":2}']), flush(1)]);
    expect(await lines()).toContain('{"a":2}');
  });
});
