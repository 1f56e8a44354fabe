import type { Row, RunIdentity, State, TargetConnector } from 'c8connector';
import { ConnectorError } from 'c8connector';
import { expect, test } from 'vitest';
import { targetFindings } from '../findings.ts';

/** What may be another way than it should be. */
interface Habits {
  readonly hasFence?: boolean;
  readonly commitsAll?: boolean;
  readonly sweeps?: 'its own' | 'nothing' | 'all units';
  /** What recover gives of the commits of its unit, the last one at the end. */
  readonly state?: (commits: readonly Commit[], generation: number) => State | undefined;
  /** By what commits are found again. */
  readonly chainOf?: (run: RunIdentity) => string;
}

interface Commit {
  readonly generation: number;
  readonly state: State | undefined;
}

/** Stores rows as they come, and keeps which of them its commits name, with their states. */
function recovering(habits: Habits = {}) {
  const { hasFence = true, commitsAll = false, sweeps = 'its own', state = lastOf } = habits;
  const { chainOf = ({ connection, unit }) => `${connection} ${unit}` } = habits;
  const epochs = new Map<string, number>();
  const chains = new Map<string, Commit[]>();
  const loose = new Map<string, Set<Row>>();
  return (_honest: TargetConnector, stored: Map<string, Row[]>): Partial<TargetConnector> => {
    const check = (chain: string, epoch: number): void => {
      if (hasFence && (epochs.get(chain) ?? 0) > epoch)
        throw new ConnectorError(`${chain} is lost`, { code: 'claim_lost' });
    };
    return {
      capabilities: ['about', 'recover'],
      async recover({ run }) {
        const chain = chainOf(run);
        check(chain, run.epoch);
        epochs.set(chain, run.epoch);
        const swept = sweeps === 'nothing' ? [] : sweeps === 'all units' ? [...loose.keys()] : [chain];
        for (const each of swept) {
          const rest = loose.get(each) ?? new Set();
          for (const [stream, rows] of stored)
            stored.set(
              stream,
              rows.filter((row) => !rest.has(row)),
            );
          loose.delete(each);
        }
        return state(chains.get(chain) ?? [], run.generation);
      },
      async *write(messages, { run }) {
        const chain = chainOf(run);
        let rows: { readonly stream: string; readonly row: Row }[] = [];
        for await (const message of messages) {
          if (message.type === 'RECORDS') {
            check(chain, run.epoch);
            rows.push(...message.rows().map((row) => ({ stream: message.stream, row: { ...row } })));
          }
          if (message.type !== 'FLUSH') continue;
          check(chain, run.epoch);
          const isCommit = message.isCheckpoint || commitsAll;
          const added = loose.get(chain) ?? new Set();
          for (const { stream, row } of rows) {
            stored.set(stream, [...(stored.get(stream) ?? []), row]);
            added.add(row);
          }
          rows = [];
          loose.set(chain, isCommit ? new Set() : added);
          if (isCommit && message.state !== undefined) {
            const commit = { generation: run.generation, state: message.state };
            chains.set(chain, [...(chains.get(chain) ?? []), commit]);
          }
          yield message.state;
        }
      },
    };
  };
}

function lastOf(commits: readonly Commit[], generation: number): State | undefined {
  return commits.findLast((commit) => commit.generation === generation)?.state;
}

const findings = (habits?: Habits) => targetFindings(recovering(habits), { only: 85 });

test('85 finds nothing in a target that fences, cleans up, and commits at checkpoints', async () => {
  expect(await findings()).toEqual([]);
});

test.each<[string, Habits, RegExp]>([
  ['forgets to fence', { hasFence: false }, /each of the 15 rows once .*found/s],
  ['commits at every FLUSH', { commitsAll: true }, /each of the 15 rows once .*found/s],
  ['leaves what no commit names', { sweeps: 'nothing' }, /each of the 15 rows once .*found/s],
  ['forgets what it has committed', { state: () => undefined }, /each of the 15 rows once .*found/s],
  [
    'gives a state of its own',
    { state: () => ({ bookmarks: {} }) },
    /a good end of a run that nobody killed.*contract_broken/s,
  ],
])('85 finds a target that %s', async (_, habits, found) => {
  expect(await findings(habits)).toEqual([expect.stringMatching(found)]);
});

test('85 is not run on a target without recover', async () => {
  expect(await targetFindings(() => ({}), { only: 85 })).toEqual([]);
});

test('nothing is found in a target that fences, cleans up its own leftovers, and returns its last commit', async () => {
  expect(await targetFindings(recovering())).toEqual([]);
});

/** The state with its position moved. */
function moved(state: State | undefined, by: number): State | undefined {
  const text = JSON.stringify(state)?.replace(/"id":(\d+)/, (_, id) => `"id":${Number(id) + by}`);
  return text === undefined ? undefined : JSON.parse(text);
}

test.each<[string, Habits, string]>([
  [
    'the state of an older commit',
    { state: (commits, generation) => lastOf(commits.slice(0, Math.max(1, commits.length - 1)), generation) },
    'while another one is written',
  ],
  [
    'a state further on than it has committed',
    { state: (commits, generation) => moved(lastOf(commits, generation), 1) },
    'while another one is written',
  ],
  [
    'the state of another unit',
    { chainOf: ({ connection }) => connection, hasFence: false },
    'of the same unit, asked again',
  ],
  ['the state of another connection', { chainOf: ({ unit }) => unit }, 'in another connection'],
  ['the state of an ended generation', { state: (commits) => commits.at(-1)?.state }, 'in a new generation'],
  [
    'a state that it makes up for a unit that it never had',
    { state: (commits, generation) => lastOf(commits, generation) ?? { patches: {} } },
    'of a unit that was never written',
  ],
  [
    'a state without its nulls',
    {
      state: (commits, generation) =>
        JSON.parse(JSON.stringify(lastOf(commits, generation) ?? null), (_, value) => value ?? undefined) ?? undefined,
    },
    'while another one is written',
  ],
])('101 finds a recover that returns %s', async (_, habits, found) => {
  expect(await targetFindings(recovering(habits), { only: 101 })).toEqual([
    expect.stringMatching(new RegExp(`^101 .*expected: recover [^:]*${found}`, 's')),
  ]);
});

test('101 and nothing else finds a recover that removes what another unit writes', async () => {
  expect(await targetFindings(recovering({ sweeps: 'all units' }))).toEqual([
    expect.stringMatching(/^101 .*found: 4 rows: 1 missing, such as \{"id":11/s),
  ]);
});

test('101 is not run on a target without recover', async () => {
  expect(await targetFindings(() => ({}), { only: 101 })).toEqual([]);
});
