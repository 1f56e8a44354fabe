import { ConnectionError, ConnectorError, type RunIdentity } from 'c8connector';
import { inLanes } from './lanes.ts';
import { type Manifest, manifestName, manifestNumber, readManifest } from './manifest.ts';
import type { PathTemplate } from './path-template.ts';
import type { Store, StoreOptions } from './store.ts';

/** Each so many manifests one takes the place of all before it. */
const summaryInterval = 1_000;
const parallelReads = 32;

/** A folder of a store, with what its calls need. */
export interface Room extends StoreOptions {
  readonly store: Store;
  /** '' or a path that ends with a slash. */
  readonly folder: string;
  /** Where the objects of streams stand below it. */
  readonly path: PathTemplate;
}

/** The manifests of a unit, as far as they count. */
export interface Chain {
  /** Where they stand, below the folder of the config. */
  readonly path: string;
  /** From the last summary on, or from the first one there is. */
  readonly numbers: readonly number[];
  /** What a summary has taken the place of, and nobody deleted yet. */
  readonly replaced: readonly number[];
  readonly last: Manifest | undefined;
  /** Whether there are manifests, and the summary is among them if there must be one: then it is known which objects were committed. */
  readonly isComplete: boolean;
}

/** Lists a chain, and reads its last manifest. `path` is its folder below that of the config. */
export async function openChain(room: Room, path: string): Promise<Chain> {
  const prefix = `${room.folder}${path}`;
  const listed: number[] = [];
  for await (const { key } of room.store.list(prefix, room.signal)) {
    const number = manifestNumber(key.slice(prefix.length));
    if (number !== undefined) listed.push(number);
  }
  return await chainOf(room, path, listed);
}

/** The chain that has manifests of these numbers. */
export async function chainOf(room: Room, path: string, listed: readonly number[]): Promise<Chain> {
  const start = listed.findLast(isSummary) ?? 0;
  const numbers = listed.filter((number) => number >= start);
  const replaced = listed.filter((number) => number < start);
  const newest = numbers.at(-1);
  const last = newest === undefined ? undefined : await readOne(room, path, newest);
  // Whoever made a summary meanwhile has deleted what stands before it.
  if (newest !== undefined && last === undefined) throw vanished(`${room.folder}${path}${manifestName(newest)}`);
  const isComplete = newest !== undefined && start === newest - (newest % summaryInterval);
  return { path, numbers, replaced, last, isComplete };
}

/** Whether the manifest of this number takes the place of all before it. */
export function isSummary(number: number): boolean {
  return number % summaryInterval === 0;
}

/** The manifests of a chain that count, in their order. */
export async function readChain(room: Room, { path, numbers, last }: Chain): Promise<readonly Manifest[]> {
  const before = await inLanes(numbers.slice(0, -1), parallelReads, async (number) => {
    const manifest = await readOne(room, path, number);
    if (manifest === undefined) throw vanished(`${room.folder}${path}${manifestName(number)}`);
    return manifest;
  });
  return last === undefined ? before : [...before, last];
}

/** One manifest; undefined when it is not there. */
export async function readOne(
  { store, folder, signal }: Room,
  path: string,
  number: number,
): Promise<Manifest | undefined> {
  const key = `${folder}${path}${manifestName(number)}`;
  const bytes = await store.read(key, signal);
  return bytes === undefined ? undefined : readManifest(Buffer.from(bytes).toString(), key);
}

/** Of a manifest that is not there any more, since a summary has taken its place or somebody deleted it. */
export const manifestMissing = 'manifest_missing';

export function vanished(key: string): ConnectionError {
  return new ConnectionError(`The manifest ${key} is not there any more.`, {
    code: manifestMissing,
    isRetryable: true,
    remedy: 'Run again. If it happens again, see what deletes objects below _c8, such as a lifecycle rule.',
  });
}

/** Who has taken a unit over. */
export function takenOver({ unit }: Pick<RunIdentity, 'unit'>, by: Manifest): ConnectorError {
  const who = `the run ${by.run}, with the epoch ${by.epoch}, at ${by.committedAt}`;
  return new ConnectorError(`The unit '${unit}' was taken over by another run: ${who}.`, {
    code: 'claim_lost',
    details: { run: by.run, epoch: by.epoch, committedAt: by.committedAt },
  });
}
