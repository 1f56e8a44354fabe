import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Rejection, StoredObject, TargetMessage } from 'c8connector';
import { describe, expect, it } from 'vitest';
import type { Store } from '../c8_target_s3/store.ts';
import { dateTime, integer, list, number, string } from './column-schemas.ts';
import { type Columns, records, schemaOf } from './harness.ts';
import { type Lake, openLake } from './lake.ts';

const state = (at: number) => ({ patches: { orders: { kind: 'range', copy: 1, range: 0, position: { at } } } });
const checkpoint = (at: number): TargetMessage => ({ type: 'FLUSH', state: state(at), isCheckpoint: true });
const noCheckpoint = (at: number): TargetMessage => ({ type: 'FLUSH', state: state(at), isCheckpoint: false });

interface Letter {
  readonly stream: string;
  readonly version: number | null;
  readonly key: Readonly<Record<string, unknown>>;
  readonly reasons: readonly { readonly column: string; readonly code: string; readonly message: string }[];
  readonly record: unknown;
}

const rejectedKeys = async (lake: Lake) => (await lake.keys()).filter((key) => key.includes('/rejected/'));
const dataKeys = async (lake: Lake) => (await lake.keys()).filter((key) => !key.startsWith('_c8/'));

/** The lines of all dead letters. */
async function letterLines(lake: Lake): Promise<readonly string[]> {
  const texts = await Promise.all((await rejectedKeys(lake)).map((key) => readFile(join(lake.root, key), 'utf8')));
  return texts.flatMap((text) => text.split('\n').slice(0, -1));
}

const letters = async (lake: Lake) => (await letterLines(lake)).map((line) => JSON.parse(line) as Letter);
const rowsOf = (objects: readonly StoredObject[]) => objects.reduce((sum, { rows }) => sum + rows, 0);

/** The reasons for which a row of these columns is rejected, and the number of other rows that are stored. */
async function rejectedBy(settings: Readonly<Record<string, unknown>>, columns: Columns, row: string) {
  await using lake = await openLake(settings);
  const schema = schemaOf('orders', { id: integer(), ...columns }, ['id']);
  const batch = records(schema, ['{"id":1}', row, '{"id":3}'], 5);
  await lake.attempt('u').all([schema, batch, checkpoint(1)]);
  const found = await letters(lake);
  return { letters: found, lines: await letterLines(lake), stored: rowsOf(await lake.objects()) };
}

const half = String.raw`"x\ud800y"`;
const parquet = { format: 'parquet', compression: 'none' };
const csv = { format: 'csv' };

