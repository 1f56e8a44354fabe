import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type ConnectionState,
  connectionStore,
  type DeliveryLog,
  openMemoryStateStore,
  parseValue,
  stringifyValue,
  type Value,
} from 'c8connector';
import { expect, test } from 'vitest';
import {
  NotRunnable,
  runCheck,
  type StateStoreTestOptions,
  type StoreInFolder,
  stateStoreChecks,
  stateStoreContext,
} from '../../src/checks.ts';

/** How a store in files may be another way than it should be. */
interface Habits {
  readonly writes?: 'beside the file' | 'in its place';
  readonly syncs?: 'file and folder' | 'the file' | 'the folder' | 'nothing' | 'the file once it has its name';
  /** Whether what can wait is written without a sync. */
  readonly isHasty?: boolean;
  readonly syncsLedger?: 'each entry' | 'nothing' | 'the first entry';
  readonly syncsFolderOfLedger?: boolean;
}

async function textOf(path: string): Promise<string> {
  return await readFile(path, 'utf8').catch(() => '');
}

async function sync(path: string): Promise<void> {
  await using file = await open(path, 'r');
  await file.sync();
}

/** A state in a file and a ledger beside it. */
async function openIn(folder: string, habits: Habits): Promise<StoreInFolder> {
  const { writes = 'beside the file', isHasty = false } = habits;
  const path = join(folder, 'state.json');
  const text = await textOf(path);
  const initial: ConnectionState =
    text === ''
      ? { connection: 'x', generation: 1, lastVersion: 0, lastEpoch: 0, streams: {}, rest: {} }
      : (parseValue(text) as unknown as ConnectionState);
  const write = async (state: ConnectionState, syncs: Habits['syncs']): Promise<void> => {
    const draft = writes === 'in its place' ? path : `${path}.draft`;
    {
      await using file = await open(draft, 'w');
      await file.writeFile(stringifyValue(state as unknown as Value));
      if (syncs === 'file and folder' || syncs === 'the file') await file.sync();
    }
    if (draft !== path) await rename(draft, path);
    if (syncs === 'the file once it has its name') await sync(path);
    if (syncs === 'file and folder' || syncs === 'the folder') await sync(folder);
  };
  const store = connectionStore(initial, {
    save: async (state, { canWait }) =>
      await write(state(), canWait && isHasty ? 'nothing' : (habits.syncs ?? 'file and folder')),
    close: async () => undefined,
    now: Date.now,
  });
  return { store, deliveries: ledgerIn(folder, habits), [Symbol.asyncDispose]: async () => undefined };
}

/** The simplest ledger, by functions that do not wait. */
function ledgerIn(folder: string, { syncsLedger = 'each entry', syncsFolderOfLedger = true }: Habits): DeliveryLog {
  const path = join(folder, 'ledger');
  return {
    async open() {
      const lines = (await textOf(path)).split('\n');
      return {
        has: ({ row }) => lines.includes(row),
        async add({ row }) {
          const isFirst = lines.every((line) => line === '');
          lines.push(row);
          const file = openSync(path, 'a');
          writeSync(file, `${row}\n`);
          if (syncsLedger === 'each entry' || (syncsLedger === 'the first entry' && isFirst)) fdatasyncSync(file);
          closeSync(file);
          if (syncsFolderOfLedger) await sync(folder);
        },
        markBoundary: async () => false,
        [Symbol.asyncDispose]: async () => undefined,
      };
    },
    retain: async () => undefined,
  };
}

/** What the checks of a power failure find. */
async function findings(options: Partial<StateStoreTestOptions>): Promise<string[]> {
  const context = stateStoreContext({
    name: 'a store in files',
    open: async (clock) => openMemoryStateStore(undefined, clock),
    reopen: async (crashed, clock) => openMemoryStateStore(await crashed.load(), clock),
    ...options,
  });
  const found: string[] = [];
  for (const check of stateStoreChecks.filter(({ number }) => number >= 20)) {
    await runCheck(check, context).catch((error: Error) => {
      found.push(error instanceof NotRunnable ? `${check.number} is skipped: ${error.message}` : error.message);
    });
  }
  return found;
}

const foundIn = (habits: Habits) => findings({ openIn: (folder) => openIn(folder, habits) });

test('a store that syncs its files and their folder has no finding', async () => {
  expect(await foundIn({})).toEqual([]);
});

test.each<[string, Habits, string]>([
  [
    'syncs nothing',
    { syncs: 'nothing', syncsFolderOfLedger: false, syncsLedger: 'nothing' },
    'lost what was not synced',
  ],
  ['does not sync the folder', { syncs: 'the file' }, 'lost what was not synced'],
  ['does not sync the file', { syncs: 'the folder' }, 'lost what was not synced'],
  ['syncs the file only once it has its name', { syncs: 'the file once it has its name' }, 'lost what was not synced'],
  ['writes in the place of what there is', { syncs: 'nothing', writes: 'in its place' }, 'lost what was not synced'],
])('20 finds a store that %s', async (_, habits, found) => {
  expect((await foundIn(habits))[0]).toMatch(
    new RegExp(`^20 .*the state of a begin, after a power failure that ${found}`, 's'),
  );
});

test('20 finds a store that replaces synced bytes with bytes that are not synced', async () => {
  expect(await foundIn({ isHasty: true })).toEqual([
    expect.stringMatching(/^20 .*durable before a change that can wait, after a power failure that lost bytes/s),
  ]);
});

test.each<[string, Habits, string]>([
  ['syncs nothing', { syncsLedger: 'nothing' }, '[1]'],
  ['syncs only the first entry', { syncsLedger: 'the first entry' }, '[2]'],
  ['does not sync the folder', { syncsFolderOfLedger: false }, '[1]'],
])('21 and not 20 finds a ledger that %s', async (_, habits, row) => {
  const [finding = '', ...others] = await foundIn(habits);
  expect(finding).toMatch(/^21 /);
  expect(finding).toContain(
    `expected: the row ${row} in the ledger after a power failure that lost what was not synced`,
  );
  expect(others).toEqual([]);
});

test('a store without files, or without a ledger, gets a list of what is not checked', async () => {
  expect(await findings({})).toEqual([
    expect.stringMatching(/^20 is skipped: `openIn` is not given/),
    expect.stringMatching(/^21 is skipped: `openIn` is not given/),
  ]);
  const storeAlone = async (folder: string): Promise<StoreInFolder> => {
    const { deliveries: _, ...store } = await openIn(folder, {});
    return store;
  };
  expect(await findings({ openIn: storeAlone })).toEqual([
    expect.stringMatching(/^21 is skipped: `openIn` gives no `deliveries`/),
  ]);
});
