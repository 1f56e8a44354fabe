import { ConnectorError } from '../interface/errors.ts';
import type { ConnectionState } from '../interface/progress.ts';
import type { State } from '../interface/state.ts';
import { canBeLost, isUnitState } from '../replication/methods.ts';
import { beginRun } from './connection-state.ts';
import { endRun, type KeptState, keptState, mergeState, plainState, putProgress } from './kept-state.ts';
import type { StateStore } from './state-store.ts';

/**
 * A store reserves epochs and versions ahead by this many, in milliseconds, so that not every claim needs a write. No more than that: after a crash they continue after the reserved
 * ones, and a store that was lost begins at the current time.
 */
const reserve = 1000;

/** How a {@link connectionStore} persists the state that it holds in memory. */
export interface Keeping {
  /** Saves the whole state, which `state` returns when it is called. It is durable when this resolves, or up to a second later with `canWait`. */
  save(state: () => ConnectionState, options: { readonly canWait: boolean }): Promise<void>;
  close(): Promise<void>;
  /** Milliseconds since 1970. */
  now(): number;
  /** The Singer state that the initial state was made from: a source that keeps its own state gets it back unchanged. */
  readonly found?: State | undefined;
}

/** A store that holds the state in memory, and persists each change of it. Nothing else may change the persisted state. */
export function connectionStore(initial: ConnectionState, keeping: Keeping): StateStore {
  const claims = new Map<string, { readonly epoch: number; readonly streams: readonly string[] | undefined }>();
  const kept = keptState(initial);
  const epochs = risingNumber(kept, 'lastEpoch');
  const versions = risingNumber(kept, 'lastVersion');
  let { found } = keeping;

  const now = (): number => Math.floor(keeping.now());
  let asked = 0;
  let durable = 0;
  const save = async (canWait = false): Promise<void> => {
    asked += 1;
    const own = asked;
    await keeping.save(() => plainState(kept), { canWait });
    if (!canWait) durable = Math.max(durable, own);
  };
  const check = (unit: string, epoch: number): void => {
    if (claims.get(unit)?.epoch !== epoch) throw lost(unit, `epoch ${epoch} is no longer the newest`);
  };

  const raiseEpoch = (said: State): void => {
    if (isUnitState(said) && said.lastEpoch !== undefined) epochs.raise(said.lastEpoch);
  };

  return {
    load: async (streams) => plainState(kept, streams),
    async loadDurable() {
      const state = plainState(kept);
      if (durable < asked) await save();
      return state;
    },
    async begin(request) {
      const begun = beginRun(plainState(kept), request, now(), found);
      found = undefined;
      if (begun.state.generation !== kept.rest.generation) claims.clear();
      Object.assign(kept, keptState(begun.state));
      await save();
      return begun;
    },
    async claim(unit, generation, streams) {
      if (generation !== kept.rest.generation) throw lost(unit, `generation ${generation} has ended`);
      const epoch = epochs.next(now());
      claims.set(unit, { epoch, streams });
      await epochs.keep(epoch, save);
      return { epoch, state: plainState(kept, streams) };
    },
    async version(unit, epoch) {
      check(unit, epoch);
      const version = versions.next(now());
      await versions.keep(version, save);
      return version;
    },
    async put(unit, epoch, stream, progress) {
      check(unit, epoch);
      putProgress(kept, stream, progress);
      // The log position must be durable before anything is copied.
      await save(progress !== undefined && !('logPosition' in progress));
    },
    async commit(unit, epoch, said) {
      check(unit, epoch);
      if (mergeState(kept, said) === undefined)
        throw lost(unit, 'what it says does not fit the progress of its streams any more');
      raiseEpoch(said);
      await save(canWait(said));
    },
    async adopt(unit, epoch, said) {
      check(unit, epoch);
      raiseEpoch(said);
      if (mergeState(kept, said, { isLenient: true }) !== 0) await save();
      return plainState(kept, claims.get(unit)?.streams);
    },
    async finish(run) {
      if (kept.rest.run?.id !== run) return;
      endRun(kept);
      await save();
    },
    [Symbol.asyncDispose]: () => keeping.close(),
  };
}

/** Numbers that rise whatever the clock does. A number may be used only after `keep` has resolved, so that none is issued twice, even after a crash. */
function risingNumber(kept: KeptState, key: 'lastEpoch' | 'lastVersion') {
  let last = kept.rest[key];
  let durable = last;
  return {
    next(now: number): number {
      last = Math.max(now, last + 1);
      return last;
    },
    /** The next one is higher than this. */
    raise(given: number): void {
      last = Math.max(last, given);
      kept.rest = { ...kept.rest, [key]: Math.max(kept.rest[key], given) };
    },
    async keep(given: number, save: () => Promise<void>): Promise<void> {
      if (given <= durable) return;
      const ahead = given + reserve;
      kept.rest = { ...kept.rest, [key]: Math.max(kept.rest[key], ahead) };
      await save();
      durable = Math.max(durable, ahead);
    },
  };
}

function canWait(said: State): boolean {
  return isUnitState(said) && Object.values(said.patches).every(canBeLost);
}

function lost(unit: string, why: string): ConnectorError {
  return new ConnectorError(`unit '${unit}' now belongs to another run: ${why}`, { code: 'claim_lost' });
}
