import { isC8Error } from 'c8connector';
import type { Bucket } from './client.ts';
import { refusedItem } from './errors.ts';

/** An object that may still be there, and why. */
export interface Undeleted {
  readonly key: string;
  readonly error: unknown;
}

/** S3 takes no more in one request. */
const batchSize = 1_000;
const parallelBatches = 4;
/** Where a server has no DeleteObjects. */
const parallelSingles = 16;

/**
 * Deletes objects, a thousand with each request, and resolves with those of which S3 did not say that they are gone. One that was not there counts as deleted. Throws only when
 * the signal is aborted before the first request.
 */
export async function deleteObjects(
  bucket: Bucket,
  keys: readonly string[],
  signal: AbortSignal,
): Promise<readonly Undeleted[]> {
  const batches = Array.from({ length: Math.ceil(keys.length / batchSize) }, (_, index) =>
    keys.slice(index * batchSize, (index + 1) * batchSize),
  );
  const left = await inLanes(batches, parallelBatches, (batch) => deleteBatch(bucket, batch, signal));
  return left.flat();
}

async function deleteBatch(
  bucket: Bucket,
  keys: readonly string[],
  signal: AbortSignal,
): Promise<readonly Undeleted[]> {
  const about = { operation: 'DeleteObjects', right: 's3:DeleteObject' };
  try {
    const { Deleted = [], Errors = [] } = await bucket.request({
      ...about,
      signal,
      send: (sdk, client, abortSignal) => {
        const Delete = { Objects: keys.map((Key) => ({ Key })) };
        return client.send(new sdk.DeleteObjectsCommand({ Bucket: bucket.name, Delete }), { abortSignal });
      },
      // Each object stands in the answer, as deleted or with its error.
      lacks: ({ Deleted = [], Errors = [] }) => {
        const named = new Set([...Deleted, ...Errors].map(({ Key }) => Key));
        const missing = keys.find((key) => !named.has(key));
        return missing === undefined ? undefined : `without a word about ${missing}`;
      },
    });
    const deleted = new Set(Deleted.map(({ Key }) => Key));
    const errors = new Map(Errors.map(({ Key, Code = '', Message = '' }) => [Key, [Code, Message] as const]));
    return keys.flatMap((key) => {
      const [code, message] = errors.get(key) ?? [];
      if (deleted.has(key) && code === undefined) return [];
      return [{ key, error: refusedItem(code ?? '', message ?? '', bucket.attemptOf({ ...about, key })) }];
    });
  } catch (error) {
    // Some servers do not have it, or want a Content-MD5 with it.
    const isUnknown = isC8Error(error) && ['operation_unsupported', 'request_refused'].includes(error.code);
    if (!isUnknown) return keys.map((key) => ({ key, error }));
    const left = await inLanes(keys, parallelSingles, (key) => deleteSingle(bucket, key, signal));
    return left.flat();
  }
}

async function deleteSingle(bucket: Bucket, key: string, signal: AbortSignal): Promise<readonly Undeleted[]> {
  try {
    await bucket.request({
      operation: 'DeleteObject',
      right: 's3:DeleteObject',
      key,
      signal,
      send: (sdk, client, abortSignal) =>
        client.send(new sdk.DeleteObjectCommand({ Bucket: bucket.name, Key: key }), { abortSignal }),
      lacks: ({ $metadata }) => ($metadata.httpStatusCode === 204 ? undefined : 'where 204 says that it is done'),
    });
    return [];
  } catch (error) {
    return [{ key, error }];
  }
}

/** Does the work for all items, for so many of them at the same time. */
async function inLanes<T, R>(items: readonly T[], lanes: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const lane = async () => {
    for (const [index, item] of queue) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return results;
}
