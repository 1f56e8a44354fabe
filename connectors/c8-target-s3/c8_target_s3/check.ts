import { randomUUID } from 'node:crypto';
import { type CheckContext, type CheckResult, type CheckStep, isC8Error } from 'c8connector';
import { type Bucket, openBucket } from './client.ts';
import { type S3Config, settingsOf } from './config.ts';

/** Reaches the bucket, then writes, reads and deletes one small object under the folder of the config. */
export async function* check({ config, signal }: CheckContext<S3Config>): AsyncGenerator<CheckStep> {
  const settings = settingsOf(config);
  using bucket = await openBucket(settings);
  yield {
    id: 'bucket',
    label: 'Reach the bucket',
    property: 'bucket',
    run: () => reach(bucket, settings.folder, signal),
  };
  yield* probe(bucket, `${settings.folder}c8-probe-${randomUUID()}`, signal);
}

/** Listing is the call whose refusal says why; it may be denied, since the target lists nothing. */
async function reach(bucket: Bucket, folder: string, abortSignal: AbortSignal): Promise<string> {
  const request = { Bucket: bucket.name, Prefix: folder, MaxKeys: 1 };
  try {
    await bucket.call('s3:ListBucket', undefined, ({ ListObjectsV2Command }, client) =>
      client.send(new ListObjectsV2Command(request), { abortSignal }),
    );
  } catch (error) {
    if (!isC8Error(error) || error.code !== 'access_denied') throw error;
  }
  return `The bucket ${bucket.name} answers.`;
}

/** The object is deleted even when it cannot be read, or when nobody asks for the next step. */
async function* probe(bucket: Bucket, key: string, signal: AbortSignal): AsyncGenerator<CheckStep> {
  const body = `Written by a validation, and deleted by it. ${key}`;
  let isThere = false;
  const write = async () => {
    isThere = true;
    await writeObject(bucket, key, body, signal);
    return `Wrote ${key}.`;
  };
  const remove = async () => {
    await deleteObject(bucket, key, signal);
    isThere = false;
    return 'Nothing of it is left.';
  };
  try {
    yield { id: 'write', label: 'Write an object', run: write };
    yield { id: 'read', label: 'Read it', run: () => readObject(bucket, key, body, signal) };
    yield { id: 'delete', label: 'Delete it', run: remove };
  } finally {
    if (isThere) await deleteObject(bucket, key, AbortSignal.timeout(5_000)).catch(() => undefined);
  }
}

async function writeObject(bucket: Bucket, key: string, body: string, abortSignal: AbortSignal): Promise<void> {
  const object = { Bucket: bucket.name, Key: key, Body: body, ContentType: 'text/plain' };
  await bucket.call('s3:PutObject', key, ({ PutObjectCommand }, client) =>
    client.send(new PutObjectCommand(object), { abortSignal }),
  );
}

async function readObject(bucket: Bucket, key: string, body: string, abortSignal: AbortSignal): Promise<CheckResult> {
  const read = await bucket.call('s3:GetObject', key, async ({ GetObjectCommand }, client) => {
    const answer = await client.send(new GetObjectCommand({ Bucket: bucket.name, Key: key }), { abortSignal });
    return await answer.Body?.transformToString();
  });
  if (read === body) return 'It holds what was written.';
  return {
    status: 'warning',
    message: 'It does not hold what was written.',
    remedy: 'See what changes objects of this bucket.',
  };
}

async function deleteObject(bucket: Bucket, key: string, abortSignal: AbortSignal): Promise<void> {
  await bucket.call('s3:DeleteObject', key, ({ DeleteObjectCommand }, client) =>
    client.send(new DeleteObjectCommand({ Bucket: bucket.name, Key: key }), { abortSignal }),
  );
}
