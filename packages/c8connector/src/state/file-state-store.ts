import { readFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { ConfigError, ConnectorError } from '../interface/errors.ts';
import type { State } from '../interface/state.ts';
import type { Value } from '../interface/value.ts';
import { stringifyValue } from '../jsonl/values.ts';
import { positionOf } from '../replication/full-table.ts';
import { parseState } from '../singer/state.ts';
import { deferredWriter } from './deferred-writer.ts';
import { openFileLedger, removeFileLedger } from './file-ledger.ts';
import { lockFile } from './lock-file.ts';
import type { ColumnSummary } from './schema-change.ts';
import type { StateStore } from './state-store.ts';
import { removeDrafts, writeFileAtomically } from './write-file.ts';

/** The keys of the state file under which our own data stands; everything else in it is Singer's state. */
const epochKey = 'c8_epoch';
const columnsKey = 'c8_columns';
/** What older versions kept: an epoch for each unit. */
const epochsKey = 'c8_epochs';

interface OwnData {
  /** No unit was ever claimed with a higher one. */
  readonly epoch: number;
  /** By stream. */
  readonly columns: ReadonlyMap<string, ColumnSummary>;
}

/** How long what need not be durable at once may wait for the next write of the file. */
const deferMilliseconds = 1000;

/**
 * The state of a connection in one JSON file, written atomically and held by a lock file beside it. Throws a ConfigError `state_locked` while another run
 * that lives has it, and `state_unreadable` when the file holds something else.
 */
export async function openFileStateStore(path: string): Promise<StateStore> {
  const lock = await lockFile(`${path}.lock`);
  try {
    await removeDrafts(path);
    return await openLocked(path, lock);
  } catch (error) {
    await lock[Symbol.asyncDispose]();
    throw error;
  }
}

async function openLocked(path: string, lock: AsyncDisposable): Promise<StateStore> {
  const ledgerPath = `${path}.ledger`;
  const { state: stored, ...own } = split(await readState(path), path);
  const columns = new Map(own.columns);
  const claimed = new Map<string, number>();
  let state = stored;
  let bookmarks = new Map(Object.entries(state.bookmarks ?? {}));
  let epoch = own.epoch;
  let hasBegun = false;

  const whole = (): State =>
    state.bookmarks === undefined && bookmarks.size === 0
      ? state
      : { ...state, bookmarks: Object.fromEntries(bookmarks) };
  const file = deferredWriter(deferMilliseconds, async () => {
    const content = { ...whole(), [epochKey]: epoch, [columnsKey]: Object.fromEntries(columns) };
    await writeFileAtomically(path, `${stringifyValue(content as Value, 2)}\n`);
  });

  return {
    load: async () => whole(),
    async begin(next) {
      await removeFileLedger(ledgerPath);
      state = next;
      bookmarks = new Map(Object.entries(next.bookmarks ?? {}));
      await file.write();
    },
    async finish() {
      state = { ...state, currently_syncing: null };
      await file.write();
      await removeFileLedger(ledgerPath);
    },
    async claim(unit, streams) {
      state = { ...state, currently_syncing: unit };
      // One epoch serves all units that are claimed once: an epoch of each would be a write of the file for each.
      if (!hasBegun || claimed.get(unit) === epoch) {
        epoch += 1;
        hasBegun = true;
        await file.write();
      } else file.defer();
      claimed.set(unit, epoch);
      const own = streams.flatMap((stream) => {
        const bookmark = bookmarks.get(stream);
        return bookmark === undefined ? [] : [[stream, bookmark] as const];
      });
      return { epoch, state: { currently_syncing: unit, bookmarks: Object.fromEntries(own) } };
    },
    async commit(unit, claimedEpoch, committed) {
      if (claimed.get(unit) !== claimedEpoch) {
        throw new ConnectorError(`unit '${unit}' was claimed again: epoch ${claimedEpoch} is no longer the newest`, {
          code: 'contract_broken',
        });
      }
      const own = Object.entries(committed.bookmarks ?? {});
      for (const [stream, bookmark] of own) bookmarks.set(stream, bookmark);
      if (own.some(([, bookmark]) => positionOf(bookmark) !== undefined)) await file.write();
      else await file.writeSoon();
    },
    async keepColumns(stream, now) {
      const before = columns.get(stream);
      if (!isDeepStrictEqual(before, now)) {
        columns.set(stream, now);
        file.defer();
      }
      return before;
    },
    ledger: (streams, from) => openFileLedger(ledgerPath, streams, from),
    async [Symbol.asyncDispose]() {
      try {
        await file.close();
      } finally {
        await lock[Symbol.asyncDispose]();
      }
    },
  };
}

async function readState(path: string): Promise<State> {
  try {
    return parseState(await readFile(path, 'utf8'), path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}

function split(stored: State, path: string): OwnData & { state: State } {
  const { [epochKey]: epoch = 0, [epochsKey]: epochs = {}, [columnsKey]: columns = {}, ...state } = stored;
  if (typeof epoch !== 'number') throw damaged(path, epochKey);
  if (!isRecordOf(epochs, 'number')) throw damaged(path, epochsKey);
  if (!isRecordOf(columns, 'object')) throw damaged(path, columnsKey);
  const highest = Object.values(epochs as Readonly<Record<string, number>>).reduce((a, b) => Math.max(a, b), epoch);
  return {
    state,
    epoch: highest,
    columns: new Map(Object.entries(columns as Readonly<Record<string, ColumnSummary>>)),
  };
}

function isRecordOf(value: unknown, type: string): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((item) => item !== null && typeof item === type)
  );
}

function damaged(path: string, key: string): ConfigError {
  return new ConfigError(`state file ${path}: '${key}' is damaged`, { code: 'state_unreadable' });
}
