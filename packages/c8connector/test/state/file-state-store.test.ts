import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
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
