import {
  type Catalog,
  ConfigError,
  isC8Error,
  openFileStateStore,
  type PlannedStream,
  plan,
  type StateStore,
  selectStreams,
} from 'c8connector';
import type { Host } from '../host.ts';

/** Opens the state file of a connection. Throws a ConfigError `state_unreadable` also when the file cannot be opened or made. */
export async function openStateFile(path: string): Promise<StateStore> {
  try {
    return await openFileStateStore(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (isC8Error(error) || code === undefined) throw error;
    const reason = code === 'ENOENT' ? 'its folder does not exist' : `it cannot be opened (${code})`;
    throw new ConfigError(`state file ${path}: ${reason}`, {
      code: 'state_unreadable',
      remedy: 'Make the folder and the rights to write there, or name another file.',
      cause: error,
      details: { file: path },
    });
  }
}

/** Forgets how far the selected streams are: the next run reads them from their beginning. */
export async function forgetBookmarks(store: StateStore, catalog: Catalog): Promise<void> {
  const selected = new Set(selectStreams(catalog).map((entry) => entry.tap_stream_id));
  const state = await store.load();
  const kept = Object.entries(state.bookmarks ?? {}).filter(([stream]) => !selected.has(stream));
  await store.begin({ ...state, bookmarks: Object.fromEntries(kept), currently_syncing: null });
}

/** What the next run would do with each selected stream, by the masked name of the stream. */
export async function nextActions(
  store: StateStore,
  catalog: Catalog,
  { mask }: Pick<Host, 'mask'>,
): Promise<ReadonlyMap<string, PlannedStream['action']>> {
  const next = plan({ catalog, state: await store.load() });
  return new Map(next.streams.map(({ stream, action }) => [mask(stream), action]));
}
