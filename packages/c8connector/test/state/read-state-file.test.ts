import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { begin } from '../../src/replication/methods.ts';
import { openFileState } from '../../src/state/file-state-store.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'state-file-'));
  path = join(folder, 'orders.state.json');
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

type File = Record<string, never> & { bookmarks: Record<string, unknown>; c8: Record<string, unknown> };
const stored = async (): Promise<File> => JSON.parse(await readFile(path, 'utf8'));
const loaded = async () => {
  await using file = await openFileState(path);
  return await file.store.load();
};

const key = { method: 'INCREMENTAL', replicationKey: 'id' } as const;

/** A file of an unfinished run with a copy, an increment and a bookmark of another tap. */
async function writeFileOfRun(): Promise<void> {
  await writeFile(path, JSON.stringify({ bookmarks: { other: { xmin: 5 } }, mine: 'kept' }));
  await using file = await openFileState(path);
  const { state } = await file.store.begin({ run: 'first', place: 'here', streams: ['copied', 'items', 'users'] });
  for (const [stream, how] of [
    ['items', { method: 'FULL_TABLE' }],
    ['users', key],
  ] as const) {
    const unit = `${stream}/begin`;
    const { epoch } = await file.store.claim(unit, state.generation);
    await file.store.put(unit, epoch, stream, begin(how, await file.store.version(unit, epoch)));
  }
  const { users, items } = (await file.store.load()).streams;
  const { epoch } = await file.store.claim('users/increment', state.generation);
  const progress = { ...users, value: 7 } as NonNullable<typeof users>;
  await file.store.commit('users/increment', epoch, { patches: { users: { kind: 'increment', progress } } } as never);
  const copy = await file.store.claim('items/copy/0', state.generation);
  const patch = { kind: 'range', copy: items?.copy, range: 0, position: { id: 3 } };
  await file.store.commit('items/copy/0', copy.epoch, { patches: { items: patch } } as never);
}

describe('a bookmark that was edited', () => {
  test('resumes from there, as its own copy; the other streams are unchanged', async () => {
    await writeFileOfRun();
    const before = await loaded();
    const file = await stored();
    Object.assign(file.bookmarks.users as object, { replication_key_value: 4 });
    await writeFile(path, JSON.stringify(file));
    const { streams, lastVersion } = await loaded();
    expect(streams.items).toEqual(before.streams.items);
    const { copy, ...rest } = streams.users ?? { copy: 0 };
    expect(rest).toEqual({ ...key, version: before.streams.users?.version, value: 4 });
    expect(copy).toBeGreaterThan(before.lastVersion);
    expect(lastVersion).toBe(copy);
  });

  test.each<[string, object | undefined, object | undefined]>([
    ['is taken without its version', { replication_key: 'id', replication_key_value: 9 }, { value: 9 }],
    ['is taken with another version', { replication_key: 'id', version: 5 }, { version: 5 }],
    ['is taken from another method', { last_replication_method: 'LOG_BASED', lsn: 99 }, { method: 'LOG_BASED' }],
    ['is gone, and the stream starts over', undefined, undefined],
    ['is empty, and the stream starts over', {}, undefined],
    ['cannot be resumed, and the stream starts over', { xmin: 12 }, undefined],
  ])('%s', async (_name, bookmark, expected) => {
    await writeFileOfRun();
    const before = await loaded();
    const { bookmarks, ...file } = await stored();
    const { users: _, ...others } = bookmarks;
    const edited = bookmark === undefined ? others : { ...others, users: bookmark };
    await writeFile(path, JSON.stringify({ ...file, bookmarks: edited }));
    const { streams } = await loaded();
    expect(streams.items).toEqual(before.streams.items);
    if (expected === undefined) expect(streams.users).toBeUndefined();
    else expect(streams.users).toMatchObject({ version: before.streams.users?.version, ...expected });
    if (expected !== undefined) expect(streams.users?.copy).toBeGreaterThan(before.lastVersion);
  });

  test('of a stream that was never read is resumed', async () => {
    await writeFileOfRun();
    const file = await stored();
    file.bookmarks.orders = { replication_key: 'id', replication_key_value: 1 };
    await writeFile(path, JSON.stringify(file));
    expect((await loaded()).streams.orders).toMatchObject({ ...key, value: 1, version: 0 });
  });

  test('is not detected when another program only reformats the file', async () => {
    await writeFileOfRun();
    const before = await loaded();
    const { bookmarks, ...rest } = await stored();
    const turned = Object.entries(bookmarks).map(([stream, bookmark]) => [
      stream,
      Object.fromEntries(Object.entries(bookmark as object).reverse()),
    ]);
    await writeFile(
      path,
      `\ufeff${JSON.stringify({ bookmarks: Object.fromEntries(turned.reverse()), ...rest }, null, 8)}`,
    );
    const after = await loaded();
    expect(after).toEqual(before);
    expect(after.rest).toEqual({ mine: 'kept', bookmarks: { other: { xmin: 5 } } });
  });

  test('keeps its copy from then on', async () => {
    await writeFileOfRun();
    const file = await stored();
    Object.assign(file.bookmarks.users as object, { replication_key_value: 4 });
    await writeFile(path, JSON.stringify(file));
    const opened = await openFileState(path);
    await opened.store.begin({ run: 'second', place: 'here', streams: ['items', 'users'] });
    const { streams } = await opened.store.load();
    await opened[Symbol.asyncDispose]();
    expect((await loaded()).streams).toEqual(streams);
  });
});

