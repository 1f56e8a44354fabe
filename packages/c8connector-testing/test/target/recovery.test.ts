import type { Row, State, TargetConnector } from 'c8connector';
import { ConnectorError } from 'c8connector';
import { expect, test } from 'vitest';
import { targetFindings } from '../findings.ts';

/** What may be another way than it should be. */
interface Habits {
  readonly hasFence?: boolean;
  readonly commitsAll?: boolean;
  readonly sweeps?: boolean;
  readonly state?: (kept: State | undefined) => State | undefined;
}

interface Kept {
  readonly epoch: number;
  readonly state: State | undefined;
}

/** Stores rows as they come, and keeps which of them its last commit names, with its state. */
function recovering({ hasFence = true, commitsAll = false, sweeps = true, state = (kept) => kept }: Habits = {}) {
  const units = new Map<string, Kept>();
  const loose = new Map<string, Set<Row>>();
  return (_honest: TargetConnector, stored: Map<string, Row[]>): Partial<TargetConnector> => {
    const check = (unit: string, epoch: number): void => {
      if (hasFence && (units.get(unit)?.epoch ?? 0) > epoch)
        throw new ConnectorError(`${unit} is lost`, { code: 'claim_lost' });
    };
    return {
      async recover({ run: { unit, epoch } }) {
        check(unit, epoch);
        const kept = units.get(unit)?.state;
        units.set(unit, { epoch, state: kept });
        const rest = loose.get(unit) ?? new Set();
        if (sweeps)
          for (const [stream, rows] of stored)
            stored.set(
              stream,
              rows.filter((row) => !rest.has(row)),
            );
        loose.delete(unit);
        return state(kept);
      },
      async *write(messages, { run: { unit, epoch } }) {
        let rows: { readonly stream: string; readonly row: Row }[] = [];
        for await (const message of messages) {
          if (message.type === 'RECORDS') {
            check(unit, epoch);
            for (const row of message.rows()) rows.push({ stream: message.stream, row });
          }
          if (message.type !== 'FLUSH') continue;
          check(unit, epoch);
          const isCommit = message.isCheckpoint || commitsAll;
          const added = loose.get(unit) ?? new Set();
          for (const { stream, row } of rows) {
            stored.set(stream, [...(stored.get(stream) ?? []), row]);
            added.add(row);
          }
          rows = [];
          loose.set(unit, isCommit ? new Set() : added);
          if (isCommit && message.state !== undefined) units.set(unit, { epoch, state: message.state });
          yield message.state;
        }
      },
    };
  };
}

const findings = (habits?: Habits) => targetFindings(recovering(habits), { only: 85 });

test('85 finds nothing in a target that fences, sweeps, and commits at checkpoints', async () => {
  expect(await findings()).toEqual([]);
});

test.each<[string, Habits, RegExp]>([
  ['forgets to fence', { hasFence: false }, /each of the 15 rows once .*found/s],
  ['commits at every FLUSH', { commitsAll: true }, /each of the 15 rows once .*found/s],
  ['leaves what no commit names', { sweeps: false }, /each of the 15 rows once .*found/s],
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
