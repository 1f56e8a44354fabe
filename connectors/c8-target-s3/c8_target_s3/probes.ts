import { ConnectionError, isC8Error } from 'c8connector';
import type { Bucket } from './client.ts';
import { deleteObjects } from './delete-objects.ts';
import { abortMultipart, beginMultipart, completeMultipart, putPart } from './multipart.ts';
import { isEtag } from './proof.ts';
import { describedAs, type Proof, putObject } from './put-object.ts';
import { findObject, type NewObject, shownEtag } from './stored-object.ts';

/** Writes as a run does, with all proofs. */
export async function probeWrite(
  bucket: Bucket,
  object: NewObject,
  body: Uint8Array,
  signal: AbortSignal,
): Promise<string> {
  const proof = await putObject(bucket, object, body, signal);
  return `Wrote ${object.key}. ${proofs[proof]}`;
}

const proofs: Readonly<Record<Proof, string>> = {
  checksum: 'Its checksum came back.',
  md5: 'The server gave no checksum; the ETag is the MD5 of what was sent.',
  head: 'The server gave no checksum and an ETag of its own; size and metadata are what was sent.',
};

/** What is read must be what was written: a cache, an encryption or another server in between would change every object. */
export async function probeRead(bucket: Bucket, key: string, body: Uint8Array, signal: AbortSignal): Promise<string> {
  let read: Uint8Array | undefined;
  await bucket.request({
    operation: 'GetObject',
    right: 's3:GetObject',
    key,
    signal,
    async send(sdk, client, abortSignal) {
      const answer = await client.send(new sdk.GetObjectCommand({ Bucket: bucket.name, Key: key }), { abortSignal });
      read = await answer.Body?.transformToByteArray();
      return answer;
    },
    lacks: ({ ETag }) => (isEtag(ETag) ? undefined : `with ${shownEtag(ETag)}`),
  });
  if (read !== undefined && Buffer.compare(read, body) === 0) return 'It holds what was written.';
  throw new ConnectionError(`${bucket.name}/${key} does not hold what was written: ${read?.length ?? 0} other bytes.`, {
    code: 'server_answer_invalid',
    remedy: 'See what changes objects of this bucket, or stands between.',
    details: { property: 'endpoint' },
  });
}

/** Whether the server writes only what is not there, when it is asked for that. A run does not need it: its names are never those of another one. */
export async function probeCondition(
  bucket: Bucket,
  object: NewObject,
  body: Uint8Array,
  signal: AbortSignal,
): Promise<string> {
  try {
    await bucket.request({
      operation: 'PutObject',
      right: 's3:PutObject',
      key: object.key,
      signal,
      send: (sdk, client, abortSignal) => {
        const command = { Bucket: bucket.name, ...describedAs(object), Body: body, IfNoneMatch: '*' };
        return client.send(new sdk.PutObjectCommand(command), { abortSignal });
      },
      lacks: ({ ETag }) => (isEtag(ETag) ? undefined : `with ${shownEtag(ETag)}`),
    });
    return 'The server ignores If-None-Match. Nothing here depends on it.';
  } catch (error) {
    if (!isC8Error(error)) throw error;
    if (error.details.status === 412) return 'The server honours If-None-Match.';
    if (error.code !== 'operation_unsupported' && error.code !== 'request_refused') throw error;
    return 'The server does not know If-None-Match. Nothing here depends on it.';
  }
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