describe('the file of the format before', () => {
  const text = JSON.stringify({
    currently_syncing: 'b',
    bookmarks: {
      a: { last_replication_method: 'FULL_TABLE', version: 1700000000001, is_complete: true },
      b: { last_replication_method: 'FULL_TABLE', version: 1700000000002, id: 7 },
    },
    mine: 'kept',
    c8_epochs: { a: 7, b: 3 },
    c8_columns: { a: { id: 'long' } },
  });

  test('is resumed and rewritten, with a copy of it beside', async () => {
    await writeFile(path, text);
    {
      await using file = await openFileState(path);
      expect(await readdir(folder)).toEqual(['orders.state.json', 'orders.state.json.lock']);
      const { state, isResumed, run } = await file.store.begin({ run: 'x', place: 'here', streams: ['a', 'b'] });
      expect([isResumed, state.rest]).toEqual([true, { mine: 'kept' }]);
      expect(state.streams).toEqual({
        a: { method: 'FULL_TABLE', phase: 'copied', copy: 1700000000001, version: 1700000000001, run },
        b: {
          ...{ method: 'FULL_TABLE', phase: 'copying', copy: 1700000000002, version: 1700000000002 },
          ranges: [{ from: null, to: null, position: { id: 7 } }],
        },
      });
      const { epoch } = await file.store.claim('b/copy/0', state.generation);
      expect(epoch).toBeGreaterThan(7);
      expect(await file.columns.keep('a', { id: 'long' })).toEqual({ id: 'long' });
    }
    expect(await readFile(`${path}.v1`, 'utf8')).toBe(text);
    const { c8, ...singer } = await stored();
    expect(Object.keys(singer)).toEqual(['currently_syncing', 'mine', 'bookmarks']);
    expect(c8).toMatchObject({ format: 2, place: 'here', columns: { a: { id: 'long' } } });
    expect(await readdir(folder)).toEqual(['orders.state.json', 'orders.state.json.v1']);
  });

  test('is not changed by a read-only command', async () => {
    await writeFile(path, text);
    await loaded();
    expect(await readFile(path, 'utf8')).toBe(text);
    expect(await readdir(folder)).toEqual(['orders.state.json']);
  });
});

