import { spawn, spawnSync } from 'node:child_process';
import { watch } from 'node:fs';
import { lstat, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Progress, UnitState } from '../../src/interface/progress.ts';
import type { State } from '../../src/interface/state.ts';
import { begin } from '../../src/replication/methods.ts';
import { openFileState } from '../../src/state/file-state-store.ts';
import type { StateStore } from '../../src/state/state-store.ts';
import { programPath } from '../fixtures/program-path.ts';

/** A mount namespace of its own, in which anybody may mount. */
const unshare = ['unshare', '--user', '--map-root-user', '--mount'] as const;
const canMount = spawnSync(unshare[0], [...unshare.slice(1), 'mount', '-t', 'tmpfs', 'none', tmpdir()]).status === 0;
if (!canMount) console.info('no small disk can be mounted here: the test of a real full disk is skipped');

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'state-store-'));
  path = join(folder, 'orders.state.json');
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const stored = async () => JSON.parse(await readFile(path, 'utf8'));

/** Begins a run of these streams, and each of them as a copy in two ranges. */
async function beginCopies(store: StateStore, streams: readonly string[]): Promise<number> {
  const { state } = await store.begin({ run: 'first', place: 'here', streams });
  for (const stream of streams) {
    const { epoch } = await store.claim(`${stream}/begin`, state.generation);
    const version = await store.version(`${stream}/begin`, epoch);
    const parts = [
      { from: null, to: 500 },
      { from: 500, to: null },
    ];
    await store.put(`${stream}/begin`, epoch, stream, begin({ method: 'FULL_TABLE' }, version, { parts }));
  }
  return state.generation;
}

const rangeOf = (stream: string, copy: number, range: number, position?: object): UnitState => ({
  patches: {
    [stream]: { kind: 'range', copy, range, ...(position === undefined ? { isDone: true } : { position }) },
  } as UnitState['patches'],
});

describe('the file of a state', () => {
  test('has what two units that run at the same time committed, each in its own progress', async () => {
    {
      await using file = await openFileState(path);
      const generation = await beginCopies(file.store, ['orders']);
      const [one, other] = [
        await file.store.claim('orders/copy/0', generation),
        await file.store.claim('orders/copy/1', generation),
      ];
      expect(other.epoch).toBeGreaterThan(one.epoch);
      const copy = one.state.streams.orders?.copy ?? 0;
      await file.store.commit('orders/copy/1', other.epoch, rangeOf('orders', copy, 1, { id: 700 }));
      await file.store.commit('orders/copy/0', one.epoch, rangeOf('orders', copy, 0, { id: 250 }));
    }
    const ranges = [
      { from: null, to: 500, position: { id: 250 } },
      { from: 500, to: null, position: { id: 700 } },
    ];
    const file = await stored();
    expect(file.c8.streams).toEqual({ orders: expect.objectContaining({ phase: 'copying', ranges }) });
    expect(file.bookmarks).toEqual({ orders: expect.objectContaining({ ranges }) });
    expect([file.currently_syncing, file.c8.format]).toEqual(['orders', 2]);
  });

  test('is created with the first change, readable only by its owner, and leaves nothing beside it', async () => {
    {
      await using file = await openFileState(path);
      await file.store.load();
      expect(await readdir(folder)).toEqual(['orders.state.json.lock']);
      await writeFile(`${path}.a1b2.tmp`, '{"half');
    }
    {
      await using file = await openFileState(path);
      await file.store.begin({ run: 'x', place: 'here', streams: [] });
      expect((await stat(path)).mode & 0o777).toBe(0o600);
    }
    expect(await readdir(folder)).toEqual(['orders.state.json']);
  });

  test('returns what was stored, with every digit', async () => {
    const progress: Progress = {
      ...{ method: 'LOG_BASED', phase: 'following', copy: 5, version: 6 },
      logPosition: { lsn: 18446744073709551615n, text: '1.50', more: [0.1, 2 ** 53 - 1] },
    };
    let loaded: unknown;
    for (let run = 0; run < 2; run++) {
      await using file = await openFileState(path);
      if (run === 0) {
        const { state } = await file.store.begin({ run: 'first', place: 'here', streams: ['a'] });
        const { epoch } = await file.store.claim('a/begin', state.generation);
        await file.store.put('a/begin', epoch, 'a', progress);
      } else expect(await file.store.load()).toEqual(loaded);
      loaded = await file.store.load();
    }
    expect(await readFile(path, 'utf8')).toContain('"lsn":18446744073709551615,');
  });

  test('under a symbolic link is replaced and locked at its target, and the link remains', async () => {
    const real = join(folder, 'volume');
    await mkdir(real);
    await symlink('volume/state.json', path);
    for (const run of ['first', 'second']) {
      await using file = await openFileState(path);
      await file.store.begin({ run, place: run, streams: [] });
      await expect(openFileState(join(real, 'state.json'))).rejects.toMatchObject({ code: 'state_locked' });
    }
    expect((await lstat(path)).isSymbolicLink()).toBe(true);
    expect([await readdir(folder), await readdir(real)]).toEqual([['orders.state.json', 'volume'], ['state.json']]);
    expect((await stored()).c8.place).toBe('second');
  });

  test('has what must not be lost at once, and what can wait within a second, with one write', async () => {
    await using file = await openFileState(path);
    const generation = await beginCopies(file.store, ['orders']);
    const { epoch, state } = await file.store.claim('orders/copy/0', generation);
    const copy = state.streams.orders?.copy ?? 0;
    for (let id = 1; id <= 3; id++) {
      await file.store.commit('orders/copy/0', epoch, rangeOf('orders', copy, 0, { id }));
      expect((await stored()).c8.streams.orders.ranges[0]).toMatchObject({ position: { id } });
    }
    await file.store.commit('orders/copy/0', epoch, rangeOf('orders', copy, 0));
    expect((await stored()).c8.streams.orders.ranges[0]).not.toHaveProperty('isDone');
    await vi.waitFor(async () => expect((await stored()).c8.streams.orders.ranges[0]).toHaveProperty('isDone'), {
      timeout: 10_000,
    });
  });

  test('is written only a few times for many small streams, and has all of them at the end', async () => {
    let writes = 0;
    const watcher = watch(folder, (_, name) => {
      if (name === 'orders.state.json') writes += 1;
    });
    const streams = Array.from({ length: 500 }, (_, n) => `stream ${n}`);
    {
      await using file = await openFileState(path);
      const generation = await beginCopies(file.store, streams);
      for (const stream of streams) {
        const unit = `${stream}/copy/0`;
        const { epoch, state } = await file.store.claim(unit, generation, [stream]);
        await file.columns.keep(stream, { id: 'long' });
        await file.store.commit(unit, epoch, rangeOf(stream, state.streams[stream]?.copy ?? 0, 0));
      }
      await file.store.finish('first');
      expect(Object.keys((await stored()).c8.streams)).toEqual(streams);
    }
    watcher.close();
    expect(writes).toBeLessThan(50);
    expect(Object.keys((await stored()).c8.columns)).toEqual(streams);
  });

  test('keeps the columns of the last run', async () => {
    {
      await using file = await openFileState(path);
      expect(await file.columns.keep('a', { id: 'integer' })).toBeUndefined();
      expect(await file.columns.keep('a', { id: 'text' })).toEqual({ id: 'integer' });
    }
    await using file = await openFileState(path);
    expect(await file.columns.keep('a', { id: 'text' })).toEqual({ id: 'text' });
  });

  test.skipIf(!canMount)('on a disk that is full rejects what needs it, and stays as it was', async () => {
    const mount = `mount -t tmpfs -o size=64k none '${folder}' && exec '${process.execPath}' '${programPath('locked-state-main')}' '${path}' 5000`;
    const child = spawn(unshare[0], [...unshare.slice(1), 'sh', '-c', mount], { stdio: ['pipe', 'pipe', 'inherit'] });
    child.stdin.end(['save before', 'fill', 'save after', 'show', 'release'].join('\n'));
    const lines: string[] = [];
    for await (const line of createInterface({ input: child.stdout })) lines.push(line);
    expect(lines).toEqual(['held', 'save done', 'fill done', 'disk_full', 'place before', 'show done', 'release done']);
  });
});

