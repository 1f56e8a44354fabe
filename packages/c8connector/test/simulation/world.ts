import { vi } from 'vitest';
import type { RunRequest, StateStore } from '../../src/index.ts';
import { appendingTarget } from './appending-target.ts';
import { type Database, newDatabase, type TableKind, writeSomething } from './database.ts';
import { type Effects, effectsOf, type Fault } from './effects.ts';
import { type Host, newHost } from './host.ts';
import { catalogFor, type HostRun, startRun, watchedStore } from './host-run.ts';
import { objectTarget } from './object-target.ts';
import { type Oracle, oracleOf } from './oracle.ts';
import type { Random } from './random.ts';
import { simulatedSource, streamsOf } from './source.ts';
import { fileState, type KeptState, sharedState } from './stores.ts';
import type { SimulatedTarget, TargetOptions } from './target.ts';
import { transactionalTarget } from './transactional-target.ts';

/** The three kinds of target. */
const targets = { appending: appendingTarget, transactional: transactionalTarget, objects: objectTarget };

/** What a world is made of; none of it changes while it goes on. */
export interface WorldOptions {
  readonly random: Random;
  readonly target: keyof typeof targets;
  readonly store: 'shared' | 'file';
  readonly tables: Readonly<Record<string, TableKind>>;
  readonly flush: TargetOptions['flush'];
  readonly pageRows: number;
  readonly hasHighest: boolean;
  /** How many units a host works on at once. */
  readonly concurrency: number;
  /** How long an effect takes at most; now and then it is much longer. */
  readonly stepMilliseconds: number;
  /** Probability that somebody writes to the database at one step, and once more at the same one. */
  readonly writing: number;
  /** Milliseconds by which the clock of a host is wrong at most. */
  readonly skew: number;
  /** Milliseconds; see the database. */
  readonly lateness: number;
  readonly precision: number;
  /** What goes wrong; nothing while the world is calm. */
  faultAt(host: Host, name: string): Fault | undefined;
}

/** What changes from run to run. */
interface Connection {
  place: string;
  streams: readonly string[];
}

/** What a run is asked for. */
type RunOptions = Pick<RunRequest, 'refresh' | 'keepsState'>;

/** A database, hosts that come and go, a target and the state between them. */
export interface World {
  readonly database: Database;
  readonly effects: Effects;
  readonly target: SimulatedTarget;
  readonly kept: KeptState;
  readonly oracle: Oracle;
  readonly connection: Connection;
  /** Of all streams that there are. */
  readonly ids: readonly [string, ...string[]];
  /** Whether nothing goes wrong, and nobody writes to the tables. */
  isCalm: boolean;
  /** Runs the connection by a new host. Resolves when the run is over, or its host paused. */
  run(options?: RunOptions): Promise<HostRun>;
  /** Ends all hosts. */
  killAll(): Promise<void>;
  /** Wakes all hosts, and lets them come to their ends. */
  wakeAll(): Promise<void>;
}

/** Probability that a paused host wakes up at one step. */
const waking = 0.05;
/** Writes while one run is under way: a sorted read of a table that is written to faster than it is read would not end. */
const writesOfRun = 300;

export function newWorld(options: WorldOptions): World {
  const { random } = options;
  const database = newDatabase(options.tables, options);
  const hosts: { readonly host: Host; readonly run: HostRun }[] = [];
  let writesLeft = 0;
  const oracle = oracleOf(database, { isOnce: options.target !== 'appending' });
  const effects = effectsOf({
    random,
    onStep,
    faultAt: (host, name) => (world.isCalm ? undefined : options.faultAt(host, name)),
  });
  const target = targets[options.target]({ effects, flush: options.flush, onActivated: oracle.onActivated });
  const kept = options.store === 'shared' ? sharedState() : fileState(effects, random);

  function onStep(): void {
    vi.advanceTimersByTime(random.below(random.chance(0.1) ? 2000 : options.stepMilliseconds));
    database.step += 1;
    if (world.isCalm) return;
    for (; writesLeft > 0 && random.chance(options.writing); writesLeft -= 1) writeSomething(database, random);
    for (const { host } of hosts) if (host.isPaused && random.chance(waking)) host.isPaused = false;
  }

  function open(host: Host, place: string): StateStore {
    return watchedStore(kept.open(host), effects, host, {
      onBegun: oracle.onBegun,
      onCommitted(unit, { state }, stored) {
        const committed = target.committedState?.(place, state.connection)(unit, state.generation);
        if (target.committedState !== undefined) oracle.onStored(unit, stored, committed);
      },
    });
  }

  async function run(request: RunOptions = {}): Promise<HostRun> {
    const { place, streams } = world.connection;
    writesLeft = writesOfRun;
    const host = newHost(hosts.length, random.below(2 * options.skew + 1) - options.skew);
    const hostRun = startRun(host, {
      ...request,
      source: simulatedSource({ ...options, database, effects }, host),
      target: target.connect(host),
      store: open(host, place),
      catalog: catalogFor(streamsOf(database), streams),
      place,
      concurrency: options.concurrency,
      lookbackSeconds: Math.ceil(options.lateness / 1000),
    });
    hosts.push({ host, run: hostRun });
    await effects.drive(() => hostRun.isOver || host.isPaused);
    if (host.isDead) kept.crash();
    for (const name of ['A', 'B']) oracle.afterRun(target.place(name));
    return hostRun;
  }

  const [firstId = '', ...otherIds] = Object.keys(options.tables);
  const ids = [firstId, ...otherIds] as const;
  for (let left = 40; left > 0; left--) writeSomething(database, random, 0);
  const world: World = {
    database,
    effects,
    target,
    kept,
    oracle,
    ids,
    connection: { place: 'A', streams: ids },
    isCalm: false,
    run,
    async killAll() {
      for (const { host } of hosts) effects.kill(host);
      await effects.drive(() => hosts.every(({ run: { isOver } }) => isOver));
    },
    async wakeAll() {
      for (const { host } of hosts) host.isPaused = false;
      await effects.drive(() => hosts.every(({ host, run: { isOver } }) => isOver || host.isPaused));
    },
  };
  return world;
}
