import { type ConnectionState, connectionStore, openMemoryStateStore, type State, type StateStore } from 'c8connector';
import { expect, test } from 'vitest';
import {
  NotRunnable,
  runCheck,
  type StateStoreTestOptions,
  stateStoreChecks,
  stateStoreContext,
} from '../../src/checks.ts';

/** The numbers of the checks that find something. */
async function findings(options: Partial<StateStoreTestOptions>): Promise<number[]> {
  const context = stateStoreContext({
    name: 'a broken store',
    open: async (clock) => openMemoryStateStore(undefined, clock),
    reopen: async (crashed, clock) => openMemoryStateStore(await crashed.load(), clock),
    damage: async () => undefined,
    ...options,
  });
  const found: number[] = [];
  for (const check of stateStoreChecks) {
    try {
      await runCheck(check, context);
    } catch (error) {
      if (!(error instanceof NotRunnable)) found.push(check.number);
    }
  }
  return found;
}

/** A store with some members broken, also after a crash. */
function broken(members: (store: StateStore) => Partial<StateStore>): Partial<StateStoreTestOptions> {
  const breaking = (store: StateStore): StateStore => ({ ...store, ...members(store) });
  return {
    open: async (clock) => breaking(openMemoryStateStore(undefined, clock)),
    reopen: async (crashed, clock) => breaking(openMemoryStateStore(await crashed.load(), clock)),
  };
}

/** A store that knows after a crash only what `keeps` says of what it had. */
function forgetful(keeps: (state: ConnectionState) => ConnectionState | undefined): Partial<StateStoreTestOptions> {
  return { reopen: async (crashed, clock) => openMemoryStateStore(keeps(await crashed.load()), clock) };
}

const empty = { generation: 1, lastVersion: 0, lastEpoch: 0, streams: {}, rest: {} };
let epoch = 0;

test.each<[string, Partial<StateStoreTestOptions>, number]>([
  [
    'has the same id everywhere',
    { open: async (clock) => openMemoryStateStore({ ...empty, connection: 'x' }, clock) },
    1,
  ],
  ['refuses nobody', broken((store) => ({ commit: (unit, _, said) => refusesNobody(store, unit, said) })), 2],
  ['does not know of the other claim', broken(lastClaimWins), 3],
  ['takes a claim of any generation', broken(anyGeneration), 4],
  ['lets a process go on whose place was taken', { reopen: sharedByBoth }, 5],
  ['counts epochs from the beginning', forgetful((state) => ({ ...state, lastEpoch: 0 })), 6],
  ['gives every claim the same epoch', broken((store) => ({ claim: (...claim) => sameEpoch(store, claim) })), 6],
  ['counts versions from the beginning', forgetful((state) => ({ ...state, lastVersion: 0 })), 7],
  ['gives versions by the clock', broken(() => ({ version: async () => Date.now() })), 7],
  [
    'keeps the patches that fit',
    broken((store) => ({ commit: async (...said) => void (await store.adopt(...said)) })),
    8,
  ],
  ['adopts all or none', broken(strictAdopt), 9],
  ['keeps a stream that is put as undefined', broken(neverForgets), 10],
  ['starts over after an interruption', forgetful(({ run: _, ...state }) => state), 11],
  [
    'finishes any run',
    broken((store) => ({ finish: async () => await store.finish((await store.load()).run?.id ?? '') })),
    11,
  ],
  ['does not look at the place', broken((store) => ({ begin: (run) => store.begin({ ...run, place: 'here' }) })), 12],
  ['moves what should stay', broken((store) => ({ begin: (run) => store.begin({ ...run, keepsState: false }) })), 12],
  ['refreshes nothing', broken((store) => ({ begin: (run) => store.begin({ ...run, refresh: undefined }) })), 13],
  [
    'refreshes again and again',
    forgetful((state) => (state.run ? { ...state, run: { id: state.run.id } } : state)),
    13,
  ],
  [
    'forgets nothing',
    broken((store) => ({ begin: (run) => store.begin({ ...run, streams: ['a', 'b', 'c', 'd'] }) })),
    14,
  ],
  ['gives all streams', broken((store) => ({ load: () => store.load() })), 15],
  ['gives the state that it changes', broken(sharedState), 15],
  ['reads the numbers of a source as doubles', forgetful(asDoubles), 16],
  ['keeps nothing', forgetful(() => undefined), 17],
  ['keeps no more than the beginnings', forgetful((state) => ({ ...state, streams: {} })), 18],
  ['does not see damage', {}, 19],
])('a store that %s is found', async (_name, options, number) => {
  expect(await findings(options)).toContain(number);
});

