// Takes about 20 s.
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
  logged: { method: 'LOG_BASED', bookmarks: 'some' },
};
const interruptions: Readonly<Record<string, Fault>> = {
  'dies before it': { kind: 'kill', when: 'before' },
  'dies behind it': { kind: 'kill', when: 'after' },
  'loses the answer': {
    kind: 'error',
    when: 'after',
    error: new ConnectionError('lost', { code: 'connection_lost', isRetryable: true }),
  },
};
const targets: readonly WorldOptions['target'][] = ['appending', 'transactional', 'objects'];
const cases = targets.flatMap((target) =>
  Object.keys(tables).flatMap((table) =>
    Object.keys(interruptions).map((interruption) => [target, interruption, table] as const),
  ),
);

/** Two runs, of which the effect of this number is interrupted, and the calm ones. Resolves with undefined when there were fewer. */
async function interruptedAt(moment: number, [target, interruption, table]: (typeof cases)[number]) {
  const random = randomOf(moment);
  let effects = 0;
  const options: WorldOptions = {
    random,
    target,
    store: moment % 2 === 0 ? 'shared' : 'file',
    tables: Object.fromEntries(Object.entries(tables).filter(([name]) => name === table)),
    concurrency: 2,
    flush: { rows: 5 },
    pageRows: 9,
    hasHighest: true,
    stepMilliseconds: 100,
    slow: [],
    writing: 0.3,
    waking: 0,
    skew: 0,
    lateness: 0,
    precision: 1000,
    log: { pageChanges: 5, positions: 'all', confirmMilliseconds: 500, takesOver: true },
    faultAt() {
      effects += 1;
      return effects === moment ? interruptions[interruption] : undefined;
    },
  };
  const { faults } = await inWorld(options, async (world) => {
    await world.run();
    await world.run();
    await calmRuns(world, random);
  });
  return effects < moment ? undefined : faults;
}

test.each(cases)(
  'target %s: whichever effect it is, a host %s, and nothing of a table %s is lost or twice',
  async (...one) => {
    for (let moment = 1; moment <= 200; moment += 1) {
      const faults = await interruptedAt(moment, one);
      if (faults === undefined) return;
      expect({ moment, faults }).toEqual({ moment, faults: [] });
    }
  },
);
