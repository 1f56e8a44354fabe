import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { silentLog } from 'c8connector';
import { describe, expect, it } from 'vitest';
import { S3Target } from '../c8_target_s3/index.ts';
import { objectNames } from '../c8_target_s3/object-name.ts';
import { putObject } from '../c8_target_s3/put-object.ts';
import { integer, list, number, string } from './column-schemas.ts';
import {
  bucketOf,
  failureOf,
  flush,
  keysOf,
  linesOf,
  type Opened,
  records,
  schemaOf,
  statesOf,
  targetOpener,
  textsOf,
} from './harness.ts';
import { query } from './read-back.ts';

const openTarget = targetOpener();
const schema = schemaOf('orders', { id: integer(), country: string(), total: number('numeric(10,2)') }, [
  'id',
  'country',
]);
const lines = [
  '{"id":1,"country":"NZ","total":"1.50"}',
  '{"id":2,"country":null,"total":"2.00"}',
  '{"id":3,"country":"NZ","total":null}',
  '{"id":4,"country":"Zürich/1","total":"12345678.90"}',
  '{"id":5,"total":"5.00"}',
];
const path_template = '{stream}/country={country}';

/** The folders of the objects, each once. */
function foldersOf({ server, bucket }: Opened): string[] {
  return [...new Set(keysOf(server, bucket).map((key) => key.slice(0, key.lastIndexOf('/'))))];
}

function keysBelow({ server, bucket }: Opened, folder: string): string[] {
  return keysOf(server, bucket).filter((key) => key.startsWith(`${folder}/`));
}

const folders = ['orders/country=NZ', 'orders/country=Zürich%2F1', 'orders/country=__HIVE_DEFAULT_PARTITION__'];

describe('Rows go to the folder of their values', () => {
  it('in JSON lines byte for byte, with all their columns', async () => {
    using target = openTarget({ format: 'jsonl', path_template });
    await statesOf(target.config, [schema, records(schema, lines), flush(1)]);
    expect(foldersOf(target)).toEqual(folders);
    const { server, bucket } = target;
    const found = await Promise.all(folders.map((folder) => linesOf(server, bucket, keysBelow(target, folder))));
    const plain = lines.map((line) => line.replace(/"total":"([\d.]+)"/, '"total":$1'));
    expect(found).toEqual([[plain[0], plain[2]], [plain[3]], [plain[1], plain[4]]]);
  });

  it('in CSV without the columns of the path', async () => {
    using target = openTarget({ format: 'csv', path_template });
    await statesOf(target.config, [schema, records(schema, lines), flush(1)]);
    const texts = await textsOf(target.server, target.bucket, keysBelow(target, 'orders'));
    expect(texts.map(({ text }) => text)).toEqual([
      'id,total\r\n1,1.50\r\n3,\r\n',
      'id,total\r\n4,12345678.90\r\n',
      'id,total\r\n2,2.00\r\n5,5.00\r\n',
    ]);
  });

  it('in Parquet without the columns of the path', async () => {
    using target = openTarget({ path_template });
    await statesOf(target.config, [schema, records(schema, lines), flush(1), records(schema, lines), flush(2)]);
    expect(foldersOf(target)).toEqual(folders);
    const sql = 'SELECT * FROM read_parquet({files}) ORDER BY id';
    const found = await query(target.server, target.bucket, sql);
    expect(found.slice(0, 4)).toEqual([
      { id: '1', total: '1.50' },
      { id: '1', total: '1.50' },
      { id: '2', total: '2.00' },
      { id: '2', total: '2.00' },
    ]);
    expect(found).toHaveLength(10);
  });

  it('so that DuckDB takes the columns of the path from there', async () => {
    using target = openTarget({ path_template });
    await statesOf(target.config, [schema, records(schema, lines), flush(1)]);
    const directory = mkdtempSync(join(tmpdir(), 'lake-'));
    for (const key of keysBelow(target, 'orders')) {
      mkdirSync(join(directory, dirname(key)), { recursive: true });
      writeFileSync(join(directory, key), await target.server.read(target.bucket, key));
    }
    const sql = `SELECT id, country FROM read_parquet('${directory}/orders/**/*.parquet', hive_partitioning = true) ORDER BY id`;
    expect(await query(target.server, target.bucket, sql)).toEqual([
      { id: '1', country: 'NZ' },
      { id: '2', country: null },
      { id: '3', country: 'NZ' },
      { id: '4', country: 'Zürich/1' },
      { id: '5', country: null },
    ]);
  });

  it('by the time of extraction in UTC', async () => {
    using target = openTarget({ path_template: '{stream}/{date}/{hour}', format: 'jsonl' });
    await statesOf(target.config, [schema, records(schema, lines), flush(1)]);
    expect(foldersOf(target)).toEqual(['orders/2026-01-01/00']);
  });

  it('by numbers and flags as they are written', async () => {
    using target = openTarget({ path_template: '{stream}/{n}/{ok}', format: 'jsonl' });
    const typed = schemaOf('s', { n: number('numeric(5,2)'), ok: { type: 'boolean' } });
    await statesOf(target.config, [
      typed,
      records(typed, ['{"n":"1.50","ok":true}', '{"n":"-2","ok":false}']),
      flush(1),
    ]);
    expect(foldersOf(target)).toEqual(['s/-2/false', 's/1.50/true']);
  });

  it('and the message about a bad row includes the key even if it is in the path', async () => {
    using target = openTarget({ format: 'csv', path_template, strict: true });
    const bad = records(schema, ['{"id":7,"country":"\\ud800"}']);
    expect(String(await failureOf(target.config, [schema, bad, flush(1)]))).toMatch(/row id=7, country=/);
  });
});

