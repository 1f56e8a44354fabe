import { isC8Error } from 'c8connector';
import type { Bucket } from './client.ts';
import { refusedItem } from './errors.ts';
import { inLanes } from './lanes.ts';
import { delayAfter } from './retry.ts';
import { wait } from './wait.ts';

/** An object that may still exist, and the error that prevented its deletion. */
export interface Undeleted {
  readonly key: string;
  readonly error: unknown;
}

/** The most keys that S3 accepts in one request. */
const batchSize = 1_000;
const parallelBatches = 4;
/** Deletions at a time on a server without DeleteObjects. */
const parallelSingles = 16;

/** The most requests for objects with retryable errors. Such errors come within a successful answer, for the objects that S3 was too busy to delete. */
const mostRounds = 4;
/** The most milliseconds between two of these requests. */
const longestDelay = 1_000;

/**
 * Deletes objects, a thousand with each request, and resolves with those whose deletion S3 did not confirm. An object that did not exist counts as deleted. Throws only if the signal
 * is aborted before the first request.
 */
export async function deleteObjects(
  bucket: Bucket,
  keys: readonly string[],
  signal: AbortSignal,
): Promise<readonly Undeleted[]> {
  const batches = Array.from({ length: Math.ceil(keys.length / batchSize) }, (_, index) =>
    keys.slice(index * batchSize, (index + 1) * batchSize),
  );
  const left = await inLanes(batches, parallelBatches, (batch) => deleteRepeatedly(bucket, batch, signal));
  return left.flat();
}

/** Deletes a batch, and repeats the request for the objects that S3 was too busy to delete. */
async function deleteRepeatedly(
  bucket: Bucket,
  keys: readonly string[],
  signal: AbortSignal,
): Promise<readonly Undeleted[]> {
  const left: Undeleted[] = [];
  let asked = keys;
  for (let round = 1; asked.length > 0; round += 1) {
    // If the signal is aborted, the request itself fails and returns all its objects.
    if (round > 1) await wait(delayAfter(round, longestDelay), signal).catch(() => undefined);
    const { undeleted, busy } = await deleteBatch(bucket, asked, signal);
    left.push(...undeleted, ...(round < mostRounds ? [] : busy));
    asked = round < mostRounds ? busy.map(({ key }) => key) : [];
  }
  return left;
}

/** The objects that a request did not delete; `busy` are those with a retryable error in a successful answer. */
interface Left {
  readonly undeleted: readonly Undeleted[];
  readonly busy: readonly Undeleted[];
}

async function deleteBatch(bucket: Bucket, keys: readonly string[], signal: AbortSignal): Promise<Left> {
  const about = { operation: 'DeleteObjects', right: 's3:DeleteObject' };
  try {
    const { Deleted = [], Errors = [] } = await bucket.request({
      ...about,
      signal,
      send: (sdk, client, abortSignal) => {
        const Delete = { Objects: keys.map((Key) => ({ Key })) };
        return client.send(new sdk.DeleteObjectsCommand({ Bucket: bucket.name, Delete }), { abortSignal });
      },
      // The answer must name each object, as deleted or with its error.
      lacks: ({ Deleted = [], Errors = [] }) => {
        const named = new Set([...Deleted, ...Errors].map(({ Key }) => Key));
        const missing = keys.find((key) => !named.has(key));
        return missing === undefined ? undefined : `without a result for ${missing}`;
      },
    });
    const deleted = new Set(Deleted.map(({ Key }) => Key));
    const errors = new Map(Errors.map(({ Key, Code = '', Message = '' }) => [Key, [Code, Message] as const]));
    const items = keys.flatMap((key) => {
      const [code, message] = errors.get(key) ?? [];
      if (deleted.has(key) && code === undefined) return [];
      return [{ key, error: refusedItem(code ?? '', message ?? '', bucket.attemptOf({ ...about, key })) }];
    });
    const isBusy = ({ error }: Undeleted) => isC8Error(error) && error.isRetryable;
    return { undeleted: items.filter((item) => !isBusy(item)), busy: items.filter(isBusy) };
  } catch (error) {
    // Some servers lack DeleteObjects, or require a Content-MD5 with it.
    const isUnknown = isC8Error(error) && ['operation_unsupported', 'request_refused'].includes(error.code);
    if (!isUnknown) return { undeleted: keys.map((key) => ({ key, error })), busy: [] };
    const left = await inLanes(keys, parallelSingles, (key) => deleteSingle(bucket, key, signal));
    return { undeleted: left.flat(), busy: [] };
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
      lacks: ({ $metadata }) => ($metadata.httpStatusCode === 204 ? undefined : 'instead of 204'),
    });
    return [];
  } catch (error) {
    return [{ key, error }];
  }
}
