import {
  type Bookmark,
  type Catalog,
  ConfigError,
  type ConnectionState,
  type FileState,
  isC8Error,
  nearest,
  type OpenStream,
  openFileState,
  type PlannedStream,
  type Progress,
  plannedStreams,
  readSingerState,
  type StateStore,
  singerState,
} from 'c8connector';
import type { Host } from '../host.ts';

/** Opens the state file of a connection. Throws a ConfigError `state_unreadable` also when the file cannot be opened or created. */
export async function openStateFile(path: string): Promise<FileState> {
  try {
    return await openFileState(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (isC8Error(error) || code === undefined) throw error;
    const reason = code === 'ENOENT' ? 'its folder does not exist' : `it cannot be opened (${code})`;
    throw new ConfigError(`state file ${path}: ${reason}`, {
      code: 'state_unreadable',
      remedy: 'Create the folder with permission to write there, or name another file.',
      cause: error,
      details: { file: path },
    });
  }
}

/** What the next run would do with each selected stream, by the masked name of the stream. `streams` is undefined for a source that keeps its own state. */
export async function nextActions(
  store: StateStore,
  catalog: Catalog,
  streams: readonly OpenStream[] | undefined,
  { mask }: Pick<Host, 'mask'>,
): Promise<ReadonlyMap<string, PlannedStream['action']>> {
  const state = await store.load();
  const next = plannedStreams(catalog, streams, state, state.run?.id ?? '');
  return new Map(next.map(({ stream, action }) => [mask(stream), action]));
}

/** A change of a stream's progress by the user: a Singer bookmark, or undefined to read the stream from its beginning. */
export interface StateChange {
  readonly stream: string;
  readonly bookmark: Bookmark | undefined;
}

/**
 * Changes the progress of one stream. What a target has stored for the old copy no longer counts. A bookmark that does not name a method is a position of the source's own. Throws a ConfigError
 * `stream_unknown` when the stream is not in the state and no bookmark is given, and `state_unreadable` when the bookmark cannot be resumed from.
 */
export async function changeState(store: StateStore, { stream, bookmark }: StateChange): Promise<void> {
  const state = await store.load();
  const known = Object.keys(singerState(state).bookmarks ?? {});
  if (bookmark === undefined && !known.includes(stream)) throw unknownStream(stream, known);
  if (state.hasOwnState === true) return await changeOwnState(store, state, { stream, bookmark });
  const before = Object.hasOwn(state.streams, stream) ? state.streams[stream] : undefined;
  const named = bookmark === undefined ? undefined : { ...methodOf(before), ...bookmark };
  const given =
    named === undefined ? undefined : readSingerState({ bookmarks: { [stream]: named } }, '').streams[stream];
  if (bookmark !== undefined && given === undefined) {
    throw new ConfigError(`stream '${stream}': the stream cannot resume from this bookmark`, {
      code: 'state_unreadable',
      remedy: 'Give it in the form in which `c8connector state --json` shows one.',
      details: { stream },
    });
  }
  const unit = `${encodeURIComponent(stream)}/begin`;
  const { epoch } = await store.claim(unit, state.generation);
  const copy = await store.version(unit, epoch);
  const version = before?.version || given?.version || copy;
  await store.put(unit, epoch, stream, given && { ...given, copy, version });
}

function methodOf(progress: Progress | undefined): Bookmark {
  if (progress === undefined) return {};
  const key = progress.method === 'INCREMENTAL' ? { replication_key: progress.replicationKey } : {};
  return { last_replication_method: progress.method, ...key };
}

/** For a source that keeps its own state, whose bookmarks only that source can interpret. */
async function changeOwnState(
  store: StateStore,
  { generation, rest }: ConnectionState,
  { stream, bookmark }: StateChange,
): Promise<void> {
  const { [stream]: _, ...others } = rest.bookmarks ?? {};
  const bookmarks = bookmark === undefined ? others : { ...others, [stream]: bookmark };
  const { epoch } = await store.claim('tap', generation);
  await store.commit('tap', epoch, { ...rest, bookmarks });
}

function unknownStream(stream: string, known: readonly string[]): ConfigError {
  const close = nearest(stream, known);
  const hint = close === undefined ? '' : `; did you mean '${close}'?`;
  return new ConfigError(`the state has no stream '${stream}'${hint}`, {
    code: 'stream_unknown',
    details: { stream },
  });
}
