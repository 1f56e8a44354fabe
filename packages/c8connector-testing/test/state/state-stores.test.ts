import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openFileState, openMemoryStateStore, type StateStore } from 'c8connector';
import { afterAll, beforeAll } from 'vitest';
import { type StoreClock, testStateStore } from '../../src/index.ts';

let folder: string;
let count = 0;
/** The file of each store. */
const paths = new Map<StateStore, string>();
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stores-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function openAt(path: string, clock: StoreClock): Promise<StateStore> {
  const file = await openFileState(path, clock);
  const store = { ...file.store, [Symbol.asyncDispose]: () => file[Symbol.asyncDispose]() };
  paths.set(store, path);
  return store;
}

const nextPath = (): string => {
  count += 1;
  return join(folder, `${count}.json`);
};
const pathOf = (store: StateStore): string => paths.get(store) ?? '';

testStateStore({
  name: 'the store in a file',
  open: (clock) => openAt(nextPath(), clock),
  // The process that holds the file lives: the next one gets its current content.
  async reopen(crashed, clock) {
    const path = nextPath();
    await copyFile(pathOf(crashed), path);
    return await openAt(path, clock);
  },
  async damage(crashed) {
    const text = await readFile(pathOf(crashed), 'utf8');
    await writeFile(pathOf(crashed), text.slice(0, text.length / 2));
  },
  async openIn(at, clock) {
    const path = join(at, 'state.json');
    // Of the process of this test, which lives.
    await rm(`${path}.lock`, { force: true });
    return await openFileState(path, clock);
  },
});

testStateStore({
  name: 'the store in memory',
  open: async (clock) => openMemoryStateStore(undefined, clock),
  reopen: async (crashed, clock) => openMemoryStateStore(await crashed.load(), clock),
});
