import { readFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { ConfigError, ConnectorError } from '../interface/errors.ts';
import type { Bookmark, State } from '../interface/state.ts';
import type { Value } from '../interface/value.ts';
import { stringifyValue } from '../jsonl/values.ts';
import { parseState } from '../singer/state.ts';
import { openFileLedger, removeFileLedger } from './file-ledger.ts';
import { lockFile } from './lock-file.ts';
import type { ColumnSummary } from './schema-change.ts';
import type { StateStore } from './state-store.ts';
import { removeDrafts, writeFileAtomically } from './write-file.ts';

/** The keys of the state file for what the store itself must know; everything else in it is Singer's state. */
const epochsKey = 'c8_epochs';
const columnsKey = 'c8_columns';

interface Bookkeeping {
  readonly epochs: Readonly<Record<string, number>>;
  /** By stream. */
  readonly columns: Readonly<Record<string, ColumnSummary>>;
}

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
  let { state, ...own } = split(await readState(path), path);
  let writing: Promise<void> = Promise.resolve();

  const store = (next: State, nextOwn: Bookkeeping = own): Promise<void> => {
    state = next;
    own = nextOwn;
    const whole = { ...next, [epochsKey]: nextOwn.epochs, [columnsKey]: nextOwn.columns };
    writing = writing.then(() => writeFileAtomically(path, `${stringifyValue(whole as Value, 2)}\n`));
    return writing;
  };

  return {
    load: async () => state,
    async begin(next) {
      await removeFileLedger(ledgerPath);
      await store(next);
    },
    async finish() {
      await store({ ...state, currently_syncing: null });
      await removeFileLedger(ledgerPath);
    },
    async claim(unit, streams) {
      const epoch = (own.epochs[unit] ?? 0) + 1;
      await store({ ...state, currently_syncing: unit }, { ...own, epochs: { ...own.epochs, [unit]: epoch } });
      return { epoch, state: { currently_syncing: unit, bookmarks: bookmarksOf(state, streams) } };
    },
    async commit(unit, epoch, committed) {
      if (own.epochs[unit] !== epoch) throw claimedAgain(unit, epoch);
      await store({ ...state, bookmarks: { ...state.bookmarks, ...committed.bookmarks } });
    },
    async keepColumns(stream, columns) {
      const before = own.columns[stream];
      if (!isDeepStrictEqual(before, columns)) {
        await store(state, { ...own, columns: { ...own.columns, [stream]: columns } });
      }
      return before;
    },
    ledger: (streams, from) => openFileLedger(ledgerPath, streams, from),
    async [Symbol.asyncDispose]() {
      await writing.catch(() => undefined);
      await lock[Symbol.asyncDispose]();
    },
  };
}

function bookmarksOf(state: State, streams: readonly string[]): Readonly<Record<string, Bookmark>> {
  const bookmarks = Object.entries(state.bookmarks ?? {});
  return Object.fromEntries(bookmarks.filter(([stream]) => streams.includes(stream)));
}

async function readState(path: string): Promise<State> {
  try {
    return parseState(await readFile(path, 'utf8'), path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}

function split(stored: State, path: string): Bookkeeping & { state: State } {
  const { [epochsKey]: epochs = {}, [columnsKey]: columns = {}, ...state } = stored;
  if (!isRecordOf(epochs, 'number')) throw damaged(path, epochsKey);
  if (!isRecordOf(columns, 'object')) throw damaged(path, columnsKey);
  return { state, epochs: epochs as Bookkeeping['epochs'], columns: columns as Bookkeeping['columns'] };
}

function isRecordOf(value: unknown, type: string): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((item) => item !== null && typeof item === type)
  );
}

function claimedAgain(unit: string, epoch: number): ConnectorError {
  return new ConnectorError(`unit '${unit}' was claimed again: epoch ${epoch} is no longer the newest`, {
    code: 'contract_broken',
  });
}

function damaged(path: string, key: string): ConfigError {
  return new ConfigError(`state file ${path}: '${key}' is damaged`, { code: 'state_unreadable' });
}
