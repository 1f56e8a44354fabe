import { ConnectorError } from '../interface/errors.ts';
import type { ConnectionState } from '../interface/progress.ts';
import type { State } from '../interface/state.ts';
import { canBeLost, isUnitState } from '../replication/methods.ts';
import { beginRun, merged, withProgress } from './connection-state.ts';
import type { StateStore } from './state-store.ts';

/** Epochs and versions that a store gives out are kept ahead by so many milliseconds, so that not each claim needs a write. */
const reserve = 60_000;

/** Where a {@link connectionStore} keeps what it has in memory. */
export interface Keeping {
  /** Keeps the whole state: durable when it resolves, or up to a second later when it can wait. */
  save(state: ConnectionState, options: { readonly canWait: boolean }): Promise<void>;
  close(): Promise<void>;
  /** Milliseconds since 1970. */
  now(): number;
}

/** A store that has the state in memory, and keeps each change of it. Nobody else may change what it keeps. */
export function connectionStore(initial: ConnectionState, keeping: Keeping): StateStore {
  const claimed = new Map<string, number>();
  let state = initial;
  let lastEpoch = state.lastEpoch;
  let lastVersion = state.lastVersion;

  const save = async (next: ConnectionState, canWait = false): Promise<void> => {
    state = next;
    await keeping.save(state, { canWait });
  };
  const check = (unit: string, epoch: number): void => {
    if (claimed.get(unit) !== epoch) throw lost(unit, `epoch ${epoch} is no longer the newest`);
  };

  return {
    load: async () => state,
    async begin(request) {
      const begun = beginRun(state, request, keeping.now());
      if (begun.state.generation !== state.generation) claimed.clear();
      await save(begun.state);
      return begun;
    },
    async claim(unit, generation) {
      if (generation !== state.generation) throw lost(unit, `generation ${generation} has ended`);
      lastEpoch = Math.max(keeping.now(), lastEpoch + 1);
      claimed.set(unit, lastEpoch);
      const epoch = lastEpoch;
      if (epoch > state.lastEpoch) await save({ ...state, lastEpoch: epoch + reserve });
      return { epoch, state };
    },
    async version(unit, epoch) {
      check(unit, epoch);
      lastVersion = Math.max(keeping.now(), lastVersion + 1);
      const version = lastVersion;
      if (version > state.lastVersion) await save({ ...state, lastVersion: version + reserve });
      return version;
    },
    async put(unit, epoch, stream, progress) {
      check(unit, epoch);
      // Where a log is followed from must be known before anything is copied.
      await save(withProgress(state, stream, progress), progress !== undefined && !('logPosition' in progress));
    },
    async commit(unit, epoch, said) {
      check(unit, epoch);
      const next = merged(state, said);
      if (next === undefined) throw lost(unit, 'what it says does not fit the progress of its streams any more');
      await save(next, canWait(said));
    },
    async adopt(unit, epoch, said) {
      check(unit, epoch);
      await save(merged(state, said, { isLenient: true }) ?? state);
      return state;
    },
    async finish(run) {
      if (state.run?.id !== run) return;
      const { run: _, ...finished } = state;
      await save(finished);
    },
    [Symbol.asyncDispose]: () => keeping.close(),
  };
}

function canWait(said: State): boolean {
  return isUnitState(said) && Object.values(said.patches).every(canBeLost);
}

function lost(unit: string, why: string): ConnectorError {
  return new ConnectorError(`unit '${unit}' belongs to another run now: ${why}`, { code: 'claim_lost' });
}
