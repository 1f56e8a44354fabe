import { setMaxListeners } from 'node:events';
import { type FlushMessage, type RunIdentity, type State, waitFor } from 'c8connector';
import type { Room } from './chain.ts';
import type { Commits } from './commits.ts';
import { type CutLater, undoDeadline } from './cut-later.ts';
import type { DeadLetters, LetterFile } from './dead-letters.ts';
import type { Undeleted } from './delete-objects.ts';
import type { Format, StreamFile } from './format.ts';
import type { Activation, ManifestObject } from './manifest.ts';
import { type ObjectNames, readRejectedName, streamFolder } from './object-name.ts';
import type { Spool } from './spool.ts';
import type { NewObject } from './stored-object.ts';
import { uploadFile } from './upload-file.ts';

/** What a flush needs. */
export interface FlushTools {
  readonly room: Room;
  readonly format: Format;
  readonly spool: Spool;
  readonly names: ObjectNames;
  readonly run: RunIdentity;
  readonly commits: Commits;
  readonly letters: DeadLetters;
}

/** What a flush makes durable. */
export interface Flushed {
  readonly files: readonly StreamFile[];
  readonly letters: readonly LetterFile[];
  readonly activates: readonly Activation[];
  readonly message: FlushMessage;
}

/** A flush in progress. Once `done` resolves, everything is stored, and committed if it is a checkpoint. Once it rejects, nothing is left, unless it is unknown whether it was committed. */
export interface Flush {
  readonly state: State | undefined;
  readonly done: Promise<void>;
  /** Stops the flush, and resolves when all its work has ended. Never rejects. */
  stop(): Promise<void>;
}

const parallelUploads = 3;
/** Units that commit on every FLUSH: a pipe, and a source that keeps its own state, may end with rows after their last state, or have no state, and those rows count as well. */
const withoutCheckpoints = ['pipe', 'tap'];

/** Whether a FLUSH ends with a commit. */
export function isCommitDue({ isCheckpoint }: FlushMessage, { unit }: RunIdentity): boolean {
  return isCheckpoint || withoutCheckpoints.includes(unit);
}

/** Starts to write the files as objects. Errors reject `done`. */
export function startFlush({ files, letters, activates, message }: Flushed, tools: FlushTools): Flush {
  const { room, commits, run } = tools;
  const stopping = new AbortController();
  const signal = AbortSignal.any([room.signal, stopping.signal]);
  // Each file of the flush listens to it.
  setMaxListeners(0, signal);
  // Named here, so that the names do not depend on which file is uploaded first.
  const named = [...files.map((file) => objectOf(file, tools)), ...letters.map((file) => lettersOf(file, tools))];
  const work = async () => {
    const stored = await putAll(named, { ...tools, room: { ...room, signal } }, () => {
      stopping.abort();
      return undoDeadline(room.signal);
    });
    const objects = stored.filter(({ key }) => !isRejected(key));
    const rejected = stored.filter(({ key }) => isRejected(key));
    commits.add({ objects, activates, rejected: rejected.map(({ version: _, ...file }) => file) });
    tools.letters.stored(letters);
    if (!isCommitDue(message, run)) return;
    await commits.commit(message.state);
    tools.letters.report();
  };
  const done = work();
  // Awaited later, or never if the messages fail first.
  done.catch(() => undefined);
  return {
    state: message.state,
    done,
    async stop() {
      stopping.abort();
      await done.catch(() => undefined);
    },
  };
}

/** A file that is written as an object. */
interface NamedFile {
  /** Below the folder of the config. */
  readonly key: string;
  readonly stream: string;
  readonly version: number;
  readonly rows: number;
  readonly contentType: string;
  /** Ends the file, and resolves with the path of the object's content. */
  finish(signal: AbortSignal): Promise<string>;
}

function objectOf(file: StreamFile, { names, format }: FlushTools): NamedFile {
  const { stream, folder, version, rows } = file;
  return {
    ...{ stream, version: version ?? 0, rows, contentType: format.contentType },
    key: names.object(folder, version, format.extension),
    finish: (signal) => format.finish(file, signal),
  };
}

