import { setTimeout as sleep } from 'node:timers/promises';
import type { TargetMessage } from 'c8connector';
import { describe, expect, it } from 'vitest';
import {
  collect,
  dataOf,
  failureOf,
  flush,
  keysOf,
  linesOf,
  records,
  schemaOf,
  spools,
  statesOf,
  targetOpener,
  write,
} from './harness.ts';
import { query } from './read-back.ts';

const openTarget = targetOpener();

const id = { type: ['null', 'integer'] };
const schema = schemaOf('orders', { id }, ['id']);
const batchOf = (from: number, count: number, version?: number) =>
  records(
    schema,
    Array.from({ length: count }, (_, index) => `{"id":${from + index}}`),
    version,
  );

describe.each(['jsonl', 'parquet'])('Writing %s', (format) => {
  const rowsOf = async (target: ReturnType<typeof openTarget>): Promise<number[]> => {
    const rows =
      format === 'jsonl'
        ? (await linesOf(target.server, target.bucket)).map((line) => JSON.parse(line))
        : await query(target.server, target.bucket, 'SELECT id FROM read_parquet({files}, union_by_name = true)');
    return rows.map((row: { id: unknown }) => Number(row.id)).sort((left, right) => left - right);
  };

  it('yields each state in order, and stores each row once', async () => {
    using target = openTarget({ format });
    const flushes = Array.from({ length: 20 }, (_, index) => [batchOf(index * 3, 3), flush(index)]).flat();
    const states = await statesOf(target.config, [schema, ...flushes]);
    expect(states).toEqual(flushes.flatMap((message) => (message.type === 'FLUSH' ? [message.state] : [])));
    expect(await rowsOf(target)).toEqual(Array.from({ length: 60 }, (_, index) => index));
  });

  it('yields exactly the state of the flush, even if it is undefined', async () => {
    using target = openTarget({ format });
    const last = flush(1);
    const states = await statesOf(target.config, [
      schema,
      batchOf(0, 1),
      { type: 'FLUSH', state: undefined, isCheckpoint: false },
      batchOf(1, 1),
      last,
    ]);
    expect(states[0]).toBeUndefined();
    expect(states[1]).toBe(last.state);
  });

  it('yields a state only once its objects are stored', async () => {
    using target = openTarget({ format });
    target.server.delay(100, { operation: 'PutObject' });
    const seen: number[] = [];
    for await (const _ of write(target.config, [schema, batchOf(0, 1), flush(1), batchOf(1, 1), flush(2)])) {
      seen.push(keysOf(target.server, target.bucket).length);
    }
    expect(seen[0]).toBeGreaterThanOrEqual(1);
    expect(seen[1]).toBe(2);
  });

  it('yields the state of a flush while its source is idle', async () => {
    using target = openTarget({ format });
    let goOn = () => {};
    const idle = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const messages = (async function* (): AsyncGenerator<TargetMessage> {
      yield schema;
      yield batchOf(0, 1);
      yield flush(1);
      await idle;
      yield flush(2);
    })();
    const states = write(target.config, messages)[Symbol.asyncIterator]();
    expect((await states.next()).value).toEqual(flush(1).state);
    goOn();
    expect((await states.next()).value).toEqual(flush(2).state);
    expect((await states.next()).done).toBe(true);
  });

  it('accepts the next rows during a flush', async () => {
    using target = openTarget({ format });
    target.server.delay(300, { operation: 'PutObject' });
    let taken = 0;
    const messages = (function* (): Generator<TargetMessage> {
      yield schema;
      yield batchOf(0, 1);
      yield flush(1);
      for (taken = 1; taken <= 5; taken++) yield batchOf(taken, 1);
      yield flush(2);
    })();
    const states = write(target.config, messages)[Symbol.asyncIterator]();
    await states.next();
    expect(taken).toBeGreaterThan(5);
    await states.next();
    await states.next();
  });

  it('makes no object of a flush without rows', async () => {
    using target = openTarget({ format });
    expect(await statesOf(target.config, [schema, flush(1), records(schema, []), flush(2)])).toHaveLength(2);
    expect(keysOf(target.server, target.bucket)).toEqual([]);
  });

  it('accepts an empty input', async () => {
    using target = openTarget({ format });
    expect(await statesOf(target.config, [])).toEqual([]);
  });

  it('makes one object for a repeated schema without changes, and two for one that changes', async () => {
    using target = openTarget({ format });
    const again = schemaOf('orders', { id: { type: ['null', 'integer'] } }, ['id']);
    await statesOf(target.config, [schema, batchOf(0, 1), again, batchOf(1, 1), flush(1)]);
    expect(keysOf(target.server, target.bucket)).toHaveLength(1);

    const wider = schemaOf('orders', { id, note: { type: 'string' } }, ['id']);
    await statesOf(target.config, [schema, batchOf(2, 1), wider, records(wider, ['{"id":3,"note":"x"}']), flush(2)]);
    expect(keysOf(target.server, target.bucket)).toHaveLength(3);
    expect(await rowsOf(target)).toEqual([0, 1, 2, 3]);
  });

  it('makes an object for each stream and each table version', async () => {
    using target = openTarget({ format });
    const other = schemaOf('customers', { id });
    const version = 1_700_000_000_000;
    const messages = [
      schema,
      other,
      batchOf(0, 1, version),
      records(other, ['{"id":1}']),
      batchOf(2, 1, version + 1),
      flush(1),
    ];
    await statesOf(target.config, messages);
    const keys = keysOf(target.server, target.bucket).map((key) => key.replace(/-.*/, ''));
    expect(keys).toEqual(['customers/0000000000000', 'orders/1700000000000', 'orders/1700000000001']);
  });

  it('leaves nothing of a flush whose last object fails, and deletes those that were stored', async () => {
    using target = openTarget({ format });
    const before = spools();
    const streams = Array.from({ length: 6 }, (_, index) => schemaOf(`s${index}`, { id }));
    target.server.failNext({ key: /^s5\// }, { status: 403, code: 'AccessDenied' });
    const rows = streams.flatMap((each) => [each, records(each, ['{"id":1}'])]);
    const states: unknown[] = [];
    const failure = await (async () => {
      for await (const state of write(target.config, [schema, batchOf(0, 1), flush(1), ...rows, flush(2)]))
        states.push(state);
    })().catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'access_denied' });
    expect(states).toEqual([flush(1).state]);
    expect(keysOf(target.server, target.bucket).map((key) => key.split('/')[0])).toEqual(['orders']);
    expect(spools()).toEqual(before);
  });

  it('leaves nothing of a flush if one of its objects fails while others are being sent', async () => {
    using target = openTarget({ format });
    const streams = Array.from({ length: 3 }, (_, index) => schemaOf(`s${index}`, { id }));
    target.server.delay(300, { operation: 'PutObject', key: /^s[12]\// });
    target.server.failNext({ key: /^s0\// }, { status: 403, code: 'AccessDenied' });
    await failureOf(target.config, [...streams.flatMap((each) => [each, records(each, ['{"id":1}'])]), flush(1)]);
    await sleep(500);
    expect(keysOf(target.server, target.bucket)).toEqual([]);
  });

  it('finishes a flush and yields its state when the source fails meanwhile, and stores no later row', async () => {
    using target = openTarget({ format });
    const before = spools();
    target.server.delay(200, { operation: 'PutObject' });
    const messages = (function* (): Generator<TargetMessage> {
      yield schema;
      yield batchOf(0, 1);
      yield flush(1);
      yield batchOf(1, 1);
      throw new Error('the source broke');
    })();
    const states = write(target.config, messages)[Symbol.asyncIterator]();
    expect((await states.next()).value).toEqual(flush(1).state);
    await expect(states.next()).rejects.toThrow('the source broke');
    expect(await rowsOf(target)).toEqual([0]);
    expect(spools()).toEqual(before);
  });

  it('deletes the objects of a flush during which the signal was aborted', async () => {
    using target = openTarget({ format });
    target.server.delay(300, { operation: 'PutObject' });
    const controller = new AbortController();
    const messages = (async function* (): AsyncGenerator<TargetMessage> {
      yield* [schema, batchOf(0, 1), flush(1)];
      await new Promise(() => undefined);
    })();
    const failure = failureOf(target.config, messages, { signal: controller.signal });
    await sleep(150);
    controller.abort();
    expect(await failure).toMatchObject({ name: 'AbortError' });
    await sleep(400);
    expect(keysOf(target.server, target.bucket)).toEqual([]);
  });

  it('gives up when the signal is aborted, also while the source sends nothing', async () => {
    using target = openTarget({ format });
    const before = spools();
    const controller = new AbortController();
    const messages = (async function* (): AsyncGenerator<TargetMessage> {
      yield schema;
      yield batchOf(0, 1);
      await new Promise(() => undefined);
    })();
    const failure = failureOf(target.config, messages, { signal: controller.signal });
    await sleep(200);
    controller.abort();
    expect(await failure).toMatchObject({ name: 'AbortError' });
    expect(spools()).toEqual(before);
  });

  it('deletes the objects of a flush during which the consumer stopped reading', async () => {
    using target = openTarget({ format });
    const before = spools();
    const states = write(target.config, [schema, batchOf(0, 1), flush(1), batchOf(1, 1), flush(2)])[
      Symbol.asyncIterator
    ]();
    await states.next();
    await states.return?.();
    await sleep(50);
    expect(keysOf(target.server, target.bucket)).toHaveLength(1);
    expect(spools()).toEqual(before);
  });

  it('removes its temporary files', async () => {
    using target = openTarget({ format });
    const before = spools();
    await statesOf(target.config, [schema, batchOf(0, 1000), flush(1)]);
    expect(spools()).toEqual(before);
  });

  it('stores the run, unit and epoch in the metadata of an object', async () => {
    using target = openTarget({ format, prefix: '/dev/', target_directory: 'sales' });
    await statesOf(target.config, [schema, batchOf(0, 3, 1_700_000_000_000), flush(1)], {
      id: 'run é',
      unit: 'orders/1',
      epoch: 7,
    });
    const [object] = dataOf(target.server, target.bucket);
    expect(object?.key).toMatch(
      /^dev\/sales\/orders\/1700000000000-0000000000007-000000001-[0-9a-f]{32}-orders%2F1\.(jsonl\.gz|parquet)$/,
    );
    expect(object?.metadata).toEqual({
      'c8-run': 'run%20%C3%A9',
      'c8-unit': 'orders%2F1',
      'c8-epoch': '7',
      'c8-stream': 'orders',
      'c8-version': '1700000000000',
      'c8-rows': '3',
    });
  });

  it('gives every object its own name, also if several runs write at the same moment', async () => {
    using target = openTarget({ format });
    const flushes = [schema, ...Array.from({ length: 5 }, (_, index) => [batchOf(index, 1), flush(index)]).flat()];
    await Promise.all(
      ['a', 'b'].flatMap((connection) =>
        ['1', '2'].map((unit) => statesOf(target.config, flushes, { connection, unit })),
      ),
    );
    expect(new Set(keysOf(target.server, target.bucket)).size).toBe(20);
  });
});

it('JSON lines keep the order and the bytes of the rows', async () => {
  using target = openTarget({ format: 'jsonl' });
  const lines = Array.from({ length: 50 }, (_, index) => `{"id":${index},"n":12345678901234567890.1200}`);
  const batches = lines.map((line) => records(schema, [line]));
  await statesOf(target.config, [schema, ...batches, flush(1)]);
  expect(await linesOf(target.server, target.bucket)).toEqual(lines);
});

it.each([
  ['none', 'jsonl', 'application/x-ndjson'],
  ['gzip', 'jsonl.gz', 'application/gzip'],
])('names objects of JSON lines compressed with %s', async (compression, extension, contentType) => {
  using target = openTarget({ format: 'jsonl', compression });
  await collect(write(target.config, [schema, batchOf(0, 2), flush(1)]));
  const [object] = dataOf(target.server, target.bucket);
  expect(object?.key.endsWith(`-unit.${extension}`)).toBe(true);
  expect(object).toMatchObject({ contentType, contentEncoding: undefined });
});
