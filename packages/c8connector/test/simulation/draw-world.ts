import type { TableKind } from './database.ts';
import { type FaultRates, faultsOf } from './faults.ts';
import type { Random } from './random.ts';
import type { WorldOptions } from './world.ts';

/** Effects at which it counts what else happens meanwhile. */
const moments = [
  'claim',
  'store',
  'version',
  'partitions',
  'page',
  'list',
  'marker',
  'put',
  'manifest',
  'commit',
  'append',
  'log',
  'follow',
  'changes',
  'position',
  'confirm',
  'load',
] as const;

/** A world as a seed draws it. */
export function drawWorld(random: Random): WorldOptions {
  const store = random.pick(['shared', 'file'] as const);
  const hasHighest = random.chance(0.7);
  return {
    random,
    store,
    hasHighest,
    concurrency: random.pick([1, 1, 3]),
    target: random.pick(['appending', 'transactional', 'objects'] as const),
    tables: drawTables(random),
    flush: { rows: random.pick([1, 3, 6, 1000]), age: random.pick([0.5, 60]) },
    pageRows: random.pick([1, 3, 7]),
    stepMilliseconds: random.pick([20, 40, 300]),
    writing: random.pick([0.03, 0.1, 0.6]),
    waking: random.pick([0.05, 0.01]),
    skew: random.pick([0, 3000, 100_000]),
    lateness: random.pick([0, 0, 3000, 20_000]),
    // Held to the clock alone, a key that is rounded down is late.
    precision: hasHighest ? 1000 : 1,
    log: {
      pageChanges: random.pick([2, 5, 20]),
      positions: random.pick(['all', 'some', 'commits'] as const),
      confirmMilliseconds: random.pick([100, 1000, 5000]),
      takesOver: random.chance(0.5),
    },
    faultAt: faultsOf(random, drawRates(random, store)),
  };
}

function drawTables(random: Random): Readonly<Record<string, TableKind>> {
  const tables: Readonly<Record<string, TableKind>> = {
    pages: { method: 'FULL_TABLE', bookmarks: random.pick(['all', 'some']), partitions: random.pick([1, 2, 3]) },
    sorted: { method: 'INCREMENTAL', isSorted: true, bookmarks: random.pick(['all', 'some', 'none']) },
    unsorted: { method: 'INCREMENTAL', bookmarks: 'none' },
    whole: { method: 'FULL_TABLE', bookmarks: 'none' },
    followed: { method: 'LOG_BASED', bookmarks: random.pick(['all', 'some']), partitions: random.pick([1, 2, 3]) },
    logged: { method: 'LOG_BASED', bookmarks: random.pick(['some', 'none']) },
    audited: { method: 'LOG_BASED', bookmarks: 'all' },
  };
  const drawn = Object.entries(tables).filter(() => random.chance(0.6));
  return drawn.length === 0 ? tables : Object.fromEntries(drawn);
}

function drawRates(random: Random, store: 'shared' | 'file'): FaultRates {
  return {
    kill: random.pick([0, 0.005, 0.02]),
    error: random.pick([0, 0.01, 0.03]),
    // A file has one host at a time: the lock of a living one is not taken.
    pause: store === 'shared' ? random.pick([0, 0.01, 0.03]) : 0,
    pausesAt: random.pick(moments),
    delay: random.pick([0, 0.01, 0.03]),
    // A copy that begins slowly is what a log that goes on meanwhile can get wrong.
    delaysAt: random.chance(0.3) ? 'partitions' : random.pick(moments),
    stop: random.pick([0, 0.003]),
  };
}