describe('A row that its format cannot hold', () => {
  it.each<[string, Readonly<Record<string, unknown>>, Columns[string], string]>([
    ['an integer with a fraction in Parquet', parquet, integer(), '1.5'],
    ['an integer over 64 bits in Parquet', parquet, integer(), '9223372036854775808'],
    ['a decimal that would be rounded in Parquet', parquet, number('numeric(10,2)'), '1.239'],
    ['an infinite timestamp in Parquet', parquet, dateTime('timestamptz'), '"infinity"'],
    ['nanoseconds in Parquet', parquet, dateTime('timestamp'), '"2023-04-05T06:07:08.123456789Z"'],
    ['24:00:00 in a TIME', { ...parquet, time_type: 'time' }, string({ format: 'time' }), '"24:00:00"'],
    ['a list that is too deep in Parquet', parquet, list(string()), '[["a"]]'],
    ['half of a surrogate pair in Parquet', parquet, string(), half],
    ['half of a surrogate pair in CSV', csv, string(), half],
    ['half of a surrogate pair in CSV with gzip', { ...csv, compression: 'gzip' }, string(), half],
    ['half of a surrogate pair in a folder', { path_template: '{stream}/{value}' }, string(), half],
    ['a value of Parquet in folders', { ...parquet, path_template: '{stream}/{id}' }, integer(), '1.5'],
  ])('for %s becomes a dead letter, and the rows around it are stored', async (_, settings, column, json) => {
    const row = `{"id":2,"value":${json}}`;
    const found = await rejectedBy(settings, { value: column }, row);
    expect(found.letters).toMatchObject([
      { stream: 'orders', version: 5, key: { id: 2 }, reasons: [{ column: 'value', code: 'value_unstorable' }] },
    ]);
    expect(found.letters[0]?.reasons[0]?.message).toMatch(/orders.*"value"/);
    expect(found.lines[0]).toMatch(`,"record":${row}}`);
    expect(found.stored).toBe(2);
  });

  it('has a reason for each column that does not fit', async () => {
    const columns = { whole: integer(), note: string(), at: dateTime('timestamptz'), day: string({ format: 'date' }) };
    const row = `{"id":2,"whole":0.1,"note":${half},"at":"2023-04-05T06:07:08Z","day":"2021-02-30"}`;
    const { letters: found } = await rejectedBy(parquet, columns, row);
    expect(found[0]?.reasons.map(({ column }) => column)).toEqual(['whole', 'note', 'day']);
  });

  it('has reasons for columns of its path and of its file', async () => {
    const columns = { country: string(), whole: integer() };
    const settings = { ...parquet, path_template: '{stream}/{country}' };
    const { letters: found } = await rejectedBy(settings, columns, `{"id":2,"country":${half},"whole":0.5}`);
    expect(found[0]?.reasons.map(({ column }) => column)).toEqual(['country', 'whole']);
  });

  it('is reported with its own column if a part of the key does not fit', async () => {
    await using lake = await openLake(parquet);
    const schema = schemaOf('orders', { id: integer(), line: integer(), value: integer() }, ['id', 'line']);
    const row = records(schema, ['{"id":7,"line":1.5,"value":"x"}']);
    await lake.attempt('u').all([schema, row, checkpoint(1)]);
    const [letter] = await letters(lake);
    expect(letter?.key).toEqual({ id: 7, line: 1.5 });
    expect(letter?.reasons.map(({ column }) => column)).toEqual(['line', 'value']);
    expect(letter?.reasons[0]?.message).toContain('the column "line" of the row id=7, line=1.5 has 1.5');
  });

  it('is stored without the metadata columns', async () => {
    const settings = { ...parquet, add_metadata_columns: true };
    const { lines } = await rejectedBy(settings, { value: integer() }, '{"id":2,"value":1.5}');
    expect(lines[0]).toMatch(',"record":{"id":2,"value":1.5}}');
  });

  it('keeps all the digits of its record', async () => {
    const row = '{"id":2,"value":123456789012345678901234567890.10}';
    const { lines } = await rejectedBy(parquet, { value: integer() }, row);
    expect(lines[0]).toMatch(`,"record":${row}}`);
  });

  it('leaves no object behind when it is the only row', async () => {
    await using lake = await openLake(parquet);
    const schema = schemaOf('orders', { id: integer() }, ['id']);
    await lake.attempt('u').all([schema, records(schema, ['{"id":1.5}']), checkpoint(1)]);
    expect(await dataKeys(lake)).toEqual([]);
    expect(await letters(lake)).toHaveLength(1);
  });

  it('is found anywhere among thousands of rows, and the others keep their order', async () => {
    await using lake = await openLake({ ...csv, compression: 'none' });
    const schema = schemaOf('orders', { id: integer(), note: string() }, ['id']);
    const bad = [0, 1, 500, 4_095, 4_096, 9_999];
    const ids = Array.from({ length: 10_000 }, (_, id) => id);
    const rows = ids.map((id) => `{"id":${id},"note":${bad.includes(id) ? half : '"ok"'}}`);
    await lake.attempt('u').all([schema, records(schema, rows), checkpoint(1)]);
    expect((await letters(lake)).map(({ key }) => key.id)).toEqual(bad);
    expect((await lake.lines()).slice(1).map((line) => Number(line.split(',')[0]))).toEqual(
      ids.filter((id) => !bad.includes(id)),
    );
  });
});

