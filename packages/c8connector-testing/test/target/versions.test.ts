import type { Row, TargetConnector } from 'c8connector';
import { expect, test } from 'vitest';
import { targetFindings } from '../findings.ts';
import { changedRows } from './changed-rows.ts';

interface Stored {
  readonly row: Row;
  readonly version: number | undefined;
}

interface Behaviour {
  /** Whether a row stays when a version is activated. */
  readonly stays: (version: number, activated: number) => boolean;
  /** What becomes of the rows of a key when a delete comes. */
  readonly deletes: 'at once' | 'at the end of the batch' | 'not';
}

/** A target that replaces rows by their id, and does what ACTIVATE_VERSION and deletes ask for. */
function merging({ stays, deletes }: Behaviour) {
  const kept = new Map<string, Map<unknown, Stored>>();
  const write: TargetConnector['write'] = async function* (messages) {
    for await (const message of messages) {
      if (message.type === 'FLUSH') yield message.state;
      if (message.type === 'SCHEMA' || message.type === 'FLUSH') continue;
      const rows = kept.get(message.stream) ?? new Map<unknown, Stored>();
      kept.set(message.stream, rows);
      if (message.type === 'ACTIVATE_VERSION') {
        for (const [key, { version }] of rows) if (!stays(version ?? 0, message.version)) rows.delete(key);
        continue;
      }
      const isDelete = (row: Row) => (row._sdc_deleted_at ?? null) !== null;
      for (const row of message.rows()) {
        if (isDelete(row) && deletes === 'at once') rows.delete(row.id);
        else rows.set(row.id, { row, version: message.version });
      }
      if (deletes === 'at the end of the batch')
        for (const row of message.rows()) if (isDelete(row)) rows.delete(row.id);
    }
  };
  const readBack = (stream: string): Row[] => [...(kept.get(stream)?.values() ?? [])].map(({ row }) => row);
  return { write, readBack };
}

async function findingsOf(behaviour: Partial<Behaviour>): Promise<string[]> {
  const { write, readBack } = merging({
    stays: (version, activated) => version >= activated,
    deletes: 'at once',
    ...behaviour,
  });
  const claims = { loadMethod: 'upsert', activateVersion: true, hardDelete: true } as const;
  return await targetFindings(() => ({ write }), { readBack, only: 70, ...claims });
}

test('70 finds nothing in a target that does what it claims', async () => {
  expect(await findingsOf({})).toEqual([]);
});

test.each([
  ['rows of the version itself that are removed', () => false, 'found: 0 rows'],
  [
    'rows of older versions that stay',
    () => true,
    'after ACTIVATE_VERSION of the next version (activateVersion is claimed)',
  ],
])('70 finds %s', async (_name, stays, found) => {
  expect(await findingsOf({ stays })).toEqual([expect.stringContaining(found)]);
});

test.each([
  [
    'a row that stays deleted though it came again',
    'at the end of the batch',
    'found: 1 rows: 1 missing, such as {"id":1e0',
  ],
  ['a deleted row that stays', 'not', 'expected: no deleted row, as hardDelete is claimed'],
] as const)('70 finds %s', async (_name, deletes, found) => {
  expect(await findingsOf({ deletes })).toEqual([expect.stringContaining(found)]);
});

test('70 finds versions that are removed though nobody claims it', async () => {
  const { write, readBack } = merging({ stays: (version, activated) => version >= activated, deletes: 'not' });
  expect(await targetFindings(() => ({ write }), { readBack, only: 70, loadMethod: 'upsert' })).toEqual([
    expect.stringContaining('(activateVersion is not claimed)'),
  ]);
});

test('70 finds deletes that look like rows', async () => {
  const found = await targetFindings((honest) =>
    changedRows(honest, () => (rows) => rows.map(({ _sdc_deleted_at: _, ...row }) => row)),
  );
  expect(found).toEqual([expect.stringMatching(/^70 .*no delete among them/s)]);
});
