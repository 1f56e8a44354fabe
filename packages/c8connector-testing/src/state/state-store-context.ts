/// <reference lib="esnext.disposable" preserve="true" />
import type { BeginRequest, DeliveryLog, Progress, StateStore } from 'c8connector';

/** What `testStateStore` needs. */
export interface StateStoreTestOptions {
  /** The name of the store in the report. */
  readonly name: string;
  /** Opens an empty store, at a new place for each call. */
  readonly open: (clock: StoreClock) => Promise<StateStore>;
  /**
   * Opens the store again, as a process that is started after the one that held `crashed` was killed. `crashed` was not disposed of, and the new store must have the effects of its
   * resolved calls.
   */
  readonly reopen: (crashed: StateStore, clock: StoreClock) => Promise<StateStore>;
  /** Damages the data of a store: `reopen` must then refuse it. When left out, the check is skipped. */
  readonly damage?: (crashed: StateStore) => Promise<void>;
  /**
   * Opens a store that keeps its files in a folder: an empty one, or one that a machine left after a power failure. That machine is dead, so a lock in the folder has no holder.
   * The checks observe what this process syncs. When left out, power failures are not checked.
   */
  readonly openIn?: (folder: string, clock: StoreClock) => Promise<StoreInFolder>;
  /** Checks to skip, by number, with the reason, which is printed. */
  readonly skip?: Readonly<Record<number, string>>;
}

/** A store with its files in a folder, such as the result of `openFileState` of the core. Disposing of it releases the folder. */
export interface StoreInFolder extends AsyncDisposable {
  readonly store: StateStore;
  /** Its delivery log of actions, when it keeps one beside the state. */
  readonly deliveries?: DeliveryLog;
}

/** The clock of a check, which goes back in some checks. A store with another clock passes too, as long as its numbers rise. */
export interface StoreClock {
  /** Milliseconds since 1970. */
  now(): number;
}

/** What the checks of one store share. */
export interface StateStoreContext {
  readonly name: string;
  readonly canDamage: boolean;
  /** Opens a store in a folder; undefined when the options do not provide it. */
  readonly openIn: ((folder: string) => Promise<StoreInFolder>) | undefined;
  /** A new store for one check. */
  fresh(): Promise<StoreUnderTest>;
}

/** A store that one check works on. */
export interface StoreUnderTest extends AsyncDisposable {
  readonly store: StateStore;
  /** Advances the clock, by milliseconds. */
  move(milliseconds: number): void;
  /** The store that a process finds after this one was killed. */
  crash(): Promise<StateStore>;
  /** The same after its data was damaged. */
  crashDamaged(): Promise<StateStore>;
}

/** Makes the context for the checks of a store. */
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
          // A crashed store may no longer be able to write its rest.
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

/** Starts a stream over with this progress, with a claim of its own. Returns the version from the store. */
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

/** Begins a copy, and commits a position of its first range: from then on, all its changes must be durable at once. */
export async function putCopy(store: StateStore, stream: string): Promise<number> {
  const copy = await putStream(store, stream);
  const { epoch } = await store.claim(`${stream}/copy/0`, (await store.load()).generation);
  const patch = { kind: 'range', copy, range: 0, position: { id: 1 } } as const;
  await store.commit(`${stream}/copy/0`, epoch, { patches: { [stream]: patch } });
  return copy;
}
