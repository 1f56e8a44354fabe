import { setMaxListeners } from 'node:events';
import { isC8Error, type State, type WriteRequest, waitFor } from 'c8connector';
import type { Bucket } from './client.ts';
import { type CutLater, undoDeadline } from './cut-later.ts';
import { deleteObjects, type Undeleted } from './delete-objects.ts';
import type { Format, StreamFile } from './format.ts';
import { streamFolder } from './object-name.ts';
import type { Spool } from './spool.ts';
import type { NewObject } from './stored-object.ts';
import { uploadFile } from './upload-file.ts';

/** What a flush works with. */
interface FlushTools {
  readonly bucket: Bucket;
  readonly format: Format;
  readonly spool: Spool;
  readonly name: (stream: string, version: number | undefined, extension: string) => string;
  readonly run: WriteRequest['run'];
  /** Bytes of a part of an upload. */
  readonly partSize: number;
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
const neverReached = ['connection_refused', 'host_unknown', 'tls_refused'];
const certainRefusals = ['bucket_missing', 'login_refused', 'region_wrong'];

/** Begins to make objects of the files. `state` is that of the FLUSH; errors come from `done`. */
export function startFlush(files: readonly StreamFile[], state: State | undefined, tools: FlushTools): Flush {
  const stop = new AbortController();
  const signal = AbortSignal.any([tools.signal, stop.signal]);
  // Each file of the flush waits for it.
  setMaxListeners(0, signal);
  const objects: Objects = new Map();
  const done = putAll(files, objects, { ...tools, signal }, () => {
    stop.abort();
    return undoDeadline(tools.signal);
  });
  // It is awaited later, or never when the messages fail first.
  done.catch(() => undefined);
  return {
    state,
    done,
    async undo() {
      stop.abort();
      await done.then(() => undoAll([...objects.keys()], tools)).catch(() => undefined);
    },
  };
}

/** The objects of a flush by their names: those that are on their way may be there, or come to be. */
type Objects = Map<string, 'sent' | 'stored'>;

async function putAll(
  files: readonly StreamFile[],
  objects: Objects,
  tools: FlushTools,
  stop: () => CutLater,
): Promise<void> {
  const queue = files.values();
  const lane = async () => {
    for (const file of queue) await putOne(file, objects, tools);
  };
  const lanes = Array.from({ length: parallelUploads }, lane);
  try {
    if ((await waitFor(Promise.all(lanes), { signal: tools.signal })) === undefined) throw tools.signal.reason;
  } catch (error) {
    using deadline = stop();
    const { signal } = deadline;
    const stored = [...objects].flatMap(([key, state]) => (state === 'stored' ? [key] : []));
    // Little time is left after a signal: what is there does not wait for what is on its way.
    const [early] = await Promise.all([
      deleteObjects(tools.bucket, stored, signal),
      waitFor(Promise.allSettled(lanes), { signal }),
    ]);
    for (const key of stored) objects.delete(key);
    warnOf([...early, ...(await deleteObjects(tools.bucket, [...objects.keys()], signal))], tools);
    throw error;
  }
}

async function putOne(
  file: StreamFile,
  objects: Objects,
  { bucket, format, spool, name, run, partSize, signal, log }: FlushTools,
): Promise<void> {
  signal.throwIfAborted();
  const path = await format.finish(file, signal);
  const key = name(file.stream, file.version, format.extension);
  // Before the call: an object whose answer was lost is deleted as well.
  objects.set(key, 'sent');
  try {
    const object = { key, contentType: format.contentType, metadata: metadata(file, run) };
    await uploadFile(bucket, spool, path, object, { partSize, signal, log });
  } catch (error) {
    if (isC8Error(error) && isCertain(error.code, bucket)) objects.delete(key);
    throw error;
  }
  objects.set(key, 'stored');
  await spool.remove(path);
}

/** Whether no object can be there after an error. */
function isCertain(code: string, { hasAnswered }: Bucket): boolean {
  return certainRefusals.includes(code) || (!hasAnswered && neverReached.includes(code));
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

/** Best effort: what stays is logged, and is at worst rows that come a second time. Never rejects. */
async function undoAll(keys: readonly string[], tools: FlushTools): Promise<void> {
  using deadline = undoDeadline(tools.signal);
  warnOf(await deleteObjects(tools.bucket, keys, deadline.signal), tools);
}

function warnOf([first, ...more]: readonly Undeleted[], { log, run }: FlushTools): void {
  if (first === undefined) return;
  const cure = 'delete those with this c8-run in their metadata, or leave them to a lifecycle rule of the bucket';
  log.warn(`Objects of a flush that failed could not be deleted, and their rows come a second time: ${cure}.`, {
    objects: more.length + 1,
    first: first.key,
    run: run.id,
    error: String(first.error),
  });
}
