import { ConnectionError, ConnectorError, type RunIdentity } from 'c8connector';
import { inLanes } from './lanes.ts';
import { type Contents, type Manifest, manifestName, manifestNumber, readManifest } from './manifest.ts';
import type { PathTemplate } from './path-template.ts';
import type { Store, StoreOptions } from './store.ts';

/** Every manifest with a number divisible by this is a summary, which replaces all manifests before it. */
const summaryInterval = 1_000;
/** A reader needs at most so many manifests besides a summary. */
const gatherInterval = 50;
const parallelReads = 32;

/** A folder of a store, with what calls of the store need. */
export interface Room extends StoreOptions {
  readonly store: Store;
  /** '' or a path that ends with a slash. */
  readonly folder: string;
  /** The paths of a stream's objects, below the folder. */
  readonly path: PathTemplate;
}

/** The manifests of a unit that count. */
export interface Chain {
  /** Their folder, below the folder of the config. */
  readonly path: string;
  /** Their numbers from the last summary on, or from the first manifest found if there is no summary. */
  readonly numbers: readonly number[];
  /** Numbers of manifests that a summary has replaced and that are not deleted yet. */
  readonly replaced: readonly number[];
  readonly last: Manifest | undefined;
  /** Whether it is known which objects were committed: there are manifests, and if there must be a summary, it is among them. */
  readonly isComplete: boolean;
}

/** Lists a chain and reads its last manifest. `path` is its folder below that of the config. */
export async function openChain(room: Room, path: string): Promise<Chain> {
  const prefix = `${room.folder}${path}`;
  const listed: number[] = [];
  for await (const { key } of room.store.list(prefix, room.signal)) {
    const number = manifestNumber(key.slice(prefix.length));
    if (number !== undefined) listed.push(number);
  }
  return await chainOf(room, path, listed);
}

/** The chain with the manifests of these numbers. */
export async function chainOf(room: Room, path: string, listed: readonly number[]): Promise<Chain> {
  const start = listed.findLast(isSummary) ?? 0;
  const numbers = listed.filter((number) => number >= start);
  const replaced = listed.filter((number) => number < start);
  const newest = numbers.at(-1);
  const last = newest === undefined ? undefined : await readOne(room, path, newest);
  // Another run wrote a summary in the meantime and deleted the manifests before it.
  if (newest !== undefined && last === undefined) throw vanished(`${room.folder}${path}${manifestName(newest)}`);
  const isComplete = newest !== undefined && start === newest - (newest % summaryInterval);
  return { path, numbers, replaced, last, isComplete };
}

/** Whether the manifest of this number replaces all manifests before it. */
export function isSummary(number: number): boolean {
  return number % summaryInterval === 0;
}

/** Whether the manifest of this number also has what all manifests since the last summary added. */
export function isGathering(number: number): boolean {
  return number % gatherInterval === 0 && !isSummary(number);
}

/** What the manifests of a chain added, in their order. Reads only the summary, the last manifest that gathers those after it, and all since. */
export async function readChain(room: Room, { path, numbers, last }: Chain): Promise<readonly Contents[]> {
  const read = async (number: number): Promise<Manifest> => {
    const manifest = number === numbers.at(-1) ? last : await readOne(room, path, number);
    if (manifest === undefined) throw vanished(`${room.folder}${path}${manifestName(number)}`);
    return manifest;
  };
  const newest = numbers.findLast(isGathering) ?? 0;
  const gathered = newest === 0 ? undefined : (await read(newest)).sinceSummary;
  // Those of the release before do not gather.
  if (gathered === undefined) return await inLanes(numbers, parallelReads, read);
  const needed = numbers.filter((number) => isSummary(number) || number >= newest);
  return await inLanes(needed, parallelReads, async (number) => (number === newest ? gathered : await read(number)));
}

/** One manifest; undefined if it does not exist. */
export async function readOne(
  { store, folder, signal }: Room,
  path: string,
  number: number,
): Promise<Manifest | undefined> {
  const key = `${folder}${path}${manifestName(number)}`;
  const bytes = await store.read(key, signal);
  return bytes === undefined ? undefined : readManifest(Buffer.from(bytes).toString(), key);
}

/** The error code for a manifest that no longer exists: a summary has replaced it, or somebody has deleted it. */
export const manifestMissing = 'manifest_missing';

export function vanished(key: string): ConnectionError {
  return new ConnectionError(`The manifest ${key} no longer exists.`, {
    code: manifestMissing,
    isRetryable: true,
    remedy: 'Run again. If it happens again, find out what deletes objects below _c8, such as a lifecycle rule.',
  });
}

/** The error for a unit that another run has taken over. */
export function takenOver({ unit }: Pick<RunIdentity, 'unit'>, by: Manifest): ConnectorError {
  const who = `the run ${by.run}, with the epoch ${by.epoch}, at ${by.committedAt}`;
  return new ConnectorError(`The unit '${unit}' was taken over by another run: ${who}.`, {
    code: 'claim_lost',
    details: { run: by.run, epoch: by.epoch, committedAt: by.committedAt },
  });
}
