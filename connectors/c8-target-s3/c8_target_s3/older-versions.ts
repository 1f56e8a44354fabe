import type { Room } from './chain.ts';
import type { Activation } from './manifest.ts';
import { connectionName, readObjectName } from './object-name.ts';

/** Deletes this connection's objects of lower versions of a stream, if the activation requests it. Objects without a version are kept. What cannot be deleted is logged, and left to the next activation. */
export async function deleteOlder(
  { store, folder, path, signal, log }: Room,
  connection: string,
  { stream, version, deletesOlder }: Activation,
): Promise<void> {
  if (!deletesOlder) return;
  const own = connectionName(connection);
  const keys: string[] = [];
  for await (const { key } of store.list(`${folder}${path.streamFolder(stream)}/`, signal)) {
    const name = readObjectName(key.slice(folder.length));
    if (name === undefined || !path.isFolder(name.folder)) continue;
    if (name.connection === own && name.version > 0 && name.version < version) keys.push(key);
  }
  const [first, ...more] = await store.delete(keys, signal);
  if (first === undefined) return;
  log.warn('Objects of older versions could not be deleted.', {
    ...{ stream, objects: more.length + 1, first: first.key },
    error: String(first.error),
  });
}
