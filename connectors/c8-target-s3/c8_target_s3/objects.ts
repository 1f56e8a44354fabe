import { isC8Error, type StoredObject } from 'c8connector';
import { chainOf, manifestMissing, type Room, readChain } from './chain.ts';
import { inLanes } from './lanes.ts';
import { type Activation, type Contents, type ManifestObject, manifestFolder, manifestNumber } from './manifest.ts';
import { ownFolder } from './object-name.ts';

/** Which objects to list. Without a connection or stream, those of all. */
export interface ObjectsQuery {
  readonly connection?: string | undefined;
  readonly stream?: string | undefined;
  /** Also those of versions that are not active. */
  readonly all?: boolean | undefined;
}

const mostAttempts = 3;
const parallelChains = 8;

/** The committed objects, by their manifests, in the order in which they were written. For each stream, those of the version that was activated last, or of the highest version if none is active yet. */
export async function committedObjects(room: Room, query: ObjectsQuery): Promise<readonly StoredObject[]> {
  const manifests = await readManifests(room, query.connection);
  const found = [...manifests].flatMap(([, chains]) => objectsOf(chains.flat(), query));
  return found
    .toSorted((left, right) => compare(left.stream, right.stream) || compare(left.key, right.key))
    .map(({ key, stream, version, rows, bytes }) => ({ key: `${room.folder}${key}`, stream, version, rows, bytes }));
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** What all manifests added, grouped by the scope in which versions replace each other: a connection, or all runs of pipes. */
type Manifests = ReadonlyMap<string, readonly (readonly Contents[])[]>;

/** Reads again if a manifest is missing, since a run may replace manifests by a summary in the meantime. */
async function readManifests(room: Room, connection: string | undefined): Promise<Manifests> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await readAll(room, connection);
    } catch (error) {
      if (!isC8Error(error) || error.code !== manifestMissing || attempt === mostAttempts) throw error;
    }
  }
}

async function readAll(room: Room, connection: string | undefined): Promise<Manifests> {
  const chains = new Map<string, number[]>();
  const prefix = connection === undefined ? `${ownFolder}/` : manifestFolder(connection);
  for await (const { key } of room.store.list(`${room.folder}${prefix}`, room.signal)) {
    const [, path, name = ''] = /^(.*\/manifests\/[^/]+\/)([^/]+)$/.exec(key.slice(room.folder.length)) ?? [];
    const number = manifestNumber(name);
    if (path !== undefined && number !== undefined) chains.set(path, [...(chains.get(path) ?? []), number]);
  }
  const read = await inLanes([...chains], parallelChains, async ([path, numbers]) => ({
    path,
    manifests: await readChain(room, await chainOf(room, path, numbers)),
  }));
  const found = new Map<string, (readonly Contents[])[]>();
  for (const { path, manifests } of read) {
    const [, owner = '', unit] = path.split('/').slice(-5);
    // Each run of a pipe is its own connection, and replaces the one before.
    const scope = unit === 'pipe' ? 'pipe' : owner;
    found.set(scope, [...(found.get(scope) ?? []), manifests]);
  }
  return found;
}

function objectsOf(manifests: readonly Contents[], { stream, all = false }: ObjectsQuery): readonly ManifestObject[] {
  const objects = manifests
    .flatMap((manifest) => manifest.objects)
    .filter((one) => (stream ?? one.stream) === one.stream);
  const active = new Map<string, Activation>();
  for (const activation of manifests.flatMap(({ activates }) => activates))
    if (activation.version >= (active.get(activation.stream)?.version ?? 0)) active.set(activation.stream, activation);
  const highest = new Map<string, number>();
  for (const one of objects) highest.set(one.stream, Math.max(one.version, highest.get(one.stream) ?? 0));
  return objects.filter(({ stream: id, version }) => {
    const { version: activated, deletesOlder = false } = active.get(id) ?? {};
    // Rows without a version belong to every version.
    if (version === 0 || version === (activated ?? highest.get(id))) return true;
    return all && !(deletesOlder && activated !== undefined && version < activated);
  });
}
