// Takes about 80 s.
import { expect, test } from 'vitest';
import { ConnectionError } from '../../src/index.ts';
import { calmRuns } from './calm-runs.ts';
import type { TableKind } from './database.ts';
import type { Fault } from './effects.ts';
import { randomOf } from './random.ts';
import { inWorld } from './simulate.ts';
import type { WorldOptions } from './world.ts';

const tables: Readonly<Record<string, TableKind>> = {
  'in pages': { method: 'FULL_TABLE', bookmarks: 'some' },
  'in parts': { method: 'FULL_TABLE', bookmarks: 'all', partitions: 2 },
  whole: { method: 'FULL_TABLE', bookmarks: 'none' },
  sorted: { method: 'INCREMENTAL', bookmarks: 'all', isSorted: true },
  unsorted: { method: 'INCREMENTAL', bookmarks: 'none' },
  'with a log': { method: 'LOG_BASED', bookmarks: 'some', partitions: 2 },
};
/** One more joins it while its log is followed. */
const joining: TableKind = { method: 'LOG_BASED', bookmarks: 'all' };
const interruptions: Readonly<Record<string, Fault>> = {
  'dies before it': { kind: 'kill', when: 'before' },
  'dies after it': { kind: 'kill', when: 'after' },
  'loses the answer': {
    kind: 'error',
    when: 'after',
    error: new ConnectionError('lost', { code: 'connection_lost', isRetryable: true }),
  },
};
/** What the order of two effects can change where a log is followed beside a copy. */
const delays: Readonly<Record<string, Fault>> = {
  'is slow at it': { kind: 'delay', when: 'before', steps: 80 },
  'has its answer late': { kind: 'delay', when: 'after', steps: 80 },
};
const targets: readonly WorldOptions['target'][] = ['appending', 'transactional', 'objects'];
const cases = targets.flatMap((target) =>
  Object.entries(tables).flatMap(([table, { method }]) =>
    Object.keys(method === 'LOG_BASED' ? { ...interruptions, ...delays } : interruptions).map(
      (interruption) => [target, interruption, table] as const,
    ),
  ),
);

function tablesOf(name: string): Readonly<Record<string, TableKind>> {
  const kind = tables[name];
  if (kind === undefined) return {};
  return kind.method === 'LOG_BASED' ? { [name]: kind, joining } : { [name]: kind };
}

/** Two runs, of which the effect of this number is interrupted, and the calm ones. Resolves with undefined when there were fewer. */
async function interruptedAt(moment: number, [target, interruption, table]: (typeof cases)[number]) {
  const random = randomOf(moment);
  let effects = 0;
  const options: WorldOptions = {
    random,
    target,
    store: moment % 2 === 0 ? 'shared' : 'file',
    tables: tablesOf(table),
    concurrency: 2,
    flush: { rows: 5 },
    pageRows: 9,
    hasHighest: true,
    stepMilliseconds: 100,
    writing: 0.1,
    waking: 0,
    skew: 0,
    lateness: 0,
    precision: 1000,
    log: { pageChanges: 10, positions: 'all', confirmMilliseconds: 500, takesOver: true },
    faultAt() {
      effects += 1;
      return effects === moment ? { ...interruptions, ...delays }[interruption] : undefined;
    },
  };
  const { faults } = await inWorld(options, async (world) => {
    world.connection.streams = [table];
    await world.run();
    world.connection.streams = world.ids;
    await world.run(world.ids.length === 1 ? {} : { until: 'forever', effects: 200 });
    await calmRuns(world, random);
  });
  return effects < moment ? undefined : faults;
}

test.each(cases)(
  'target %s: whichever effect it is, a host %s, and nothing of a table %s is lost or twice',
  async (...one) => {
    const [target, , table] = one;
    // The runs of two tables and a log are long: each target takes every third effect of them.
    const isShared = tables[table]?.method === 'LOG_BASED';
    for (
      let moment = isShared ? 1 + targets.indexOf(target) : 1;
      moment <= 400;
      moment += isShared ? targets.length : 1
    ) {
      const faults = await interruptedAt(moment, one);
      if (faults === undefined) return;
      expect({ moment, faults }).toEqual({ moment, faults: [] });
    }
  },
  120_000,
);
