// Takes about 10 s.
import type { SourceMessage } from 'c8connector';
import { describe, expect, test, vi } from 'vitest';
import { connectTo, createDatabase } from '../harness.ts';
import { follow } from './followed.ts';
import { run } from './losing.ts';

const streams = ['public-t'];

describe('a log that is followed', () => {
  test('waits for a slow reader in constant memory, and keeps confirming to the server meanwhile', async () => {
    const login = await createDatabase('create table t (id int primary key, a text)');
    const { state } = await follow(login, { streams });
    await run(login, `insert into t select id, repeat(md5(id::text), 30) from generate_series(1, 50000) id`);
    await using client = await connectTo(login);
    const heardAt = async (): Promise<number> =>
      (
        await client.query(
          `select extract(epoch from reply_time)::float8 as at from pg_stat_replication where application_name = 'c8-source-postgres' and pid = (select active_pid from pg_replication_slots where database = current_database())`,
        )
      ).rows[0]?.at;
    let peak = 0;
    let rows = 0;
    let isHeard = false;
    await follow(login, {
      streams,
      state,
      async onMessage(message: SourceMessage) {
        if (message.type !== 'RECORDS') return;
        rows += message.count;
        peak = Math.max(peak, process.memoryUsage().arrayBuffers);
        if (isHeard) return;
        // The reader reads nothing until the server has received two status updates.
        const first = await heardAt();
        await vi.waitFor(async () => expect(await heardAt()).toBeGreaterThan(first), { timeout: 20_000 });
        isHeard = true;
      },
    });
    expect(rows).toBe(50_000);
    expect(isHeard).toBe(true);
    expect(peak).toBeLessThan(200 * 1024 * 1024);
  });
});
