import { isC8Error } from 'c8connector';
import type { Bucket } from './client.ts';
import { putObject } from './put-object.ts';
import type { StoreOptions } from './store.ts';
import { findObject, type NewObject } from './stored-object.ts';

/** Puts an object unless one of its name exists, and resolves with whether it did. */
export async function putIfAbsent(
  bucket: Bucket,
  object: NewObject,
  body: Uint8Array,
  { signal, log }: StoreOptions,
): Promise<boolean> {
  try {
    await putObject(bucket, object, body, signal, { isConditional: true });
    return true;
  } catch (error) {
    if (!isC8Error(error)) throw error;
    if (error.details.status === 412) return false;
    if (error.code !== 'operation_unsupported') throw error;
    warnOfServer(log);
  }
  if ((await findObject(bucket, object.key, signal)) !== undefined) return false;
  await putObject(bucket, object, body, signal);
  return true;
}

/** Warns that a run which should be kept out may still write. */
export function warnOfServer(log: StoreOptions['log']): void {
  log.warn(
    'The server does not honour If-None-Match: two runs at the same time are not kept apart, and delivery is at least once.',
  );
}
