import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { TargetMessage } from 'c8connector';
import { describe, expect, it } from 'vitest';
import type { Store } from '../c8_target_s3/store.ts';
import { records, schemaOf } from './harness.ts';
import { openLake } from './lake.ts';

const schema = schemaOf('orders', { id: { type: 'integer' } }, ['id']);
const row = (id: number, version?: number) => records(schema, [`{"id":${id}}`], version);
const state = (at: number) => ({ patches: { orders: { kind: 'range', copy: 1, range: 0, position: { at } } } });
const checkpoint = (at: number): TargetMessage => ({ type: 'FLUSH', state: state(at), isCheckpoint: true });
const noCheckpoint = (at: number): TargetMessage => ({ type: 'FLUSH', state: state(at), isCheckpoint: false });
const activate = (version: number): TargetMessage => ({ type: 'ACTIVATE_VERSION', stream: 'orders', version });

/** Messages that end as in a killed process, without an error. */
async function* until(messages: readonly TargetMessage[], killed: Promise<never>): AsyncGenerator<TargetMessage> {
  yield* messages;
  await killed;
}
const never = new Promise<never>(() => undefined);

/** Writes until this many states are yielded, and then stops like a killed process. */
async function killAfter(states: AsyncIterable<unknown>, count: number): Promise<() => Promise<unknown>> {
  const iterator = states[Symbol.asyncIterator]();
  for (let yielded = 0; yielded < count; yielded += 1) await iterator.next();
  return () => iterator.next();
}

const data = (keys: readonly string[]) => keys.filter((key) => !key.includes('_c8/'));

describe('A unit that is recovered', () => {
  it('resumes from the state of its last commit, and stores no earlier row twice', async () => {
    await using lake = await openLake();
    await killAfter(
      lake.attempt('u').write(until([schema, row(1), checkpoint(1), row(2), noCheckpoint(1), row(3)], never)),
      2,
    );
    expect(data(await lake.keys())).toHaveLength(2);
    const second = lake.attempt('u');
    expect(await second.recover(['orders'])).toEqual(state(1));
    expect(data(await lake.keys())).toHaveLength(1);
    for await (const _ of second.write([schema, row(2), checkpoint(2)]));
    expect(await lake.lines()).toEqual(['{"id":1}', '{"id":2}']);
    expect(data(await lake.keys())).toHaveLength(2);
  });

  it('stops the earlier run from committing, with an error that names the run that has taken over', async () => {
    await using lake = await openLake();
    const first = lake.attempt('u');
    await first.recover(['orders']);
    let goOn = (): void => undefined;
    const paused = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const messages = (async function* (): AsyncGenerator<TargetMessage> {
      yield* [schema, row(1), checkpoint(1)];
      await paused;
      yield* [row(2), checkpoint(2)];
    })();
    const wake = await killAfter(first.write(messages), 1);
    const second = lake.attempt('u');
    expect(await second.recover(['orders'])).toEqual(state(1));
    goOn();
    const failure = await wake().catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'claim_lost', details: { run: second.run.id, epoch: second.run.epoch } });
    expect(String(failure)).toContain(second.run.id);
    expect(await lake.lines()).toEqual(['{"id":1}']);
    await expect(lake.attempt('u', { epoch: first.run.epoch }).recover(['orders'])).rejects.toMatchObject({
      code: 'claim_lost',
    });
  });

  it('has no state in another generation, and keeps the objects', async () => {
    await using lake = await openLake();
    await lake.attempt('u').all([schema, row(1), checkpoint(1)]);
    expect(await lake.attempt('u', { generation: 2 }).recover(['orders'])).toBeUndefined();
    expect(await lake.lines()).toEqual(['{"id":1}']);
  });

  it('keeps the objects of a commit whose answer was lost', async () => {
    let isLost = false;
    const losing = (store: Store): Store => ({
      ...store,
      async putIfAbsent(object, body, options) {
        const isPut = await store.putIfAbsent(object, body, options);
        if (!isLost) return isPut;
        throw new Error('the connection broke');
      },
    });
    await using lake = await openLake({}, losing);
    const first = lake.attempt('u');
    await first.recover(['orders']);
    isLost = true;
    await expect(
      first
        .write([schema, row(1), checkpoint(1)])
        [Symbol.asyncIterator]()
        .next(),
    ).rejects.toThrow('broke');
    isLost = false;
    expect(await lake.attempt('u').recover(['orders'])).toEqual(state(1));
    expect(await lake.lines()).toEqual(['{"id":1}']);
  });

  it('recognizes its own commit when a repeated request finds it', async () => {
    // As S3 answers when the answer to the first request was lost.
    const repeating = (store: Store): Store => ({
      ...store,
      async putIfAbsent(object, body, options) {
        await store.putIfAbsent(object, body, options);
        return await store.putIfAbsent(object, body, options);
      },
    });
    await using lake = await openLake({}, repeating);
    await lake.attempt('u').all([schema, row(1), checkpoint(1), row(2), checkpoint(2)]);
    expect(await lake.lines()).toEqual(['{"id":1}', '{"id":2}']);
    expect(lake.warnings).toEqual([]);
  });

  it('deletes nothing when its manifests are missing, and warns', async () => {
    await using lake = await openLake();
    await lake.attempt('u').all([schema, row(1), checkpoint(1)]);
    await rm(join(lake.root, '_c8'), { recursive: true });
    await lake.attempt('u').recover(['orders']);
    expect(data(await lake.keys())).toHaveLength(1);
    expect(lake.warnings).toEqual([expect.stringContaining('Manifests are missing')]);
  });
});

