import { silentLog } from 'c8connector';
import { describe, expect, it } from 'vitest';
import { S3Target } from '../c8_target_s3/index.ts';
import { integer, number, string } from './column-schemas.ts';
import { failureOf, flush, type Opened, records, schemaOf, statesOf, targetOpener, textsOf } from './harness.ts';

const openTarget = targetOpener();
const perRecord = { format: 'json', object_per_record: true };
const schema = schemaOf('orders', { id: integer(), note: string(), total: number('numeric(40,2)') }, ['id']);
const logged = schemaOf(
  'orders',
  { id: integer(), note: string(), total: integer(), _sdc_deleted_at: string(), _sdc_sequence: integer() },
  ['id'],
);

/** The content of all objects by their names in the folder of the stream. */
async function rowsOf({ server, bucket }: Opened): Promise<Record<string, unknown>> {
  const texts = await textsOf(server, bucket);
  return Object.fromEntries(texts.map(({ key, text }) => [key.replace('orders/', ''), text]));
}

const row = (id: number, note: string, sequence: number) =>
  `{"id":${id},"note":"${note}","total":1,"_sdc_deleted_at":null,"_sdc_sequence":${sequence}}`;
const change = (id: number, note: string, sequence: number) =>
  `{"id":${id},"note":"${note}","_sdc_deleted_at":null,"_sdc_sequence":${sequence}}`;
const deletion = (id: number, sequence: number) =>
  `{"id":${id},"_sdc_deleted_at":"2026-01-01T00:00:00Z","_sdc_sequence":${sequence}}`;

