/// <reference lib="esnext.disposable" preserve="true" />
import { readFile } from 'node:fs/promises';
import type { ConnectionState } from '../interface/progress.ts';
import { type ColumnStore, openMemoryColumns } from './column-store.ts';
import { newConnectionState } from './connection-state.ts';
import { connectionStore } from './connection-store.ts';
import { deferredWriter } from './deferred-writer.ts';
import type { DeliveryLog } from './delivery-log.ts';
import { openFileDeliveries } from './file-delivery-log.ts';
import { type Lock, type LockOptions, lockFile } from './lock-file.ts';
import { type FoundState, readStateFile } from './read-state-file.ts';
import type { StateStore } from './state-store.ts';
import { stateText } from './state-text.ts';
import { followLinks, removeDrafts, writeFileAtomically } from './write-file.ts';

/** What a connection keeps in a file and beside it. Disposing of it writes what is not written yet, and releases the lock. */
export interface FileState extends AsyncDisposable {
  readonly store: StateStore;
  readonly columns: ColumnStore;
  readonly deliveries: DeliveryLog;
}

/** How a state file is opened. */
export interface FileStateOptions extends LockOptions {
  /** The clock: milliseconds since 1970. */
  readonly now?: () => number;
}

/** How long changes that need not be durable at once may wait for the next write of the file. */
const deferMilliseconds = 1000;

/**
 * Opens the state of a connection in one JSON file, a Singer state with our own data under `c8`. The file is created with the first change, and always replaced as a
 * whole. A `.lock` file beside it is held until this is disposed of; a `.ledger` file has the delivery log. Throws a ConfigError `state_locked` while
 * another live run holds the lock, and `state_unreadable` when the file holds something else. Once another run has taken the lock, because this process was paused,
 * every change rejects with a ConnectorError `claim_lost` and the file stays as it is.
 */
export async function openFileState(path: string, options: FileStateOptions = {}): Promise<FileState> {
  const file = await followLinks(path);
  const lock = await lockFile(`${file}.lock`, options);
  try {
    // Before the file is read: without its draft, a run that lost the lock can no longer replace the file.
    await removeDrafts(file);
    return await openLocked(path, file, lock, options);
  } catch (error) {
    await lock[Symbol.asyncDispose]();
    throw error;
  }
}

/**
 * The state of a connection as its file has it now, also while a run is in progress; undefined when there is no file yet. Throws a ConfigError `state_unreadable` when the file holds something else.
 */
export async function readFileState(path: string): Promise<ConnectionState | undefined> {
  const text = await readText(await followLinks(path));
  return text === undefined ? undefined : readStateFile(text, path, Date.now()).state;
}

async function openLocked(
  path: string,
  file: string,
  lock: Lock,
  { now = Date.now }: FileStateOptions,
): Promise<FileState> {
  const text = await readText(file);
  const found = text === undefined ? fresh(now()) : readStateFile(text, path, now());
  const columns = new Map(Object.entries(found.columns));
  const textOf = stateText();
  let state = (): FoundState['state'] => found.state;
  let replaced = found.isFirstFormat ? text : undefined;

  const writer = deferredWriter(deferMilliseconds, async () => {
    const content = textOf(state(), columns);
    if (replaced !== undefined) await writeLocked(`${file}.v1`, replaced, lock);
    replaced = undefined;
    await writeLocked(file, content, lock);
  });
  const store = connectionStore(found.state, {
    async save(current, { canWait }) {
      state = current;
      if (canWait && !lock.isLost()) await writer.writeSoon();
      else await writer.write();
    },
    close: writer.close,
    now,
    found: found.found,
  });
  const deliveries = openFileDeliveries(`${file}.ledger`, {
    beforeReplacing: lock.check,
    // An entry belongs to a copy: it is worthless if the beginning of the copy is lost.
    beforeAppending: writer.flush,
    // Once another run has the lock, this one must not make the next call.
    afterAppending: lock.check,
  });
  return {
    store,
    columns: openMemoryColumns(columns, writer.defer),
    deliveries,
    async [Symbol.asyncDispose]() {
      try {
        await deliveries[Symbol.asyncDispose]();
        await store[Symbol.asyncDispose]();
      } finally {
        await lock[Symbol.asyncDispose]();
      }
    },
  };
}

function fresh(now: number): FoundState {
  return { state: newConnectionState(now), columns: {}, isFirstFormat: false };
}

/** A run that lost the lock may find its draft removed: the loss is then the error to report. */
async function writeLocked(path: string, content: string, lock: Lock): Promise<void> {
  try {
    await writeFileAtomically(path, content, { beforeReplacing: lock.check });
  } catch (error) {
    await lock.check();
    throw error;
  }
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