describe('Objects', () => {
  it('have the same names and bytes for the same messages, connection, epoch and flushes', async () => {
    const written = await Promise.all(
      [1, 2].map(async () => {
        await using lake = await openLake({ compression: 'gzip' });
        const other = schemaOf('customers', { id: { type: 'integer' } });
        const messages = [
          schema,
          other,
          row(1, 5),
          records(other, ['{"id":7}']),
          checkpoint(1),
          row(2, 5),
          checkpoint(2),
        ];
        await lake.attempt('u', { epoch: 1_700_000_000_000 }).all(messages);
        return await Promise.all(
          data(await lake.keys()).map(async (key) => [key, (await readFile(join(lake.root, key))).toString('base64')]),
        );
      }),
    );
    expect(written[0]).toHaveLength(3);
    expect(written[1]).toEqual(written[0]);
  });

  it('of another connection and of an earlier release are never touched', async () => {
    await using lake = await openLake({ old_versions: 'delete' });
    const other = 'ffffffff-ffff-4fff-8fff-ffffffffffff';
    const old = 'orders/1700000000000-20260102T030405006Z-9f86d081884c7d65-000001.jsonl';
    await mkdir(dirname(join(lake.root, old)), { recursive: true });
    await writeFile(join(lake.root, old), '{"id":0}\n');
    await killAfter(
      lake.attempt('u', { connection: other }).write(until([schema, row(9, 3), noCheckpoint(0)], never)),
      1,
    );
    await lake.attempt('v', { connection: other }).all([schema, row(8, 3), checkpoint(1)]);
    const before = await lake.keys();
    await lake.attempt('u').all([schema, row(1, 4), activate(4), checkpoint(1), row(2, 5), activate(5), checkpoint(2)]);
    await lake.attempt('finish').finish(['orders']);
    expect((await lake.keys()).filter((key) => before.includes(key))).toEqual(before);
    expect(await lake.lines({ connection: other })).toEqual(['{"id":8}']);
  });

  it('count from the commit of their version on, and earlier ones until then', async () => {
    await using lake = await openLake();
    await lake.attempt('copy').all([schema, row(1, 5), checkpoint(1)]);
    expect(await lake.lines()).toEqual(['{"id":1}']);
    await lake.attempt('seal').all([schema, activate(5), checkpoint(2)]);
    await lake.attempt('copy').all([schema, row(2, 6), checkpoint(3)]);
    expect(await lake.lines()).toEqual(['{"id":1}']);
    await lake.attempt('seal').all([schema, activate(6), checkpoint(4)]);
    expect(await lake.lines()).toEqual(['{"id":2}']);
    expect(await lake.lines({ all: true })).toEqual(['{"id":1}', '{"id":2}']);
    expect(await lake.lines({ stream: 'customers' })).toEqual([]);
  });

  it('of older versions are deleted once the new one is committed, if the config requests it', async () => {
    await using lake = await openLake({ old_versions: 'delete' });
    await lake.attempt('copy').all([schema, row(0), row(1, 5), checkpoint(1), row(2, 6), checkpoint(2)]);
    expect(data(await lake.keys())).toHaveLength(3);
    await lake.attempt('seal').all([schema, activate(6), checkpoint(3)]);
    // A row without a version belongs to every version.
    expect(await lake.lines({ all: true })).toEqual(['{"id":0}', '{"id":2}']);
    expect(data(await lake.keys())).toHaveLength(2);
  });

  it('of a pipe are all committed, with or without a state', async () => {
    await using lake = await openLake();
    const pipe = lake.attempt('pipe', { connection: 'ffffffff-ffff-4fff-8fff-ffffffffffff' });
    const messages: TargetMessage[] = [schema, row(1), { type: 'FLUSH', state: undefined, isCheckpoint: false }];
    for await (const _ of pipe.write(messages));
    expect(await lake.lines()).toEqual(['{"id":1}']);
  });
});

describe('The end of a run', () => {
  it('leaves no object of its streams, of any unit, that no manifest names', async () => {
    await using lake = await openLake();
    await lake.attempt('orders/copy/0').all([schema, row(1, 5), checkpoint(1)]);
    const orphan = lake.attempt('orders/copy/1');
    await orphan.recover(['orders']);
    let goOn = (): void => undefined;
    const paused = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const messages = (async function* (): AsyncGenerator<TargetMessage> {
      yield* [schema, row(7, 5), noCheckpoint(0)];
      await paused;
      yield checkpoint(9);
    })();
    const wake = await killAfter(orphan.write(messages), 1);
    expect(data(await lake.keys())).toHaveLength(2);
    await lake.attempt('finish').finish(['orders']);
    expect(data(await lake.keys())).toHaveLength(1);
    goOn();
    expect(await wake().catch((error: unknown) => error)).toMatchObject({ code: 'claim_lost' });
    expect(await lake.lines()).toEqual(['{"id":1}']);
  });

  it('keeps the state of a unit whose earlier run it fenced off', async () => {
    await using lake = await openLake();
    await killAfter(lake.attempt('u').write(until([schema, row(1), checkpoint(1), row(2), noCheckpoint(1)], never)), 2);
    await lake.attempt('finish').finish(['orders']);
    expect(await lake.attempt('u').recover(['orders'])).toEqual(state(1));
  });
});
