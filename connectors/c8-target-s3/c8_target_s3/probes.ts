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
  checksum: 'The server returned its checksum.',
  md5: 'The server returned no checksum, but the MD5 of what was sent as ETag.',
  head: 'The server returned neither a checksum nor an MD5; size and metadata are what was sent.',
};

/** Checks that the object has the bytes that were written. A cache, an encryption or another server in between could change every object. */
export async function probeRead(bucket: Bucket, key: string, body: Uint8Array, signal: AbortSignal): Promise<string> {
  const read = await getObject(bucket, key, signal);
  if (read !== undefined && Buffer.compare(read, body) === 0) return 'It contains what was written.';
  throw new ConnectionError(
    `${bucket.name}/${key} does not contain what was written, but ${read?.length ?? 0} other bytes.`,
    {
      code: 'server_answer_invalid',
      remedy: 'Find out what changes objects of this bucket, or what proxy is on the way to it.',
      details: { property: 'endpoint' },
    },
  );
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
      'The server does not honour If-None-Match, so delivery is at least once: after a crash, rows may be stored twice.',
    remedy: 'Make sure that a connection never runs twice at the same time, or use a server that honours it.',
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
    throw new ConnectionError(`${bucket.name}/${key} still exists after it was deleted.`, {
      code: 'server_answer_invalid',
      remedy: 'Find out what keeps objects of this bucket from being deleted.',
      details: { property: 'bucket' },
    });
  }
  return 'The objects no longer exist.';
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
