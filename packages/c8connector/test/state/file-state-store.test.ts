import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { watch } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openFileStateStore } from '../../src/state/file-state-store.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'state-store-'));
  path = join(folder, 'orders.state.json');
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function stored(): Promise<Record<string, unknown>> {
  return JSON.parse(await readFile(path, 'utf8'));
}

describe('the file state store', () => {
  test('merges the bookmarks of a unit into the one state of the connection', async () => {
    await writeFile(path, JSON.stringify({ bookmarks: { b: { version: 1 } }, mine: 'kept' }));
    await using store = await openFileStateStore(path);
    const { epoch, state } = await store.claim('a', ['a']);
    expect(state.bookmarks).toEqual({});
    await store.commit('a', epoch, { bookmarks: { a: { version: 2 } } });
    expect(await stored()).toMatchObject({ mine: 'kept', bookmarks: { a: { version: 2 }, b: { version: 1 } } });
  });

  test('refuses the commit of an older epoch', async () => {
    await using store = await openFileStateStore(path);
    const first = await store.claim('a', ['a']);
    await store.claim('a', ['a']);
    await expect(store.commit('a', first.epoch, { bookmarks: { a: {} } })).rejects.toMatchObject({
      code: 'contract_broken',
    });
  });

  test('a run of many small streams does not write the file for each, and loses nothing when it ends', async () => {
    let writes = 0;
    const watcher = watch(folder, (_, name) => {
      if (name === 'orders.state.json') writes += 1;
    });
    {
      await using store = await openFileStateStore(path);
      await store.begin({ bookmarks: {} });
      for (let n = 0; n < 500; n += 1) {
        const unit = `stream ${n}`;
        const { epoch } = await store.claim(unit, [unit]);
        await store.keepColumns(unit, { id: 'long' });
        await store.commit(unit, epoch, { bookmarks: { [unit]: { version: 1, is_complete: true } } });
      }
    }
    watcher.close();
    expect(writes).toBeLessThan(50);
    const { bookmarks, c8_columns } = await stored();
    expect([bookmarks, c8_columns].map((each) => Object.keys(each as object).length)).toEqual([500, 500]);
  });

  test('a position is in the file as soon as it is committed', async () => {
    await using store = await openFileStateStore(path);
    const { epoch } = await store.claim('a', ['a']);
    for (let after = 1; after <= 3; after += 1) {
      await store.commit('a', epoch, { bookmarks: { a: { version: 1, after } } });
      expect(await stored()).toMatchObject({ bookmarks: { a: { after } } });
    }
  });

  test('what waits to be written is in the file a second later', async () => {
    await using store = await openFileStateStore(path);
    const { epoch } = await store.claim('a', ['a']);
    for (let version = 1; version <= 3; version += 1) await store.commit('a', epoch, { bookmarks: { a: { version } } });
    await vi.waitFor(async () => expect(await stored()).toMatchObject({ bookmarks: { a: { version: 3 } } }), 5000);
  });

  test('a unit that is claimed again in a run gets a higher epoch, and so does one of an older state file', async () => {
    await writeFile(path, JSON.stringify({ c8_epochs: { a: 7, b: 3 } }));
    await using store = await openFileStateStore(path);
    const epochs = [await store.claim('b', ['b']), await store.claim('a', ['a']), await store.claim('a', ['a'])];
    expect(epochs.map(({ epoch }) => epoch)).toEqual([8, 8, 9]);
  });

  test('epochs go on rising in the next run', async () => {
    const epochs: number[] = [];
    for (let n = 0; n < 2; n += 1) {
      await using store = await openFileStateStore(path);
      epochs.push((await store.claim('a', ['a'])).epoch);
    }
    expect(epochs).toEqual([1, 2]);
  });

  test('lets only one run have the state, and names the process that has it', async () => {
    await using _first = await openFileStateStore(path);
    await expect(openFileStateStore(path)).rejects.toMatchObject({
      code: 'state_locked',
      exitCode: 2,
      message: expect.stringContaining(`process ${process.pid}`),
    });
  });

  test('takes over the lock of a dead process at once', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'exit');
    await writeFile(
      `${path}.lock`,
      JSON.stringify({ pid: child.pid, startedAt: '1', host: (await import('node:os')).hostname() }),
    );
    await using store = await openFileStateStore(path);
    expect(await store.load()).toEqual({});
  });

  test('takes over the lock of an earlier process that had the number of a living one', async () => {
    await writeFile(
      `${path}.lock`,
      JSON.stringify({ pid: process.pid, startedAt: '1', host: (await import('node:os')).hostname() }),
    );
    await using store = await openFileStateStore(path);
    expect(await store.load()).toEqual({});
  });

  test('leaves nothing but the state behind, also not what a killed writer left', async () => {
    await writeFile(`${path}.a1b2.tmp`, '{"half');
    {
      await using store = await openFileStateStore(path);
      await store.begin({ bookmarks: {} });
    }
    expect(await readdir(folder)).toEqual(['orders.state.json']);
  });

  test.each(['garbage', '[1]', '{"bookmarks": 5}', '{"c8_epochs": {"a": "x"}}'])(
    'a state file that holds %s is named and left alone',
    async (text) => {
      await writeFile(path, text);
      await expect(openFileStateStore(path)).rejects.toMatchObject({
        code: 'state_unreadable',
        message: expect.stringContaining(path),
      });
      expect(await readFile(path, 'utf8')).toBe(text);
      expect(await readdir(folder)).toEqual(['orders.state.json']);
    },
  );
});
