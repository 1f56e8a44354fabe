/// <reference lib="esnext.disposable" preserve="true" />
import { type Check, NotRunnable } from '../check.ts';
import { type TemporaryFolder, temporaryFolder } from '../program/temporary-folder.ts';
import { holds, same } from './expected.ts';
import { checkDurable, checkFinished, checkUnharmed } from './kept-states.ts';
import { type Loss, type SyncedFolders, syncedFolders } from './power-failure.ts';
import type { StateStoreContext, StoreInFolder } from './state-store-context.ts';

const losses: readonly Loss[] = ['what was not synced', 'bytes that were not synced'];
const where =
  'sync each file before it is renamed or counts, and then the folder that contains it; writeFileAtomically of the core does both';

/** 20 */
export const survivingStore: Check<StateStoreContext> = {
  number: 20,
  title:
    'once a call has resolved, its change survives a power failure: the files are synced, and the folders that contain them',
  where,
  async run(context) {
    for (const loss of losses) {
      for (const check of [checkDurable, checkUnharmed, checkFinished]) {
        await using machine = await openMachine(context, loss);
        const first = await machine.powerOn();
        await check(
          first.store,
          async () => (await machine.powerFailure()).store,
          `after a power failure that lost ${loss}`,
        );
      }
    }
  },
};

/** 21 */
export const survivingLedger: Check<StateStoreContext> = {
  number: 21,
  title: 'entries of the ledger of actions survive a power failure, so that no call is made twice',
  where,
  async run(context) {
    for (const loss of losses) {
      await using machine = await openMachine(context, loss);
      let { deliveries } = await machine.powerOn();
      for (const row of ['[1]', '[2]', '[3]']) {
        if (deliveries === undefined)
          throw new NotRunnable('`openIn` gives no `deliveries`: there is no ledger in the folder of the store');
        const ledger = await deliveries.open('scope', null);
        await ledger.add({ stream: 'a', row });
        ({ deliveries } = await machine.powerFailure());
        const again = await deliveries?.open('scope', null);
        const has = again?.has({ stream: 'a', row }) === true;
        holds(`the row ${row} in the ledger after a power failure that lost ${loss}`, has, has ? 'it is' : 'it is not');
        same('a row that was never added', again?.has({ stream: 'a', row: '[4]' }), false);
        await again?.[Symbol.asyncDispose]();
      }
    }
  },
};

/** A machine with power failures, and its folder. */
interface Machine extends AsyncDisposable {
  powerOn(): Promise<StoreInFolder>;
  powerFailure(): Promise<StoreInFolder>;
}

async function openMachine({ openIn }: StateStoreContext, loss: Loss): Promise<Machine> {
  if (openIn === undefined)
    throw new NotRunnable('`openIn` is not given: it opens a store that keeps its files in a folder');
  // Windows has no handles on folders, so nothing can be synced there.
  if (process.platform === 'win32') throw new NotRunnable('this system cannot sync a folder');
  const synced: SyncedFolders = await syncedFolders();
  const folders: TemporaryFolder[] = [];
  const opened: StoreInFolder[] = [];
  const nextFolder = async (): Promise<string> => {
    const folder = await temporaryFolder();
    folders.push(folder);
    return folder.path;
  };
  const open = async (folder: string): Promise<StoreInFolder> => {
    synced.watch(folder);
    const store = await openIn(folder);
    opened.push(store);
    return store;
  };
  return {
    powerOn: async () => await open(await nextFolder()),
    async powerFailure() {
      const before = folders.at(-1)?.path ?? '';
      const folder = await nextFolder();
      await synced.fail(before, loss, folder);
      return await open(folder);
    },
    async [Symbol.asyncDispose]() {
      // A store from before a power failure is still open in this process, and may have lost its lock.
      await Promise.allSettled(opened.map((store) => store[Symbol.asyncDispose]()));
      synced[Symbol.dispose]();
      for (const folder of folders) await folder[Symbol.asyncDispose]();
    },
  };
}