describe('An object for each row', () => {
  it('is named by the key, and holds the row byte for byte', async () => {
    using target = openTarget({ ...perRecord, prefix: 'dev' });
    const line = '{"id":1,"note":"é","total":12345678901234567890123456789.10}';
    await statesOf(target.config, [schema, records(schema, [line]), flush(1)]);
    const [object] = await textsOf(target.server, target.bucket);
    expect(object).toEqual({ key: 'dev/orders/1.json', text: line });
  });

  it('holds the last row of a key, of one flush and of several', async () => {
    using target = openTarget(perRecord);
    const first = records(schema, [
      '{"id":1,"note":"a","total":1}',
      '{"id":2,"note":"b","total":1}',
      '{"id":1,"note":"c","total":1}',
    ]);
    const second = records(schema, ['{"id":2,"note":"d","total":1}']);
    expect(await statesOf(target.config, [schema, first, flush(1), second, flush(2)])).toEqual([
      flush(1).state,
      flush(2).state,
    ]);
    expect(await rowsOf(target)).toEqual({
      '1.json': '{"id":1,"note":"c","total":1}',
      '2.json': '{"id":2,"note":"d","total":1}',
    });
  });

  it('has a name that no other key has, and stays within its folder', async () => {
    using target = openTarget(perRecord);
    const keyed = schemaOf('orders', { a: string(), b: string() }, ['a', 'b']);
    const keys = [
      ['x/y', 'z'],
      ['x', 'y/z'],
      ['', ''],
      ['a,b', 'c'],
      ['a', 'b,c'],
      ['..', '.'],
      ['q'.repeat(400), 'r'.repeat(400)],
    ];
    const lines = keys.map(([a, b]) => JSON.stringify({ a, b }));
    await statesOf(target.config, [keyed, records(keyed, lines), flush(1)]);
    const found = await rowsOf(target);
    expect(new Set(Object.values(found))).toEqual(new Set(lines));
    expect(Object.keys(found).filter((name) => name.includes('/') || name.startsWith('.'))).toEqual([]);
  });

  it('keeps the columns that a change does not contain, from the object or the same flush', async () => {
    using target = openTarget(perRecord);
    const messages = [
      logged,
      records(logged, [row(1, 'a', 1), row(2, 'b', 2), change(2, 'c', 3)]),
      flush(1),
      records(logged, [change(1, 'd', 4)]),
      flush(2),
    ];
    await statesOf(target.config, messages);
    expect(await rowsOf(target)).toEqual({ '1.json': row(1, 'd', 4), '2.json': row(2, 'c', 3) });
  });

  it('is deleted with its row, and created again with it', async () => {
    using target = openTarget(perRecord);
    const begin = [logged, records(logged, [row(1, 'a', 1), row(2, 'b', 2), row(3, 'c', 3)]), flush(1)];
    const later = [records(logged, [deletion(1, 4), deletion(2, 5), row(2, 'again', 6), deletion(9, 7)]), flush(2)];
    await statesOf(target.config, [...begin, ...later]);
    expect(await rowsOf(target)).toEqual({ '2.json': row(2, 'again', 6), '3.json': row(3, 'c', 3) });
  });

  it('stays with the time of the deletion when hard_delete is false', async () => {
    using target = openTarget({ ...perRecord, hard_delete: false });
    await statesOf(target.config, [
      logged,
      records(logged, [row(1, 'a', 1)]),
      flush(1),
      records(logged, [deletion(1, 2)]),
      flush(2),
    ]);
    expect(await rowsOf(target)).toEqual({
      '1.json': '{"id":1,"note":"a","total":1,"_sdc_deleted_at":"2026-01-01T00:00:00Z","_sdc_sequence":2}',
    });
  });

  it('has the same result when everything is written again', async () => {
    using target = openTarget(perRecord);
    const messages = [
      logged,
      records(logged, [row(1, 'a', 1), row(2, 'b', 2)]),
      flush(1),
      records(logged, [change(1, 'c', 3), deletion(2, 4)]),
      flush(2),
    ];
    await statesOf(target.config, messages);
    const once = await rowsOf(target);
    await statesOf(target.config, messages);
    expect(await rowsOf(target)).toEqual(once);
  });

  it('is followed by a manifest with the state from which the next run resumes', async () => {
    using target = openTarget(perRecord);
    const run = { id: 'run', connection: 'connection', unit: 'orders/copy/0', epoch: 5, generation: 1 };
    const signal = new AbortController().signal;
    const messages = [schema, records(schema, ['{"id":1,"note":"a","total":1}']), flush(7)];
    await statesOf(target.config, messages, { unit: run.unit, epoch: run.epoch });
    const request = { config: target.config, run: { ...run, epoch: 6 }, streams: ['orders'], signal, log: silentLog };
    expect(await new S3Target().recover?.(request)).toEqual(flush(7).state);
    expect(Object.keys(await rowsOf(target))).toEqual(['1.json']);
  });

  it('yields no state when one of many objects cannot be written', async () => {
    using target = openTarget(perRecord);
    target.server.failNext({ operation: 'PutObject', key: 'orders/50.json' }, { status: 403, code: 'AccessDenied' });
    const lines = Array.from({ length: 100 }, (_, id) => `{"id":${id},"note":"a","total":1}`);
    expect(await failureOf(target.config, [schema, records(schema, lines), flush(1)])).toMatchObject({
      code: 'access_denied',
    });
  });

  it('gives up at once when the signal is aborted while the source sends nothing', async () => {
    using target = openTarget(perRecord);
    const controller = new AbortController();
    const messages = (async function* () {
      yield schema;
      controller.abort();
      await new Promise(() => undefined);
    })();
    expect(await failureOf(target.config, messages, { signal: controller.signal })).toMatchObject({
      name: 'AbortError',
    });
  });
});

it.each([
  ['without a key', schemaOf('orders', { id: integer() }), '{"id":1}', 'config_invalid', /orders has no key/],
  ['whose key is null', schema, '{"id":null,"note":"a","total":1}', 'value_unstorable', /"id"/],
])('A row %s is refused', async (_, described, line, code, message) => {
  using target = openTarget(perRecord);
  const failure = await failureOf(target.config, [described, records(described, [line]), flush(1)]);
  expect(failure).toMatchObject({ code });
  expect(String(failure)).toMatch(message);
});

it.each([
  [{ compression: 'gzip' }, 'compression'],
  [{ old_versions: 'delete' }, 'old_versions'],
  [{ path_template: '{stream}/{id}' }, 'path_template'],
  [{ path_template: '{stream}/{date}' }, 'path_template'],
])('object_per_record with %j cannot be', (config, property) => {
  expect(() => new S3Target().accepts({ bucket: 'b', ...perRecord, ...config })).toThrow(
    expect.objectContaining({ code: 'config_invalid', problems: [expect.objectContaining({ property })] }),
  );
});
