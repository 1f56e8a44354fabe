import {
  type ConnectionState,
  ConnectorError,
  connectionStore,
  openMemoryStateStore,
  type StateStore,
} from '../../src/index.ts';
import { newConnectionState } from '../../src/state/connection-state.ts';
import type { Effects } from './effects.ts';
import type { Host } from './host.ts';
import type { Random } from './random.ts';

/** Where the state of the connection is kept, whatever becomes of its hosts. */
export interface KeptState {
  /** Whether two hosts may have it open at once. */
  readonly isShared: boolean;
  /** The store as one host has opened it. */
  open(host: Host): StateStore;
  /** Whoever had it open is dead. */
  crash(): void;
  /** Forgets everything, as when the file was lost. */
  lose(): void;
  /** Everything that is durable. */
  state(): Promise<ConnectionState | undefined>;
}

/** A store that outlives all hosts, and that any number of them have open. */
export function sharedState(): KeptState {
  let skew = 0;
  let store: StateStore | undefined;
  const opened = (): StateStore => {
    store ??= openMemoryStateStore(undefined, { now: () => Date.now() + skew });
    return store;
  };
  return {
    isShared: true,
    open(host) {
      const own = opened();
      const byClock =
        <G extends unknown[], R>(method: (...given: G) => R) =>
        (...given: G): R => {
          skew = host.skew;
          return method(...given);
        };
      return { ...own, begin: byClock(own.begin), claim: byClock(own.claim), version: byClock(own.version) };
    },
    crash: () => undefined,
    lose: () => {
      store = undefined;
    },
    state: async () => await store?.load(),
  };
}

/** Milliseconds after which a write that could wait is done at the latest. */
const longestWait = 1000;

/** A file that one host has open at a time. What it may write later is lost with the host, or is not. */
export function fileState({ effect }: Effects, random: Random): KeptState {
  let durable: ConnectionState | undefined;
  let waiting: { readonly state: ConnectionState; readonly since: number }[] = [];
  /** Whoever has the lock. */
  let holder: Host | undefined;
  return {
    isShared: false,
    open: (host) => {
      holder = host;
      const now = (): number => Date.now() + host.skew;
      return connectionStore(durable ?? newConnectionState(now()), {
        now,
        save: async (current, { canWait }) => {
          if (canWait && holder === host) waiting.push({ state: current(), since: Date.now() });
          else
            await effect(host, 'save', () => {
              if (holder !== host) throw new ConnectorError('another host has the file', { code: 'claim_lost' });
              // Of two writes that were asked for at once, neither puts back what the other one wrote.
              durable = current();
              waiting = [];
            });
        },
        close: async () => {
          durable = waiting.at(-1)?.state ?? durable;
          waiting = [];
          if (holder === host) holder = undefined;
        },
      });
    },
    crash() {
      const overdue = waiting.filter(({ since }) => since + longestWait <= Date.now()).length;
      const written = overdue + random.below(waiting.length - overdue + 1);
      durable = waiting[written - 1]?.state ?? durable;
      waiting = [];
    },
    lose() {
      durable = undefined;
    },
    state: async () => durable,
  };
}