const schema = schemaOf('orders', { id: integer() }, ['id']);
const bad = (id: number) => records(schema, [`{"id":${id}.5}`], 5);
const good = (id: number) => records(schema, [`{"id":${id}}`], 5);

describe('Rejected rows', () => {
  it('are stored below the connection, by stream, unit, epoch and sequence, and named by the manifest', async () => {
    await using lake = await openLake(parquet);
    const attempt = lake.attempt('a unit');
    await attempt.all([schema, good(1), bad(2), bad(3), checkpoint(1)]);
    const { connection, epoch } = attempt.run;
    const key = `_c8/${connection}/rejected/orders/a%20unit-${epoch}-000000002.jsonl`;
    expect(await rejectedKeys(lake)).toEqual([key]);
    const manifest = await readFile(join(lake.root, `_c8/${connection}/manifests/a%20unit/0000000002.json`), 'utf8');
    expect(JSON.parse(manifest)).toMatchObject({
      objects: [{ stream: 'orders', rows: 1 }],
      rejected: [{ key, stream: 'orders', rows: 2, crc32: expect.any(String) }],
      named: [[epoch, 2]],
    });
  });

  it('are not among the committed objects', async () => {
    await using lake = await openLake(parquet);
    await lake.attempt('u').all([schema, good(1), bad(2), checkpoint(1)]);
    expect((await lake.objects({ all: true })).map(({ rows }) => rows)).toEqual([1]);
  });

  it('are reported once they are committed, and before the state after them', async () => {
    await using lake = await openLake(parquet);
    const heard: (Rejection | string)[] = [];
    const onRejected = (rejection: Rejection) => heard.push(rejection);
    const messages = [schema, bad(1), noCheckpoint(1), good(2), checkpoint(2), bad(3)];
    for await (const _ of lake.attempt('u', {}, { onRejected }).write(messages)) heard.push('state');
    expect(heard).toMatchObject([
      'state',
      {
        stream: 'orders',
        row: '[1.5]',
        code: 'value_unstorable',
        message: expect.stringContaining('"id" of the row id=1.5'),
      },
      'state',
    ]);
  });

  it('beyond max_rejected end the stream, and committed rows are kept', async () => {
    await using lake = await openLake({ ...parquet, max_rejected: 2 });
    let goOn = (): void => undefined;
    const committed = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    async function* messages(): AsyncGenerator<TargetMessage> {
      yield* [schema, bad(1), good(2), checkpoint(1)];
      await committed;
      yield* [bad(3), bad(4), checkpoint(2)];
    }
    const writing = (async () => {
      for await (const _ of lake.attempt('u').write(messages())) goOn();
    })();
    await expect(writing).rejects.toMatchObject({
      name: 'DataError',
      code: 'too_many_rejected',
      message: expect.stringMatching(/orders: more than 2 rows.*id=4\.5/),
      remedy: expect.stringContaining('max_rejected'),
    });
    expect(await letters(lake)).toHaveLength(1);
    expect(await lake.attempt('u').recover(['orders'])).toEqual(state(1));
  });

  it('of other units of the run count for max_rejected too', async () => {
    await using lake = await openLake({ ...parquet, max_rejected: 2 });
    const rejected = new Map([['orders', 2]]);
    const writing = lake.attempt('u', {}, { rejected }).all([schema, bad(1), checkpoint(1)]);
    await expect(writing).rejects.toMatchObject({ code: 'too_many_rejected' });
  });

  it('of one stream do not count for another', async () => {
    await using lake = await openLake({ ...parquet, max_rejected: 1 });
    const other = schemaOf('other', { id: integer() });
    const messages = [schema, other, bad(1), records(other, ['{"id":1.5}']), checkpoint(1)];
    await lake.attempt('u').all(messages);
    expect((await letters(lake)).map(({ stream }) => stream).toSorted()).toEqual(['orders', 'other']);
  });

  it('are not written with strict: true, which ends the stream at the first such row', async () => {
    await using lake = await openLake({ ...parquet, strict: true });
    const writing = lake.attempt('u').all([schema, good(1), bad(2), checkpoint(1)]);
    await expect(writing).rejects.toMatchObject({ code: 'value_unstorable', details: { key: 'id=2.5' } });
    expect(await rejectedKeys(lake)).toEqual([]);
  });

  it('do not exist in JSON lines, which can store every value', async () => {
    await using lake = await openLake();
    await lake.attempt('u').all([schema, bad(1), checkpoint(1)]);
    expect(await lake.lines()).toEqual(['{"id":1.5}']);
    expect(await rejectedKeys(lake)).toEqual([]);
  });
});

