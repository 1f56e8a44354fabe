import { readFile } from 'node:fs/promises';
import { ConfigError, ConnectorError } from '../errors.ts';
import { parseState, type State } from '../singer/state.ts';
import { lockFile } from './lock-file.ts';
import type { StateStore } from './state-store.ts';
import { writeFileAtomically } from './write-file.ts';

/** The key of the state file under which the epochs stand; everything else in it is Singer's state. */
const epochsKey = 'c8_epochs';

/**
 * The state of a connection in one JSON file, written atomically and held by a lock file beside it. Throws a ConfigError `state_locked` while another run
 * that lives has it, and `state_unreadable` when the file holds something else.
 */
export async function openFileStateStore(path: string): Promise<StateStore> {
  const lock = await lockFile(`${path}.lock`);
  try {
    return await openLocked(path, lock);
  } catch (error) {
    await lock[Symbol.asyncDispose]();
    throw error;
  }
}

async function openLocked(path: string, lock: AsyncDisposable): Promise<StateStore> {
  let { state, epochs } = split(await readState(path), path);
  let writing: Promise<void> = Promise.resolve();

  const store = (next: State, nextEpochs: typeof epochs): Promise<void> => {
    state = next;
    epochs = nextEpochs;
    writing = writing.then(() =>
      writeFileAtomically(path, `${JSON.stringify({ ...next, [epochsKey]: nextEpochs }, null, 2)}\n`),
    );
    return writing;
  };

  return {
    load: async () => state,
    save: (next) => store(next, epochs),
    async claim(unit, streams) {
      const epoch = (epochs[unit] ?? 0) + 1;
      await store({ ...state, currently_syncing: unit }, { ...epochs, [unit]: epoch });
      const wanted = Object.entries(state.bookmarks ?? {}).filter(([stream]) => streams.includes(stream));
      return { epoch, state: { currently_syncing: unit, bookmarks: Object.fromEntries(wanted) } };
    },
    async commit(unit, epoch, committed) {
      if (epochs[unit] !== epoch) {
        throw new ConnectorError(`unit '${unit}' was claimed again: epoch ${epoch} is no longer the newest`, {
          code: 'contract_broken',
        });
      }
      await store({ ...state, bookmarks: { ...state.bookmarks, ...committed.bookmarks } }, epochs);
    },
    async [Symbol.asyncDispose]() {
      await writing.catch(() => undefined);
      await lock[Symbol.asyncDispose]();
    },
  };
}

async function readState(path: string): Promise<State> {
  try {
    return parseState(await readFile(path, 'utf8'), path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}

function split(stored: State, path: string): { state: State; epochs: Readonly<Record<string, number>> } {
  const { [epochsKey]: epochs = {}, ...state } = stored;
  const isValid =
    typeof epochs === 'object' && epochs !== null && Object.values(epochs).every((epoch) => typeof epoch === 'number');
  if (!isValid) throw new ConfigError(`state file ${path}: '${epochsKey}' is damaged`, { code: 'state_unreadable' });
  return { state, epochs: epochs as Readonly<Record<string, number>> };
}