test('a correct store has only the finding about damage, which the test did not cause', async () => {
  expect(await findings({})).toEqual([19]);
});

test('a store on the storage of the core is correct if that storage is', async () => {
  const kept = new Map<StateStore, { state: ConnectionState | undefined; isDamaged: boolean }>();
  const open = (initial: ConnectionState, now: () => number): StateStore => {
    const own = { state: initial as ConnectionState | undefined, isDamaged: false };
    const save = async (state: () => ConnectionState) => {
      own.state = state();
    };
    const store = connectionStore(initial, { save, close: async () => undefined, now });
    kept.set(store, own);
    return store;
  };
  let count = 0;
  const options: Partial<StateStoreTestOptions> = {
    async open({ now }) {
      count += 1;
      return open({ ...empty, connection: `${count}` }, now);
    },
    async reopen(crashed, { now }) {
      const { state, isDamaged } = kept.get(crashed) ?? {};
      if (isDamaged === true) throw Object.assign(new Error('damaged'), { code: 'state_unreadable' });
      return open(state ?? { ...empty, connection: 'x' }, now);
    },
    async damage(crashed) {
      const own = kept.get(crashed);
      if (own !== undefined) own.isDamaged = true;
    },
  };
  // An error of its own is not one of the project.
  expect(await findings(options)).toEqual([19]);
});

async function refusesNobody(store: StateStore, unit: string, said: State): Promise<void> {
  const { generation } = await store.load();
  await store.commit(unit, (await store.claim(unit, generation)).epoch, said);
}

/** The process before still writes to where the next one reads, and nobody compares its epoch. */
async function sharedByBoth(crashed: StateStore, clock: { now(): number }): Promise<StateStore> {
  const next = openMemoryStateStore(await crashed.load(), clock);
  Object.assign(crashed, {
    commit: async (unit: string, _epoch: number, said: State) => await refusesNobody(next, unit, said),
  });
  return next;
}

/** Writes what it read at the claim, with its own changes, over what others committed since. */
function lastClaimWins(store: StateStore): Partial<StateStore> {
  const claimed = new Map<number, ConnectionState>();
  return {
    async claim(...claim) {
      const given = await store.claim(...claim);
      claimed.set(given.epoch, given.state);
      return given;
    },
    async commit(unit, epoch, said) {
      const { a } = claimed.get(epoch)?.streams ?? {};
      if (unit === 'a/copy/1' && a !== undefined) await store.put(unit, epoch, 'a', a);
      await store.commit(unit, epoch, said);
    },
  };
}

function anyGeneration(store: StateStore): Partial<StateStore> {
  return { claim: async (unit, _, streams) => await store.claim(unit, (await store.load()).generation, streams) };
}

async function sameEpoch(store: StateStore, claim: Parameters<StateStore['claim']>) {
  const claimed = await store.claim(...claim);
  epoch ||= claimed.epoch;
  return { ...claimed, epoch };
}

function strictAdopt(store: StateStore): Partial<StateStore> {
  return {
    async adopt(unit, epoch, said) {
      await store.commit(unit, epoch, said).catch(() => undefined);
      return await store.load();
    },
  };
}

function neverForgets(store: StateStore): Partial<StateStore> {
  return {
    async put(unit, epoch, stream, progress) {
      if (progress !== undefined) await store.put(unit, epoch, stream, progress);
    },
  };
}

function sharedState(store: StateStore): Partial<StateStore> {
  const shared = { streams: {} as Record<string, unknown> };
  return {
    async load(streams) {
      const state = await store.load(streams);
      if (streams !== undefined) return state;
      return Object.assign(shared, state, { streams: Object.assign(shared.streams, state.streams) }) as ConnectionState;
    },
  };
}

function asDoubles(state: ConnectionState): ConnectionState {
  return JSON.parse(JSON.stringify(state, (_, value) => (typeof value === 'bigint' ? Number(value) : value)));
}
