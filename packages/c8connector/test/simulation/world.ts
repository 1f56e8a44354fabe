import { vi } from 'vitest';
import type { RunRequest, StateStore } from '../../src/index.ts';
import { appendingTarget } from './appending-target.ts';
import { type Database, newDatabase, type TableKind } from './database.ts';
import { type Effects, effectsOf, type Fault } from './effects.ts';
import { type Host, newHost } from './host.ts';
import { catalogFor, type HostRun, startRun, watchedStore } from './host-run.ts';
import type { LogOptions } from './log-options.ts';
import { objectTarget } from './object-target.ts';
import { type Oracle, oracleOf } from './oracle.ts';
import type { Random } from './random.ts';
import { simulatedSource } from './source.ts';
import { fileState, type KeptState, sharedState } from './stores.ts';
import { streamsOf } from './table-schema.ts';
import type { SimulatedTarget, TargetOptions } from './target.ts';
import { transactionalTarget } from './transactional-target.ts';
import { writeSomething } from './write-something.ts';

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
  /** Probability that a paused host wakes up at one step. */
  readonly waking: number;
  /** Milliseconds by which the clock of a host is wrong at most. */
  readonly skew: number;
  /** Milliseconds; see the database. */
  readonly lateness: number;
  readonly precision: number;
  /** How the log of the tables that have one is followed. */
  readonly log: LogOptions;
  /** What goes wrong; nothing while the world is calm. */
  faultAt(host: Host, name: string): Fault | undefined;
}

/** What changes from run to run. */
interface Connection {
  place: string;
  streams: readonly string[];
}

/** What a run is asked for, and after how many effects it is stopped, if it is. */
type RunOptions = Pick<RunRequest, 'refresh' | 'keepsState' | 'until'> & { readonly effects?: number };

/** A database, hosts that come and go, a target and the state between them. */
export interface World {
  readonly database: Database;
  readonly effects: Effects;
  readonly target: SimulatedTarget;
  readonly kept: KeptState;
  readonly oracle: Oracle;
  /** Streams that had to be copied again, since the log from where they were was forgotten. */
  readonly lostPositions: readonly string[];
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

/** Effects that a host may have once its run is over: of what was given up because it took too long, and ends as soon as it looks. */
const mostEffectsBehindRun = 10;
/** Writes while one run is under way: a sorted read of a table that is written to faster than it is read would not end. */
const writesOfRun = 300;

export function newWorld(options: WorldOptions): World {
  const { random } = options;
  const database = newDatabase(options.tables, options);
  const hosts: { readonly host: Host; readonly run: HostRun }[] = [];
  let writesLeft = 0;
  /** Whether there ever was a host that another one went over. */
  let isOverlapping = false;
  const lostPositions: string[] = [];
  const oracle = oracleOf(database, { isOnce: options.target !== 'appending' });
  const effects = effectsOf({
    ...options,
    onStep,
    faultAt(host, name) {
      host.effectsLeft -= 1;
      if (hosts[host.number]?.run.isOver === true) checkEnd(host);
      if (host.effectsLeft === 0) return { kind: 'stop' };
      const fault = world.isCalm ? undefined : options.faultAt(host, name);
      if (fault?.kind === 'pause') isOverlapping = true;
      return fault;
    },
  });
  const target = targets[options.target]({ effects, flush: options.flush, onActivated: oracle.onActivated });
  const kept = options.store === 'shared' ? sharedState() : fileState(effects, random);

  function onStep(): void {
    vi.advanceTimersByTime(random.below(random.chance(0.1) ? 2000 : options.stepMilliseconds));
    database.step += 1;
    if (world.isCalm) return;
    while (writesLeft > 0 && random.chance(options.writing)) writesLeft -= writeSomething(database, random);
    for (const { host } of hosts) if (host.isPaused && random.chance(options.waking)) host.isPaused = false;
  }

  function checkEnd(host: Host): void {
    host.effectsBehindRun += 1;
    if (host.effectsBehindRun === mostEffectsBehindRun) oracle.faults.push(`host ${host.number} goes on after its run`);
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

  function onLost(streams: readonly string[]): void {
    lostPositions.push(...streams);
    if (!isOverlapping) oracle.faults.push(`the log was forgotten where ${streams} were to go on`);
  }

  async function run({ effects: most, ...request }: RunOptions = {}): Promise<HostRun> {
    const { place, streams } = world.connection;
    writesLeft = writesOfRun;
    const host = newHost(hosts.length, random.below(2 * options.skew + 1) - options.skew, most);
    const onConfirmed = async (lsn: number) => oracle.log.onConfirmed(lsn, await kept.state());
    const hostRun = startRun(host, {
      ...request,
      source: simulatedSource({ ...options, database, effects, onConfirmed, onLost }, host),
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
    if (!isOverlapping) oracle.afterSummary(hostRun.events, await kept.state());
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
    lostPositions,
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
