/** A state comes at the earliest after this many rows, counted across streams, or this many milliseconds. */
const paceRows = 10_000;
const paceMilliseconds = 10_000;

/** Decides how often a read emits a state. Each contains the bookmarks of all streams, so one for each stream would make the output quadratic. */
export interface StatePace {
  /** Counts rows that were emitted. */
  add(rows: number): void;
  /** Whether enough rows or time have passed since the last state, or since the beginning. */
  isDue(): boolean;
  /** Restarts the counts. To be called with each state that is emitted. */
  restart(): void;
}

export function statePace(): StatePace {
  let rows = 0;
  let since = performance.now();
  return {
    add(more) {
      rows += more;
    },
    isDue: () => rows >= paceRows || performance.now() - since >= paceMilliseconds,
    restart() {
      rows = 0;
      since = performance.now();
    },
  };
}
