import { expect } from 'vitest';
import { connectTo, type Login } from '../harness.ts';
import { randomFrom } from '../log/changing-table.ts';
import { accounts, balance, bankDatabase, clerks } from './bank.ts';
import { type Committed, committedBy, type LoggedRow } from './committed.ts';

/**
 * Follows a bank with processes that are killed at moments that the seed determines, in the copy and in the log, until this many transfers are committed. Then the target has each transfer once, the balances of
 * the server, and after each commit the constant sum.
 */
export async function followBank({
  seed,
  kills,
  transfers,
}: {
  seed: number;
  kills: number;
  transfers: number;
}): Promise<void> {
  const random = randomFrom(seed);
  const login = await bankDatabase();
  await using target = await committedBy(login, ['public-accounts', 'public-transfers']);
  const working = clerks(login, random, transfers > 1000 ? 5 : 20);
  let copiedAt = 0;
  try {
    for (let killed = 0; killed < kills; ) {
      const outcome = await target.run(1 + random(copiedAt === 0 ? accounts : 300));
      expect([0, 'SIGKILL'], `seed ${seed}`).toContain(outcome);
      if (outcome === 'SIGKILL') killed += 1;
      if (copiedAt > 0 || killed < kills / 3) continue;
      expect(await target.run(), `seed ${seed}`).toBe(0);
      copiedAt = await endOfLog(login);
    }
    while (working.committed() < transfers) await target.run(1 + random(3000));
  } finally {
    await working.end();
  }
  expect(await target.run(), `seed ${seed}`).toBe(0);
  await expectTransfers(target, login, seed);
  await expectBalances(target, login, copiedAt, seed);
}

async function expectTransfers(target: Committed, login: Login, seed: number): Promise<void> {
  const { copied, logged } = await target.rowsOf('public-transfers');
  const ids = logged.map(({ id }) => Number(id));
  expect(ids.length, `each change comes once, seed ${seed}`).toBe(new Set(ids).size);
  const all = new Set([...copied.map(({ id }) => Number(id)), ...ids]);
  expect(
    [...all].toSorted((one, other) => one - other),
    `seed ${seed}`,
  ).toEqual(await queried(login, 'select id from transfers order by id'));
}

async function expectBalances(target: Committed, login: Login, copiedAt: number, seed: number): Promise<void> {
  const { copied, logged } = await target.rowsOf('public-accounts');
  const balances = new Map(copied.map(({ id, balance: amount }) => [Number(id), Number(amount)]));
  let boundaries = 0;
  for (const [index, row] of logged.entries()) {
    balances.set(Number(row.id), Number(row.balance));
    if (!isLastOfCommit(row, logged[index + 1]) || Number(row._sdc_lsn) < copiedAt) continue;
    boundaries += 1;
    const sum = [...balances.values()].reduce((total, amount) => total + amount);
    expect(sum, `the sum behind the commit at ${row._sdc_lsn}, seed ${seed}`).toBe(accounts * balance);
  }
  expect(boundaries).toBeGreaterThan(0);
  const sorted = [...balances].toSorted(([one], [other]) => one - other).map(([, amount]) => amount);
  expect(sorted, `seed ${seed}`).toEqual(
    await queried(login, 'select balance as id from accounts order by accounts.id'),
  );
}

function isLastOfCommit(row: LoggedRow, next: LoggedRow | undefined): boolean {
  return next?._sdc_lsn !== row._sdc_lsn;
}

async function queried(login: Login, sql: string): Promise<readonly number[]> {
  await using client = await connectTo(login);
  return (await client.query(sql)).rows.map(({ id }) => id);
}

async function endOfLog(login: Login): Promise<number> {
  await using client = await connectTo(login);
  const { rows } = await client.query(`select (pg_current_wal_flush_lsn() - '0/0')::int8::text as lsn`);
  return Number(rows[0].lsn);
}