const namesLetters = (body: Uint8Array) => Buffer.from(body).includes('"rejected":[{');

/** A lake whose first writer dies after it has stored dead letters, and before it commits them. */
async function openKillingLake() {
  let reach = (): void => undefined;
  let isKilled = false;
  const reached = new Promise<void>((resolve) => {
    reach = resolve;
  });
  const lake = await openLake(parquet, (store: Store) => ({
    ...store,
    async putIfAbsent(object, body, options) {
      if (isKilled || !namesLetters(body)) return await store.putIfAbsent(object, body, options);
      isKilled = true;
      reach();
      return await new Promise<never>(() => undefined);
    },
  }));
  const first = lake.attempt('u');
  await first.recover(['orders']);
  const states = first.write(letterMessages)[Symbol.asyncIterator]();
  states.next().catch(() => undefined);
  await reached;
  return lake;
}

const letterMessages: readonly TargetMessage[] = [schema, good(1), bad(2), checkpoint(1)];

describe('Dead letters of a run that was killed before their manifest', () => {
  it.each([undefined, ['orders']])(
    'are deleted by the next one, of the streams %j, and written once',
    async (streams) => {
      await using lake = await openKillingLake();
      expect([await rejectedKeys(lake), await dataKeys(lake)].map(({ length }) => length)).toEqual([1, 1]);
      const next = lake.attempt('u');
      expect(await next.recover(streams)).toBeUndefined();
      expect([...(await rejectedKeys(lake)), ...(await dataKeys(lake))]).toEqual([]);
      for await (const _ of next.write(letterMessages));
      expect(await letters(lake)).toHaveLength(1);
    },
  );

  it('are deleted at the end of a run whose plan no longer has their unit', async () => {
    await using lake = await openKillingLake();
    await lake.attempt('other').all([schema, bad(7), checkpoint(1)]);
    await lake.attempt('seal').finish(['another']);
    expect(await rejectedKeys(lake)).toHaveLength(2);
    await lake.attempt('seal').finish(['orders']);
    expect((await letters(lake)).map(({ key }) => key)).toEqual([{ id: 7.5 }]);
  });

  it('are kept if they were committed', async () => {
    await using lake = await openLake(parquet);
    await lake.attempt('u').all(letterMessages);
    await lake.attempt('u').recover(['orders']);
    await lake.attempt('seal').finish(['orders']);
    expect(await letters(lake)).toHaveLength(1);
  });

  it('are deleted by the next run when the answer to their manifest was lost', async () => {
    await using lake = await openLake(parquet, (store) => ({
      ...store,
      putIfAbsent: async (object, body, options) => {
        if (namesLetters(body)) throw new Error('the line is dead');
        return await store.putIfAbsent(object, body, options);
      },
    }));
    await expect(lake.attempt('u').all(letterMessages)).rejects.toThrow('dead');
    await lake.attempt('u').recover(['orders']);
    expect(await rejectedKeys(lake)).toEqual([]);
  });
});
