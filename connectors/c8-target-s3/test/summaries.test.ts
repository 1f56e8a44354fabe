import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { TargetMessage } from 'c8connector';
import { describe, expect, it } from 'vitest';
import type { Store } from '../c8_target_s3/store.ts';
import { records, schemaOf } from './harness.ts';
import { type Lake, openLake } from './lake.ts';

const schema = schemaOf('orders', { id: { type: 'integer' } }, ['id']);
const row = (id: number) => records(schema, [`{"id":${id}}`], 5);
const bad = (id: number) => records(schema, [`{"id":${id}.5}`], 5);
const state = (at: number) => ({ patches: { orders: { kind: 'range', copy: 1, range: 0, position: { at } } } });
const checkpoint = (at: number): TargetMessage => ({ type: 'FLUSH', state: state(at), isCheckpoint: true });
const noCheckpoint = (at: number): TargetMessage => ({ type: 'FLUSH', state: state(at), isCheckpoint: false });
const activation: TargetMessage = { type: 'ACTIVATE_VERSION', stream: 'orders', version: 5 };

const numbersOf = (from: number, count: number) => Array.from({ length: count }, (_, index) => from + index);
/** A row and a commit for each of these ids. */
const rows = (from: number, count: number): TargetMessage[] =>
  numbersOf(from, count).flatMap((id) => [row(id), checkpoint(id)]);
/** As many commits without rows. */
const commits = (from: number, count: number): TargetMessage[] => numbersOf(from, count).map(checkpoint);
const linesOf = (from: number, count: number) => numbersOf(from, count).map((id) => `{"id":${id}}`);

const data = async (lake: Lake) => (await lake.keys()).filter((key) => !key.includes('_c8/'));
const letters = async (lake: Lake) => (await lake.keys()).filter((key) => key.includes('/rejected/'));

async function chainOf(lake: Lake): Promise<string> {
  return join(lake.root, dirname((await lake.keys()).find((key) => key.includes('/manifests/')) ?? ''));
}

const manifests = async (lake: Lake) =>
  (await readdir(await chainOf(lake))).map((name) => Number(name.slice(0, -5))).toSorted((one, two) => one - two);

/** Renames the manifests as if this many others had been written before them. */
async function asIfAfter(lake: Lake, count: number): Promise<void> {
  const chain = await chainOf(lake);
  const name = (number: number) => join(chain, `${String(number).padStart(10, '0')}.json`);
  for (const number of (await manifests(lake)).toReversed()) await rename(name(number), name(number + count));
}

/** Starts to write, and stops like a killed process once `reached` resolves. */
async function killedOnce(reached: Promise<void>, states: AsyncIterable<unknown>): Promise<void> {
  const writing = (async () => {
    for await (const _ of states);
  })();
  await Promise.race([reached, writing]);
}

/** A lake whose first deletion of manifests never happens, and a promise for that moment. */
async function openUndeletingLake(settings: Readonly<Record<string, unknown>> = {}) {
  let reach = (): void => undefined;
  let isKilled = false;
  const reached = new Promise<void>((resolve) => {
    reach = resolve;
  });
  const lake = await openLake(settings, (store: Store) => ({
    ...store,
    async delete(keys, signal) {
      if (isKilled || !keys.some((key) => key.includes('/manifests/'))) return await store.delete(keys, signal);
      isKilled = true;
      reach();
      return await new Promise<never>(() => undefined);
    },
  }));
  return { lake, reached };
}

describe('Every 1,000th manifest', () => {
  it('replaces those before it, and the committed objects stay the same', async () => {
    await using lake = await openLake();
    await lake.attempt('u').all([schema, ...rows(0, 2), activation, checkpoint(2)]);
    await asIfAfter(lake, 994);
    await lake.attempt('u').all([schema, ...rows(3, 3)]);
    expect(await manifests(lake)).toEqual([1000, 1001, 1002]);
    const lines = [...linesOf(0, 2), ...linesOf(3, 3)];
    expect(await lake.lines()).toEqual(lines);
    const states = lake.attempt('u').write([schema, row(9), noCheckpoint(5), row(10)]);
    await states[Symbol.asyncIterator]().next();
    expect(await lake.attempt('u').recover(['orders'])).toEqual(state(5));
    expect(await lake.lines()).toEqual(lines);
    expect(await data(lake)).toHaveLength(lines.length);
  });

  it('replaces them too if the process is killed before they are deleted, which the next one does', async () => {
    const { lake, reached } = await openUndeletingLake();
    await using _ = lake;
    await lake.attempt('u').all([schema, ...rows(0, 1)]);
    await asIfAfter(lake, 996);
    const attempt = lake.attempt('u');
    await attempt.recover(['orders']);
    await killedOnce(reached, attempt.write([schema, ...rows(1, 2)]));
    expect(await manifests(lake)).toEqual([997, 998, 999, 1000]);
    expect(await lake.lines()).toEqual(linesOf(0, 2));
    expect(await lake.attempt('u').recover(['orders'])).toEqual(state(1));
    expect(await manifests(lake)).toEqual([1000, 1001]);
    expect(await lake.lines()).toEqual(linesOf(0, 2));
    expect(await data(lake)).toHaveLength(2);
  });

  it('keeps the dead letters of those before it, which neither the next run nor the end of a run deletes', async () => {
    await using lake = await openLake({ format: 'parquet' });
    await lake.attempt('u').all([schema, row(0), bad(1), checkpoint(1)]);
    await asIfAfter(lake, 996);
    await lake.attempt('u').all([schema, bad(2), checkpoint(2), bad(3), checkpoint(3)]);
    expect(await manifests(lake)).toEqual([1000, 1001]);
    const named = await letters(lake);
    expect(named).toHaveLength(3);
    const states = lake.attempt('u').write([schema, bad(4), noCheckpoint(4), row(5)]);
    await states[Symbol.asyncIterator]().next();
    expect(await letters(lake)).toHaveLength(4);
    await lake.attempt('seal').finish(['orders']);
    expect(await letters(lake)).toEqual(named);
    expect(await lake.attempt('u').recover(undefined)).toEqual(state(3));
    expect(await letters(lake)).toEqual(named);
    expect(await data(lake)).toHaveLength(1);
  });
});