function lettersOf({ stream, rejections, path }: LetterFile, { names }: FlushTools): NamedFile {
  return {
    ...{ stream, version: 0, rows: rejections.length, contentType: 'application/x-ndjson' },
    key: names.rejected(stream),
    finish: async () => path,
  };
}

function isRejected(key: string): boolean {
  return readRejectedName(key) !== undefined;
}

/** The objects of a flush by their keys. One that is `sent` may exist, or may still come to exist. */
type Objects = Map<string, 'sent' | ManifestObject>;

async function putAll(
  files: readonly NamedFile[],
  tools: FlushTools,
  stop: () => CutLater,
): Promise<readonly ManifestObject[]> {
  const { store, signal } = tools.room;
  const objects: Objects = new Map();
  const queue = files.values();
  const lane = async () => {
    for (const file of queue) await putOne(file, objects, tools);
  };
  const lanes = Array.from({ length: parallelUploads }, lane);
  try {
    if ((await waitFor(Promise.all(lanes), { signal })) === undefined) throw signal.reason;
  } catch (error) {
    using deadline = stop();
    const stored = [...objects].flatMap(([key, state]) => (state === 'sent' ? [] : [key]));
    // Little time is left after a signal, so stored objects are deleted without waiting for those being sent.
    const [early] = await Promise.all([
      store.delete(fullKeys(stored, tools), deadline.signal),
      waitFor(Promise.allSettled(lanes), { signal: deadline.signal }),
    ]);
    for (const key of stored) objects.delete(key);
    const late = await store.delete(fullKeys([...objects.keys()], tools), deadline.signal);
    warnOfUndeleted([...early, ...late], tools);
    throw error;
  }
  return files.flatMap(({ key }) => {
    const object = objects.get(key);
    return object === undefined || object === 'sent' ? [] : [object];
  });
}

function fullKeys(keys: readonly string[], { room: { folder } }: FlushTools): readonly string[] {
  return keys.map((key) => `${folder}${key}`);
}

async function putOne(file: NamedFile, objects: Objects, tools: FlushTools): Promise<void> {
  const { room, spool, run } = tools;
  const { store, folder, signal, log } = room;
  const { key, stream, version, rows, contentType } = file;
  signal.throwIfAborted();
  const path = await file.finish(signal);
  // Before the call, so that an object whose answer was lost is deleted as well.
  objects.set(key, 'sent');
  try {
    const object = { key: `${folder}${key}`, contentType, metadata: metadata(file, run) };
    const written = await uploadFile(store, spool, path, object, { signal, log });
    objects.set(key, { key, stream, version, rows, ...written });
  } catch (error) {
    if (store.provesNothingStored(error)) objects.delete(key);
    throw error;
  }
  await spool.remove(path);
}

/** Records who wrote an object and what is in it, for readers without the manifests. */
function metadata({ stream, version, rows }: NamedFile, run: RunIdentity): NewObject['metadata'] {
  return {
    'c8-run': encodeURIComponent(run.id),
    'c8-unit': encodeURIComponent(run.unit),
    'c8-epoch': String(run.epoch),
    'c8-stream': streamFolder(stream),
    'c8-version': String(version),
    'c8-rows': String(rows),
  };
}

/** Warns of objects that could not be deleted. Readers ignore them, since no manifest names them. */
export function warnOfUndeleted(
  [first, ...more]: readonly Undeleted[],
  { room: { log }, run }: Pick<FlushTools, 'room' | 'run'>,
): void {
  if (first === undefined) return;
  const cure =
    run.unit === 'pipe'
      ? 'delete those with this c8-run in their metadata, or leave them to a lifecycle rule of the bucket'
      : 'the next run deletes them';
  log.warn(`Objects of a failed flush could not be deleted. No manifest names them; ${cure}.`, {
    objects: more.length + 1,
    first: first.key,
    run: run.id,
    error: String(first.error),
  });
}
