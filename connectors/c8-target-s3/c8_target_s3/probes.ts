import { type CheckResult, ConnectionError, isC8Error } from 'c8connector';
import type { Bucket } from './client.ts';
import { deleteObjects } from './delete-objects.ts';
import { getObject } from './get-object.ts';
import { abortMultipart, beginMultipart, completeMultipart, putPart } from './multipart.ts';
import { type Proof, putObject } from './put-object.ts';
import { findObject, type NewObject } from './stored-object.ts';

/** Writes as a run does, with all proofs. */
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

/** What is read must be what was written: a cache, an encryption or another server in between would change every object. */
export async function probeRead(bucket: Bucket, key: string, body: Uint8Array, signal: AbortSignal): Promise<string> {
  const read = await getObject(bucket, key, signal);
  if (read !== undefined && Buffer.compare(read, body) === 0) return 'It holds what was written.';
  throw new ConnectionError(`${bucket.name}/${key} does not hold what was written: ${read?.length ?? 0} other bytes.`, {
    code: 'server_answer_invalid',
    remedy: 'See what changes objects of this bucket, or stands between.',
    details: { property: 'endpoint' },
  });
}

/** Whether the server writes only what is not there, when it is asked for that: so a run is kept from committing what another one has taken over. */
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

/** Completes an upload in parts, and aborts another one, as a run does after a failure. */
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

/** Deletes as a run does, and looks that the objects are gone. */
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

/** Who may not list is not told that an object is not there: the answer is a denial. */
async function isThere(bucket: Bucket, key: string, signal: AbortSignal): Promise<boolean> {
  try {
    return (await findObject(bucket, key, signal)) !== undefined;
  } catch (error) {
    if (isC8Error(error) && error.code === 'access_denied') return false;
    throw error;
  }
}
