import { randomUUID } from 'node:crypto';
import type { CheckContext, CheckStep } from 'c8connector';
import { type Bucket, openBucket } from './client.ts';
import { type S3Config, settingsOf } from './config.ts';
import { deleteObjects } from './delete-objects.ts';
import { listObjects } from './list-objects.ts';
import { probeCondition, probeDeletion, probeMultipart, probeRead, probeWrite } from './probes.ts';

/** Fewer attempts than in a run: a user waits for the result, and should soon learn that a server is busy. */
const attempts = 3;
const longestDelay = 2_000;

/**
 * Reaches the bucket, then does what a run does with small objects in the folder of the config: writes them whole and in parts, reads, writes conditionally, and deletes.
 */
export async function* check({ config, signal }: CheckContext<S3Config>): AsyncGenerator<CheckStep> {
  const given = settingsOf(config);
  const settings = { ...given, retry: { attempts: Math.min(attempts, given.retry.attempts), longestDelay } };
  using bucket = await openBucket(settings);
  yield {
    id: 'bucket',
    label: 'Reach the bucket',
    property: 'bucket',
    run: () => reach(bucket, settings.folder, signal),
  };
  // No object is much larger than the smaller of these limits.
  const hasParts = Math.min(config.flush_bytes, config.file_bytes) > settings.partSize;
  yield* probe(bucket, `${settings.folder}c8-probe-${randomUUID()}`, hasParts, signal);
}

/** Lists, as a run does to find manifests and leftovers. Listing is also the call whose refusal shows most precisely what is wrong. */
async function reach(bucket: Bucket, folder: string, signal: AbortSignal): Promise<string> {
  for await (const _ of listObjects(bucket, folder, signal)) break;
  return `The bucket ${bucket.name} can be listed.`;
}

/** Deletes the objects even if one cannot be read, or if the caller stops asking for steps. */
async function* probe(bucket: Bucket, key: string, hasParts: boolean, signal: AbortSignal): AsyncGenerator<CheckStep> {
  const body = Buffer.from(`Written by a validation, and deleted by it. ${key}`);
  const object = { key, contentType: 'text/plain', metadata: { 'c8-probe': key.slice(-36) } };
  const parts = { ...object, key: `${key}-parts` };
  const left = new Set<string>();
  const run = (written: string, step: () => Promise<string>) => async () => {
    left.add(written);
    return await step();
  };
  try {
    yield { id: 'write', label: 'Write an object', run: run(key, () => probeWrite(bucket, object, body, signal)) };
    yield { id: 'read', label: 'Read the object', run: () => probeRead(bucket, key, body, signal) };
    yield {
      id: 'conditional_write',
      label: 'Write only if the object does not exist',
      run: () => probeCondition(bucket, object, body, signal),
    };
    if (hasParts) {
      const step = run(parts.key, () => probeMultipart(bucket, parts, body, signal));
      yield { id: 'multipart', label: 'Write an object in parts', run: step };
    }
    yield {
      id: 'delete',
      label: 'Delete the objects',
      async run() {
        const message = await probeDeletion(bucket, [...left], signal);
        left.clear();
        return message;
      },
    };
  } finally {
    if (left.size > 0) await deleteObjects(bucket, [...left], AbortSignal.timeout(5_000));
  }
}
