/// <reference lib="esnext.disposable" preserve="true" />
import type { BeginRequest, DeliveryLog, Progress, StateStore } from 'c8connector';

/** What `testStateStore` needs. */
export interface StateStoreTestOptions {
  /** What the store is called in the report. */
  readonly name: string;
  /** Opens a store that has nothing yet, at a place of its own for each call. */
  readonly open: (clock: StoreClock) => Promise<StateStore>;
  /**
   * Opens what a process finds that is started after the one that held `crashed` was killed. `crashed` was not disposed of, and its calls that resolved are
   * what the new one must know.
   */
  readonly reopen: (crashed: StateStore, clock: StoreClock) => Promise<StateStore>;
  /** Damages what a store keeps: `reopen` must then refuse it. Left out: the check is skipped. */
  readonly damage?: (crashed: StateStore) => Promise<void>;
  /**
   * Opens a store that keeps its files in a folder: in an empty one, or in one that a machine left behind whose power failed. That machine is dead: a lock that is in the folder is
   * nobody's. The checks listen to what this process syncs. Left out: what survives a power failure is not looked at.
   */
  readonly openIn?: (folder: string, clock: StoreClock) => Promise<StoreInFolder>;
  /** Checks that do not apply: number to reason. The reason is printed. */
  readonly skip?: Readonly<Record<number, string>>;
}

/** A store with its files in a folder. What `openFileState` of the core gives is one. Disposing of it releases the folder. */
export interface StoreInFolder extends AsyncDisposable {
  readonly store: StateStore;
  /** Its delivery log of actions, when it keeps one beside the state. */
  readonly deliveries?: DeliveryLog;
}

/** The clock of a check, which goes back in some of them. A store that asks another clock passes, too, as long as its numbers rise. */
export interface StoreClock {
  /** Milliseconds since 1970. */
  now(): number;
}

/** What the checks of one store share. */
export interface StateStoreContext {
  readonly name: string;
  readonly canDamage: boolean;
  /** Opens a store in a folder; undefined when the options do not give it. */
  readonly openIn: ((folder: string) => Promise<StoreInFolder>) | undefined;
  /** A new store for one check. */
  fresh(): Promise<StoreUnderTest>;
}

/** A store that one check works on. */
export interface StoreUnderTest extends AsyncDisposable {
  readonly store: StateStore;
  /** Moves the clock, by milliseconds. */
  move(milliseconds: number): void;
  /** The store that a process finds after this one was killed. */
  crash(): Promise<StateStore>;
  /** The same after what is kept was damaged. */
  crashDamaged(): Promise<StateStore>;
}

/** What the checks of a store run with. */
export function stateStoreContext(options: StateStoreTestOptions): StateStoreContext {
  const { name, damage, openIn } = options;
  return {
    name,
    canDamage: damage !== undefined,
    openIn: openIn && ((folder) => openIn(folder, { now: Date.now })),
    fresh: () => openFresh(options),
  };
}

async function openFresh({ open, reopen, damage }: StateStoreTestOptions): Promise<StoreUnderTest> {
  let now = Date.now();
  const clock: StoreClock = { now: () => now };
  const store = await open(clock);
  const opened = [store];
  const crash = async (): Promise<StateStore> => {
    const next = await reopen(opened.at(-1) ?? store, clock);
    opened.push(next);
    return next;
  };
  return {
    store,
    move(milliseconds) {
      now += milliseconds;
    },
    crash,
    async crashDamaged() {
      await damage?.(store);
      return await crash();
    },
    async [Symbol.asyncDispose]() {
      for (const one of opened.reverse()) {
        try {
          await one[Symbol.asyncDispose]();
        } catch {
          // One that crashed may have lost what it would write now.
        }
      }
    },
  };
}

/** Begins a run as most checks do: `first`, at `here`, with the streams `a`, `b` and `c`. */
export function beginAs(store: StateStore, request: Partial<BeginRequest> = {}): ReturnType<StateStore['begin']> {
  return store.begin({ run: 'first', place: 'here', streams: ['a', 'b', 'c'], ...request });
}

/** A copy in two ranges. */
export function copying(version: number): Progress {
  const ranges = [
    { from: null, to: 500 },
    { from: 500, to: null },
  ];
  return { method: 'FULL_TABLE', phase: 'copying', copy: version, version, ranges };
}

/** A stream that was read up to a key. */
export function incremented(version: number): Progress {
  return { method: 'INCREMENTAL', copy: version, version, replicationKey: 'id', value: 1 };
}

/** Begins a stream again with this progress, by a claim of its own. Returns the version that the store gave for it. */
export async function putStream(
  store: StateStore,
  stream: string,
  progressOf: (version: number) => Progress = copying,
): Promise<number> {
  const { generation } = await store.load();
  const { epoch } = await store.claim(`${stream}/begin`, generation);
  const version = await store.version(`${stream}/begin`, epoch);
  await store.put(`${stream}/begin`, epoch, stream, progressOf(version));
  return version;
}

/** Begins a copy, and commits a position of its first range: from then on nothing of it can wait. */
export async function putCopy(store: StateStore, stream: string): Promise<number> {
  const copy = await putStream(store, stream);
  const { epoch } = await store.claim(`${stream}/copy/0`, (await store.load()).generation);
  const patch = { kind: 'range', copy, range: 0, position: { id: 1 } } as const;
  await store.commit(`${stream}/copy/0`, epoch, { patches: { [stream]: patch } });
  return copy;
}