describe('Every 50th manifest', () => {
  it('spares readers those before it, back to the summary', async () => {
    const read: string[] = [];
    await using lake = await openLake({}, (store) => ({
      ...store,
      async read(key, signal) {
        read.push(key);
        return await store.read(key, signal);
      },
    }));
    const attempt = lake.attempt('u');
    await attempt.all([schema, ...rows(0, 10)]);
    await asIfAfter(lake, 987);
    await lake
      .attempt('u')
      .all([schema, activation, ...rows(10, 5), ...commits(15, 90), ...rows(15, 5), ...commits(105, 48)]);
    expect(await manifests(lake)).toEqual(numbersOf(1000, 148));
    read.length = 0;
    expect(await lake.lines()).toEqual(linesOf(0, 20));
    expect(read.length).toBeLessThanOrEqual(51);
  });

  it('has no sinceSummary in a chain that an earlier release began, and its objects count all the same', async () => {
    await using lake = await openLake();
    await lake.attempt('u').all([schema, ...rows(0, 2), ...commits(2, 45), ...rows(2, 3)]);
    const file = join(await chainOf(lake), '0000000050.json');
    const { sinceSummary, ...earlier } = JSON.parse(await readFile(file, 'utf8'));
    expect(sinceSummary.objects).toHaveLength(4);
    await writeFile(file, JSON.stringify(earlier));
    expect(await lake.lines()).toEqual(linesOf(0, 5));
    await lake.attempt('u').all([schema, ...rows(5, 2), ...commits(60, 45), ...rows(7, 3)]);
    expect(await lake.lines()).toEqual(linesOf(0, 10));
  });

  it('keeps dead letters and activations for the summary', async () => {
    await using lake = await openLake({ format: 'parquet' });
    await lake.attempt('u').all([schema, row(0), bad(1), activation, checkpoint(1)]);
    await asIfAfter(lake, 947);
    await lake.attempt('u').all([schema, row(2), checkpoint(2), bad(3), checkpoint(3), ...commits(4, 48)]);
    expect(await manifests(lake)).toEqual([1000]);
    const text = await readFile(join(await chainOf(lake), '0000001000.json'), 'utf8');
    const { activates, objects, rejected } = JSON.parse(text);
    expect(activates).toEqual([{ stream: 'orders', version: 5 }]);
    expect([objects, rejected].map(({ length }) => length)).toEqual([2, 2]);
  });

  it('is written by only one of two concurrent runs, and each row counts once', async () => {
    await using lake = await openLake();
    const first = lake.attempt('u');
    await first.recover(['orders']);
    const states = first.write([schema, ...rows(0, 1), ...commits(1, 47), ...rows(48, 1)]);
    const iterator = states[Symbol.asyncIterator]();
    for (let at = 0; at < 48; at += 1) await iterator.next();
    const second = lake.attempt('u');
    const [last, recovered] = await Promise.allSettled([iterator.next(), second.recover(['orders'])]);
    const isCommitted = last.status === 'fulfilled';
    expect(recovered).toEqual({ status: 'fulfilled', value: state(isCommitted ? 48 : 47) });
    if (!isCommitted) expect(last.reason).toMatchObject({ code: 'claim_lost' });
    for await (const _ of second.write([schema, ...(isCommitted ? [] : rows(48, 1))]));
    expect(await lake.lines()).toEqual(['{"id":0}', '{"id":48}']);
    expect(await data(lake)).toHaveLength(2);
  });
});
