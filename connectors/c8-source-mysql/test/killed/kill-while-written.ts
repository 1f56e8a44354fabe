import { expect } from 'vitest';
import type { ServerName } from '../harness.ts';
import { accounts, accountsDatabase, copies, randomOf, valuesOf, type Way, writer } from './killed-copies.ts';

/** Kills a copy this many times at moments that the seed determines, while a writer changes the table, and checks the final result. */
export async function killWhileWritten(
  server: ServerName,
  way: Way,
  { seed, kills }: { seed: number; kills: number },
): Promise<void> {
  const random = randomOf(seed);
  const database = await accountsDatabase(server);
  await using target = await copies(database, way);
  const writing = writer(database, random);
  try {
    for (let kill = 0; kill < kills; kill += 1) {
      const killAt = 1 + Math.floor(random() * accounts);
      // An increment has only as many rows as were changed since the last one.
      expect([0, 'SIGKILL'], `seed ${seed}`).toContain(await target.run(killAt));
    }
    expect(await target.run(), `seed ${seed}`).toBe(0);
    expect((await target.values()).size, `seed ${seed}`).toBe(accounts);
  } finally {
    await writing.end();
  }
  expect(await target.run(), `seed ${seed}`).toBe(0);
  const values = await target.values();
  const sorted = new Map([...values].sort(([one], [other]) => one - other));
  expect(sorted, `seed ${seed}`).toEqual(await valuesOf(database));
}