describe('A path_template', () => {
  it('with a column that a stream lacks is an error that names both', async () => {
    using target = openTarget({ path_template: '{stream}/{region}' });
    const error = await failureOf(target.config, [schema, records(schema, lines), flush(1)]);
    expect(error).toMatchObject({ code: 'config_invalid', details: { property: 'path_template', stream: 'orders' } });
    expect(String(error)).toMatch(/orders.*"region"/);
  });

  it('with a column of lists is an error', async () => {
    using target = openTarget({ path_template: '{stream}/{tags}' });
    const tagged = schemaOf('orders', { tags: list(string()) });
    const failure = failureOf(target.config, [tagged, records(tagged, ['{"tags":[]}']), flush(1)]);
    expect(await failure).toMatchObject({ code: 'config_invalid', details: { column: 'tags' } });
  });

  it('with a value that is too long for a path is an error that leaves nothing behind, with strict: true', async () => {
    using target = openTarget({ path_template, format: 'jsonl', strict: true });
    const long = records(schema, [`{"id":1,"country":"${'é'.repeat(400)}"}`]);
    const failure = await failureOf(target.config, [schema, records(schema, lines), long, flush(1)]);
    expect(failure).toMatchObject({ code: 'value_unstorable', details: { stream: 'orders', column: 'country' } });
    expect(keysBelow(target, 'orders')).toEqual([]);
  });
});

describe.each(['jsonl', 'parquet'])('Many folders at once, in %s', (format) => {
  it('lose no row, whichever of them are closed meanwhile', async () => {
    using target = openTarget({ path_template: '{stream}/{country}', format, compression: 'none' });
    const row = (id: number) => `{"id":${id},"country":"c${id % 70}"}`;
    const batches = [0, 1].map((batch) =>
      records(
        schema,
        Array.from({ length: 70 }, (_, index) => row(70 * batch + index)),
      ),
    );
    await statesOf(target.config, [schema, ...batches, flush(1)]);
    expect(foldersOf(target)).toHaveLength(70);
    // With 70 folders in turn, none is still open when its next row comes.
    expect(keysBelow(target, 'orders')).toHaveLength(140);
    if (format === 'parquet') {
      const sql = 'SELECT count(DISTINCT id) AS ids, count(*) AS rows FROM read_parquet({files})';
      expect(await query(target.server, target.bucket, sql)).toEqual([{ ids: '140', rows: '140' }]);
    } else {
      const found = await linesOf(target.server, target.bucket, keysBelow(target, 'orders'));
      expect(new Set(found)).toEqual(new Set(Array.from({ length: 140 }, (_, id) => row(id))));
    }
  });
});

it.each([undefined, ['orders']])(
  'What a killed run left in such folders is deleted by the next one, of the streams %j, and nothing else',
  async (streams) => {
    using target = openTarget({ path_template, format: 'jsonl' });
    await statesOf(target.config, [schema, records(schema, lines), flush(1)], { epoch: 5 });
    const committed = keysOf(target.server, target.bucket);
    using bucket = await bucketOf(target);
    const { signal } = new AbortController();
    const put = async (key: string) => {
      await putObject(bucket, { key, contentType: 'text/plain', metadata: {} }, Buffer.from('{}\n'), signal);
      return key;
    };
    const name = objectNames({ connection: 'connection', unit: 'unit', epoch: 6 }).object;
    await put(name('orders/country=NZ', 1, 'jsonl.gz'));
    await put(name('orders/country=__HIVE_DEFAULT_PARTITION__', 1, 'jsonl.gz'));
    const others = [
      await put(name('orders', 1, 'jsonl.gz')),
      await put(name('dev/orders/country=NZ', 1, 'jsonl.gz')),
      await put(
        objectNames({ connection: 'other', unit: 'unit', epoch: 6 }).object('orders/country=NZ', 1, 'jsonl.gz'),
      ),
      await put('orders/country=NZ/mine.jsonl'),
    ];
    const run = { id: 'next', connection: 'connection', unit: 'unit', epoch: 7, generation: 1 };
    await new S3Target().recover?.({ config: target.config, run, streams, signal, log: silentLog });
    expect(new Set(keysOf(target.server, target.bucket))).toEqual(new Set([...committed, ...others]));
  },
);
