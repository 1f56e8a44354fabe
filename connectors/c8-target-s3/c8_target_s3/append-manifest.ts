import { isSummary, openChain, type Room, readChain, readOne, vanished } from './chain.ts';
import { type Activation, chainFolder, type Manifest, manifestName, manifestText } from './manifest.ts';

/** The result of appending a manifest: it was added, or another one has its number. */
export type Appended = { readonly added: Manifest } | { readonly other: Manifest };

/** Adds a manifest to the chain of its unit, under the number after the last one. If a summary is due, the manifest becomes one, and those before it are deleted. */
export async function appendManifest(
  room: Room,
  connection: string,
  number: number,
  manifest: Manifest,
): Promise<Appended> {
  const path = chainFolder({ connection, unit: manifest.unit });
  if (!isSummary(number)) return await add(room, path, number, manifest);
  const chain = await openChain(room, path);
  const summary = summaryOf([...(await readChain(room, chain)), manifest]);
  const appended = await add(room, path, number, summary);
  if ('added' in appended) await deleteManifests(room, path, [...chain.replaced, ...chain.numbers]);
  return appended;
}

/** Deletes manifests that a summary has replaced. Readers of the chain ignore those that cannot be deleted. */
export async function deleteManifests(
  { store, folder, signal }: Room,
  path: string,
  numbers: readonly number[],
): Promise<void> {
  const keys = numbers.map((number) => `${folder}${path}${manifestName(number)}`);
  if (keys.length > 0) await store.delete(keys, signal);
}

async function add(room: Room, path: string, number: number, manifest: Manifest): Promise<Appended> {
  const { store, folder, signal, log } = room;
  const object = { key: `${folder}${path}${manifestName(number)}`, contentType: 'application/json', metadata: {} };
  if (await store.putIfAbsent(object, Buffer.from(manifestText(manifest)), { signal, log })) return { added: manifest };
  const found = await readOne(room, path, number);
  if (found === undefined) throw vanished(object.key);
  // The answer to the request that wrote it may have been lost.
  const isOwn = (['run', 'epoch', 'sequence', 'committedAt'] as const).every((name) => found[name] === manifest[name]);
  return isOwn ? { added: manifest } : { other: found };
}

/** The last of these manifests, with the objects, rejected rows and activations of all of them. */
function summaryOf(all: readonly Manifest[]): Manifest {
  const activates = new Map<string, Activation>();
  for (const activation of all.flatMap((manifest) => manifest.activates)) {
    const known = activates.get(activation.stream);
    if (known === undefined || activation.version >= known.version) activates.set(activation.stream, activation);
  }
  const objects = all.flatMap((manifest) => manifest.objects);
  const rejected = all.flatMap((manifest) => manifest.rejected);
  const last = all.at(-1) as Manifest;
  return { ...last, isSummary: true, activates: [...activates.values()], objects, rejected, named: [] };
}