test.skipIf(!canMount).each([
  ['without room', 'size=4k', 'dd if=/dev/zero of="$0/fill" bs=512 2>/dev/null; true'],
  ['without room for one file more', 'size=64k,nr_inodes=1', 'true'],
])('a disk that is full from the start, %s, is disk_full and no unreadable state', async (_, options, fill) => {
  const program = `exec '${process.execPath}' '${programPath('locked-state-main')}' '${path}' 5000`;
  const script = `mount -t tmpfs -o ${options} none "$0" && { ${fill}; } && ${program}`;
  const child = spawn(unshare[0], [...unshare.slice(1), 'sh', '-c', script, folder], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end('release');
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) lines.push(line);
  expect(lines).toEqual(['disk_full']);
});

describe('a source that keeps its own state', () => {
  const own =
    '{"log_position":"0/16B3748","bookmarks":{"a":{"initial_full_table_complete":true},"b":{},"c":{"replication_key":"id","n":9007199254740993,"d":1.50}},"odd":[1e400],"currently_syncing":"a"}';

  test('gets back the content of its own file, and what it committed, unchanged', async () => {
    const { parseValue, stringifyValue } = await import('../../src/jsonl/values.ts');
    await writeFile(path, own);
    {
      await using file = await openFileState(path);
      const { state } = await file.store.begin({ run: 'x', place: 'here' });
      expect(stringifyValue(state.rest)).toBe(own);
    }
    const committed = parseValue(own.replace('16B3748', '16B3749')) as State;
    {
      await using file = await openFileState(path);
      const { state, isResumed, run } = await file.store.begin({ run: 'y', place: 'here' });
      expect([stringifyValue(state.rest), isResumed]).toEqual([own, true]);
      const { epoch } = await file.store.claim('tap', state.generation);
      await file.store.commit('tap', epoch, committed);
      await file.store.finish(run);
    }
    const { c8: _, ...singer } = parseValue(await readFile(path, 'utf8')) as State;
    expect(singer).toEqual(committed);
    await using file = await openFileState(path);
    expect(stringifyValue((await file.store.load()).rest)).toBe(stringifyValue(committed));
  });

  test('finds nothing in a new file', async () => {
    await using file = await openFileState(path);
    expect((await file.store.begin({ run: 'x', place: 'here' })).state.rest).toEqual({});
  });
});
