import type { ConnectionState } from '../interface/progress.ts';
import { newConnectionState } from './connection-state.ts';
import { connectionStore } from './connection-store.ts';
import type { StateStore } from './state-store.ts';

/** A store in memory: for tests, and for hosts that keep the state in a place of their own. `now` is the clock, in milliseconds since 1970. */
export function openMemoryStateStore(
  initial?: ConnectionState,
  { now = Date.now }: { readonly now?: () => number } = {},
): StateStore {
  return connectionStore(initial ?? newConnectionState(now()), {
    save: async () => undefined,
    close: async () => undefined,
    now,
  });
}
