import { setMaxListeners } from 'node:events';
import { type State, type TargetMessage, type WriteContext, waitFor } from 'c8connector';
import type { Room } from './chain.ts';
import { Commits } from './commits.ts';
import type { S3Config, Settings } from './config.ts';
import { isCommitDue } from './flush.ts';
import { inLanes } from './lanes.ts';
import { withMetadata, withMetadataColumns } from './metadata-columns.ts';
import { mergedRow, openRowChanges, type RowChange, type RowChanges } from './row-changes.ts';

const parallelObjects = 32;

/** The most rows and bytes of a flush, whose combined changes are kept in memory. */
export const mostRows = 100_000;
export const mostBytes = 64_000_000;

/**
 * Writes an object for each row, named by its key, with the current row. A manifest has only the state: the objects are written before it, and writing them again after a kill has the same result.
 */
export async function* writeRows(
  messages: AsyncIterable<TargetMessage>,
  { run, signal }: WriteContext<S3Config>,
  settings: Settings,
  room: Room,
): AsyncGenerator<State | undefined> {
  const { addsMetadataColumns, deletesRows } = settings;
  const commits = new Commits(room, run);
  const streams = new Map<string, RowChanges>();
  const iterator = messages[Symbol.asyncIterator]();
  try {
    while (true) {
      const next = await waitFor(iterator.next(), { signal });
      if (next === undefined) throw signal.reason;
      if (next.value.done) return;
      const message = next.value.value;
      if (message.type === 'SCHEMA') {
        await flushStream(room, message.stream, streams.get(message.stream));
        const described = addsMetadataColumns ? withMetadataColumns(message) : message;
        streams.set(message.stream, openRowChanges(described, deletesRows));
      }
      if (message.type === 'RECORDS')
        streams.get(message.stream)?.add(addsMetadataColumns ? withMetadata(message) : message);
      if (message.type !== 'FLUSH') continue;
      for (const [stream, changes] of streams) await flushStream(room, stream, changes);
      if (isCommitDue(message, run)) await commits.commit(message.state);
      yield message.state;
    }
  } finally {
    // Not awaited, since it waits for a next() that may never resolve.
    iterator.return?.()?.catch(() => undefined);
  }
}

async function flushStream(room: Room, stream: string, changes: RowChanges | undefined): Promise<void> {
  const { store, folder, path } = room;
  const stop = new AbortController();
  const signal = AbortSignal.any([room.signal, stop.signal]);
  // Many requests listen to it at the same time.
  setMaxListeners(0, signal);
  const keyOf = (name: string) => `${folder}${path.folder(stream, [], '')}/${name}.json`;
  const all = [...(changes?.take() ?? [])];
  try {
    const deleted = all.filter(([, { isDeleted }]) => isDeleted).map(([name]) => keyOf(name));
    const [failed] = await store.delete(deleted, signal);
    if (failed !== undefined) throw failed.error;
    const rows = all.filter(([, { isDeleted }]) => !isDeleted);
    await inLanes(rows, parallelObjects, ([name, change]) => putRow({ ...room, signal }, keyOf(name), change));
  } catch (error) {
    stop.abort();
    throw error;
  }
}

async function putRow({ store, signal, log }: Room, key: string, { lines, isWhole }: RowChange): Promise<void> {
  const stored = isWhole ? undefined : await store.read(key, signal);
  const object = { key, contentType: 'application/json', metadata: {} };
  const row = mergedRow(stored, lines);
  await using upload = store.upload(object, { signal, log, size: row.length });
  await upload.write(row);
  await upload.close();
}
