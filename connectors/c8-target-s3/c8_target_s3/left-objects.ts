import { type Chain, isSummary, type Room, readOne } from './chain.ts';
import { inLanes } from './lanes.ts';
import {
  connectionName,
  type ObjectName,
  readObjectName,
  readRejectedName,
  rejectedFolder,
  streamFolder,
} from './object-name.ts';

/** An object, by its key below the folder of the config. */
export interface FoundObject {
  readonly key: string;
  readonly name: ObjectName;
}

const parallelLists = 16;

/** Which objects to find. */
export interface Wanted {
  readonly connection: string;
  /** All streams if undefined. */
  readonly streams: readonly string[] | undefined;
  /** Called with the names of the connection's objects. */
  isWanted(name: ObjectName): boolean;
}

/** Finds the objects of a connection with rows or dead letters of these streams, by their names. Aborts the uploads whose objects would have such a name. */
export async function findLeft(room: Room, { connection, streams, isWanted }: Wanted): Promise<readonly FoundObject[]> {
  const { store, folder, path, signal, log } = room;
  const own = connectionName(connection);
  const ofStreams = streams?.map((stream) => `${path.streamFolder(stream)}/`) ?? [''];
  const folders =
    streams === undefined || streams.length === 0 ? ofStreams : [...ofStreams, rejectedFolder(connection)];
  const rejected = streams && new Set(streams.map(streamFolder));
  const nameOf = (key: string): ObjectName | undefined => {
    const name = readObjectName(key);
    if (name !== undefined) return path.isFolder(name.folder) ? name : undefined;
    const letters = readRejectedName(key);
    return letters !== undefined && (rejected?.has(letters.folder) ?? true) ? letters : undefined;
  };
  const found = (key: string): FoundObject[] => {
    const relative = key.slice(folder.length);
    const name = nameOf(relative);
    return name?.connection === own && isWanted(name) ? [{ key: relative, name }] : [];
  };
  const aborted = store.abortUploads(folder, (key) => found(key).length > 0, { signal, log });
  const lists = inLanes(folders, parallelLists, async (below) => {
    const objects: FoundObject[] = [];
    for await (const { key } of store.list(`${folder}${below}`, signal)) objects.push(...found(key));
    return objects;
  });
  const [objects] = await Promise.all([lists, aborted]);
  return objects.flat();
}

/** The objects of a chain's unit that no manifest names. If that cannot be determined, logs a warning and returns none. */
export async function unnamedOf(
  room: Room,
  chain: Chain,
  objects: readonly FoundObject[],
): Promise<readonly FoundObject[]> {
  if (objects.length === 0) return [];
  const { path, numbers, last, isComplete } = chain;
  if (!isComplete) {
    const details = { manifests: `${room.folder}${path}`, objects: objects.length };
    room.log.warn('Manifests are missing, so it is unknown which objects count: none of them is deleted.', details);
    return [];
  }
  const [first = 0] = numbers;
  // Before the first summary, `named` covers all manifests.
  const summary = isSummary(first) && last?.isSummary !== true ? await readOne(room, path, first) : last;
  const summarized = new Set([...(summary?.objects ?? []), ...(summary?.rejected ?? [])].map(({ key }) => key));
  const named = new Map(last?.named);
  return objects.filter(
    ({ key, name: { epoch, sequence } }) => sequence > (named.get(epoch) ?? 0) && !summarized.has(key),
  );
}

/** Deletes objects that no manifest names. Those that cannot be deleted are logged; readers of manifests do not see them. */
export async function deleteLeft({ store, folder, signal, log }: Room, objects: readonly FoundObject[]): Promise<void> {
  const keys = objects.map(({ key }) => `${folder}${key}`);
  const [first, ...more] = keys.length === 0 ? [] : await store.delete(keys, signal);
  if (first === undefined) return;
  log.warn('Objects of an interrupted run could not be deleted. No manifest names them.', {
    objects: more.length + 1,
    first: first.key,
    error: String(first.error),
  });
}