test('the state of another tap is resumed where it can be, and versions rise above its own', async () => {
  const future = Date.now() + 10 ** 9;
  const bookmarks = {
    a: { last_replication_method: 'INCREMENTAL', replication_key: 'id', replication_key_value: 12345678901234567890n },
    b: { last_replication_method: 'FULL_TABLE', version: future, xmin: 5 },
    c: { last_replication_method: 'FULL_TABLE', version: future },
  };
  const { stringifyValue } = await import('../../src/jsonl/values.ts');
  await writeFile(path, stringifyValue({ bookmarks, currently_syncing: null, global: { lsn: 1 } }));
  await using file = await openFileState(path);
  const { state, isResumed } = await file.store.begin({ run: 'x', place: 'here', streams: ['a', 'b', 'c'] });
  expect(isResumed).toBe(false);
  expect(state.streams).toMatchObject({ a: { value: '12345678901234567890' }, c: { version: future } });
  expect(state.rest).toEqual({ global: { lsn: 1 }, bookmarks: { b: bookmarks.b } });
  const { epoch } = await file.store.claim('c/begin', state.generation);
  expect(await file.store.version('c/begin', epoch)).toBe(future + 1);
  expect(await readFile(path, 'utf8')).toContain('"replication_key_value":12345678901234567890');
});

describe('a file that cannot be read', () => {
  const good = {
    ...{ format: 2, connection: 'x', generation: 1, lastVersion: 1, lastEpoch: 1 },
    ...{ streams: {}, columns: {} },
  };
  const copying = { method: 'FULL_TABLE', phase: 'copying', copy: 1, version: 1, ranges: [{ from: null, to: null }] };
  const c8 = (changed: object) => JSON.stringify({ c8: { ...good, ...changed } });
  const stream = (changed: object) => c8({ streams: { 'a b': { ...copying, ...changed } } });

  test.each([
    ['garbage', 'not JSON'],
    ['', 'empty'],
    ['[1]', 'not a JSON object'],
    ['{"bookmarks": 5}', 'bookmarks'],
    ['{"c8_epoch": "x"}', 'c8_epoch'],
    ['{"c8_epochs": {"a": "x"}}', 'c8_epochs'],
    ['{"c8_columns": {"a": 5}}', 'c8_columns'],
    ['{"c8": 5}', 'c8'],
    [c8({ format: 3 }), 'a newer version'],
    [c8({ format: '2' }), 'c8.format'],
    [c8({ connection: '' }), 'c8.connection'],
    [c8({ generation: 1.5 }), 'c8.generation'],
    [c8({ lastVersion: null }), 'c8.lastVersion'],
    [c8({ lastEpoch: -1 }), 'c8.lastEpoch'],
    [c8({ place: 5 }), 'c8.place'],
    [c8({ run: {} }), 'c8.run'],
    [c8({ run: { id: 'x', refreshed: [1] } }), 'c8.run'],
    [c8({ hasOwnState: false }), 'c8.hasOwnState'],
    [c8({ streams: [] }), 'c8.streams'],
    [c8({ columns: { a: { id: 1 } } }), 'c8.columns["a"]'],
    [c8({ streams: { 'a b': 5 } }), 'c8.streams["a b"] '],
    [stream({ method: 'CDC' }), 'c8.streams["a b"].method'],
    [stream({ copy: 'x' }), 'c8.streams["a b"].copy'],
    [stream({ phase: 'following' }), 'c8.streams["a b"].phase'],
    [stream({ phase: 'copied' }), 'c8.streams["a b"].run'],
    [stream({ ranges: [] }), 'c8.streams["a b"].ranges'],
    [stream({ ranges: [{ from: null, to: null, position: 5 }] }), 'c8.streams["a b"].ranges[0].position'],
    [stream({ method: 'INCREMENTAL' }), 'c8.streams["a b"].replicationKey'],
    [stream({ method: 'LOG_BASED' }), 'c8.streams["a b"].logPosition'],
  ])('such as %s is reported with the problem, and not changed', async (text, problem) => {
    await writeFile(path, text);
    const opened = openFileState(path);
    await expect(opened).rejects.toMatchObject({ code: 'state_unreadable', exitCode: 2, details: { file: path } });
    await expect(opened).rejects.toThrow(path);
    await expect(opened).rejects.toThrow(problem);
    expect(await readFile(path, 'utf8')).toBe(text);
    expect(await readdir(folder)).toEqual(['orders.state.json']);
  });

  test('is distinguished from a valid one', async () => {
    await writeFile(path, stream({}));
    // A stream without its bookmark was reset by hand.
    expect((await loaded()).connection).toBe('x');
  });
});
