import { isGathering, isSummary, openChain, type Room, readChain, readOne, vanished } from './chain.ts';
import { type Activation, type Contents, chainFolder, type Manifest, manifestName, manifestText } from './manifest.ts';

/** The result of appending a manifest: it was added, or another one has its number. */
export type Appended = { readonly added: Manifest } | { readonly other: Manifest };

/** Adds a manifest to the chain of its unit, under the number after the last one. If a summary is due, the manifest becomes one, and those before it are deleted. Every 50th manifest gathers what those since the last summary added. */
export async function appendManifest(
  room: Room,
  connection: string,
  number: number,
  manifest: Manifest,
): Promise<Appended> {
  const path = chainFolder({ connection, unit: manifest.unit });
  if (!isSummary(number) && !isGathering(number)) return await add(room, path, number, manifest);
  const chain = await openChain(room, path);
  if (isGathering(number)) {
    const recent = { ...chain, numbers: chain.numbers.filter((other) => !isSummary(other)) };
    const sinceSummary = allOf([...(await readChain(room, recent)), manifest]);
    return await add(room, path, number, { ...manifest, sinceSummary });
  }
  const all = allOf([...(await readChain(room, chain)), manifest]);
  const appended = await add(room, path, number, { ...manifest, ...all, isSummary: true, named: [] });
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

/** All that these added, with one activation for each stream. */
function allOf(added: readonly Contents[]): Contents {
  const activates = new Map<string, Activation>();
  for (const activation of added.flatMap((one) => one.activates)) {
    const known = activates.get(activation.stream);
    if (known === undefined || activation.version >= known.version) activates.set(activation.stream, activation);
  }
  const objects = added.flatMap((one) => one.objects);
  const rejected = added.flatMap((one) => one.rejected);
  return { activates: [...activates.values()], objects, rejected };
}
