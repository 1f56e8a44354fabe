import { type CheckResult, ConnectionError, isC8Error } from 'c8connector';
import type { Bucket } from './client.ts';
import { deleteObjects } from './delete-objects.ts';
import { getObject } from './get-object.ts';
import { abortMultipart, beginMultipart, completeMultipart, putPart } from './multipart.ts';
import { type Proof, putObject } from './put-object.ts';
import { findObject, type NewObject } from './stored-object.ts';

/** Writes an object as a run does, with all proofs. */
export async function probeWrite(
  bucket: Bucket,
  object: NewObject,
  body: Uint8Array,
  signal: AbortSignal,
): Promise<string> {
  const { proof } = await putObject(bucket, object, body, signal);
  return `Wrote ${object.key}. ${proofs[proof]}`;
}

const proofs: Readonly<Record<Proof, string>> = {
  checksum: 'Its checksum came back.',
  md5: 'The server gave no checksum; the ETag is the MD5 of what was sent.',
  head: 'The server gave no checksum and an ETag of its own; size and metadata are what was sent.',
};

/** Checks that the object has the bytes that were written. A cache, an encryption or another server in between could change every object. */
export async function probeRead(bucket: Bucket, key: string, body: Uint8Array, signal: AbortSignal): Promise<string> {
  const read = await getObject(bucket, key, signal);
  if (read !== undefined && Buffer.compare(read, body) === 0) return 'It holds what was written.';
  throw new ConnectionError(`${bucket.name}/${key} does not hold what was written: ${read?.length ?? 0} other bytes.`, {
    code: 'server_answer_invalid',
    remedy: 'See what changes objects of this bucket, or stands between.',
    details: { property: 'endpoint' },
  });
}

/** Checks that the server honours a condition to write only if there is no such object. It keeps a run from committing after another run has taken over. */
export async function probeCondition(
  bucket: Bucket,
  object: NewObject,
  body: Uint8Array,
  signal: AbortSignal,
): Promise<CheckResult> {
  try {
    await putObject(bucket, object, body, signal, { isConditional: true });
  } catch (error) {
    if (!isC8Error(error)) throw error;
    if (error.details.status === 412) return 'The server honours If-None-Match.';
    if (error.code !== 'operation_unsupported' && error.code !== 'request_refused') throw error;
  }
  return {
    status: 'warning',
    message:
      'The server does not honour If-None-Match, so delivery is at least once: after a crash rows may come twice.',
    remedy: 'Make sure that a connection never runs twice at once, or use a server that honours it.',
  };
}

/** Completes a multipart upload, and aborts another one, as a run does after a failure. */
export async function probeMultipart(
  bucket: Bucket,
  object: NewObject,
  body: Uint8Array,
  signal: AbortSignal,
): Promise<string> {
  const upload = await beginMultipart(bucket, object, signal);
  try {
    const part = await putPart(upload, 1, body, signal);
    await completeMultipart(upload, [part], signal);
  } catch (error) {
    await abortMultipart(upload, signal);
    throw error;
  }
  const failure = await abortMultipart(await beginMultipart(bucket, object, signal), signal);
  if (failure !== undefined) throw failure;
  return `Wrote ${object.key}, and aborted another upload.`;
}

/** Deletes as a run does, and checks that the objects are gone. */
export async function probeDeletion(bucket: Bucket, keys: readonly string[], signal: AbortSignal): Promise<string> {
  const [undeleted] = await deleteObjects(bucket, keys, signal);
  if (undeleted !== undefined) throw undeleted.error;
  for (const key of keys) {
    if (!(await isThere(bucket, key, signal))) continue;
    throw new ConnectionError(`${bucket.name}/${key} is still there after it was deleted.`, {
      code: 'server_answer_invalid',
      remedy: 'See what keeps objects of this bucket.',
      details: { property: 'bucket' },
    });
  }
  return 'Nothing of them is left.';
}

/** Without the permission to list, the answer about a missing object is a denial. */
async function isThere(bucket: Bucket, key: string, signal: AbortSignal): Promise<boolean> {
  try {
    return (await findObject(bucket, key, signal)) !== undefined;
  } catch (error) {
    if (isC8Error(error) && error.code === 'access_denied') return false;
    throw error;
  }
}
