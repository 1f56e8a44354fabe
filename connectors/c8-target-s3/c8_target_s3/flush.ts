import { setMaxListeners } from 'node:events';
import { isC8Error, type State, type WriteRequest } from 'c8connector';
import type { Bucket } from './client.ts';
import type { Format, StreamFile } from './format.ts';
import { streamFolder } from './object-name.ts';
import type { Spool } from './spool.ts';
import { type NewObject, uploadFile } from './upload.ts';

/** What a flush works with. */
interface FlushTools {
  readonly bucket: Bucket;
  readonly format: Format;
  readonly spool: Spool;
  readonly name: (stream: string, version: number | undefined, extension: string) => string;
  readonly run: WriteRequest['run'];
  readonly signal: AbortSignal;
  readonly log: WriteRequest['log'];
}

/** A flush under way: its objects are all there once `done` resolves, and none of them once it rejects. */
export interface Flush {
  readonly state: State | undefined;
  readonly done: Promise<void>;
  /** For a flush whose state was not yielded: stops it, and deletes its objects. Never rejects. */
  undo(): Promise<void>;
}

const parallelUploads = 3;
/** After these there is no object that would have to be deleted. */
const certainRefusals = ['bucket_missing', 'login_refused', 'connection_refused', 'host_unknown', 'region_wrong'];

/** Begins to make objects of the files. `state` is that of the FLUSH; errors come from `done`. */
export function startFlush(files: readonly StreamFile[], state: State | undefined, tools: FlushTools): Flush {
  const stop = new AbortController();
  const signal = AbortSignal.any([tools.signal, stop.signal]);
  // Each file of the flush waits for it.
  setMaxListeners(0, signal);
  const keys: string[] = [];
  const done = putAll(files, keys, { ...tools, signal }, stop);
  // It is awaited later, or never when the messages fail first.
  done.catch(() => undefined);
  return {
    state,
    done,
    async undo() {
      stop.abort();
      await done.then(() => deleteAll(keys, tools)).catch(() => undefined);
    },
  };
}

async function putAll(
  files: readonly StreamFile[],
  keys: string[],
  tools: FlushTools,
  stop: AbortController,
): Promise<void> {
  const queue = files.values();
  const lane = async () => {
    for (const file of queue) await putOne(file, keys, tools);
  };
  const lanes = Array.from({ length: parallelUploads }, lane);
  try {
    await Promise.all(lanes);
  } catch (error) {
    stop.abort();
    await Promise.allSettled(lanes);
    await deleteAll(keys, tools);
    throw error;
  }
}

async function putOne(
  file: StreamFile,
  keys: string[],
  { bucket, format, spool, name, run, signal }: FlushTools,
): Promise<void> {
  signal.throwIfAborted();
  const path = await format.finish(file, signal);
  const key = name(file.stream, file.version, format.extension);
  // Before the call: an object whose answer was lost is deleted as well.
  keys.push(key);
  try {
    await uploadFile(bucket, path, { key, contentType: format.contentType, metadata: metadata(file, run) }, signal);
  } catch (error) {
    if (isC8Error(error) && certainRefusals.includes(error.code)) keys.splice(keys.indexOf(key), 1);
    throw error;
  }
  await spool.remove(path);
}

/** Says which run wrote an object, so that a later run can find what no state names. */
function metadata(file: StreamFile, run: WriteRequest['run']): NewObject['metadata'] {
  return {
    'c8-run': encodeURIComponent(run.id),
    'c8-unit': encodeURIComponent(run.unit),
    'c8-epoch': String(run.epoch),
    'c8-stream': streamFolder(file.stream),
    'c8-version': String(file.version ?? 0),
    'c8-rows': String(file.rows),
  };
}

/** Best effort: what stays is logged, and is at worst rows that come a second time. */
async function deleteAll(keys: readonly string[], { bucket, log }: FlushTools): Promise<void> {
  const abortSignal = AbortSignal.timeout(8_000);
  for (const key of keys) {
    try {
      await bucket.call('s3:DeleteObject', key, ({ DeleteObjectCommand }, client) =>
        client.send(new DeleteObjectCommand({ Bucket: bucket.name, Key: key }), { abortSignal }),
      );
    } catch (error) {
      log.warn('An object of a flush that failed could not be deleted.', { key, error: String(error) });
    }
  }
}
