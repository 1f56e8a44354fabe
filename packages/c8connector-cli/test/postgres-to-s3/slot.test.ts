// Takes about 20 s.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connection, openFolder } from '../program.ts';
import { type MainJob, readJson, startMainJob } from './main-job.ts';

let job: MainJob;
beforeAll(async () => {
  job = await startMainJob();
  await job.query('create table orders (id int primary key)');
});
afterAll(() => job[Symbol.asyncDispose]());

/** Runs a new connection that follows the table, so that the server keeps a slot for it. */
async function followed(name: string, source: object = {}): Promise<string> {
  const path = await job.connection(name, {
    source: { replication_method: 'LOG_BASED', ...source },
    streams: ['public-orders'],
  });
  expect((await job.start('sync', path).ended).code).toBe(0);
  return path;
}

async function drop(...args: readonly string[]) {
  return await job.start('slot', 'drop', ...args).ended;
}

async function kept(): Promise<readonly string[]> {
  const { rows } = await job.query(
    'select slot_name as name from pg_replication_slots union all select pubname from pg_publication order by 1',
  );
  return rows.map(({ name }) => name);
}

async function slotOf(path: string): Promise<string> {
  const { c8 } = (await readJson(`${path}.state.json`)) as { c8: { connection: string } };
  const { rows } = await job.query('select current_database() as database');
  return `c8_${rows[0].database}_${c8.connection.replaceAll('-', '').slice(0, 12)}`;
}

// Each test starts programs one after the other, which a busy machine may take long for.
describe('slot drop', { timeout: 180_000 }, () => {
  test('shows what the server retains, and drops only the slot of this connection and its publication', async () => {
    const other = await slotOf(await followed('other.json'));
    const path = await followed('gone.json');
    const slot = await slotOf(path);
    const { code, stdout, stderr } = await drop(path, '--yes');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(new RegExp(`^slot ${slot}\\n  database .*\\n  position +[0-9A-F]+/[0-9A-F]+\\n`));
    expect(stdout).toMatch(/retained WAL +[\d,]+ [kM]B/);
    expect(stdout).toContain(`The publication ${slot}, which the source created, is dropped with it.`);
    expect(stdout).toContain(
      `Dropped the slot ${slot}. The state is as it was: it still has the positions of 1 stream.`,
    );
    expect(await kept()).toEqual([other, other]);

    const again = await drop(path, '--yes');
    expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('ConfigError slot_missing: ')]);
    const run = await job.start('sync', path).ended;
    expect([run.code, run.stderr]).toEqual([1, expect.stringContaining('log_position_lost')]);
    expect((await job.start('sync', path, '--full-refresh').ended).code).toBe(0);
    expect(await kept()).toContain(slot);
    await drop(path, '--yes');
    await drop(join(job.folder, 'other.json'), '--yes');
  });

  test('drops nothing while the connection runs, or while the slot is read', async () => {
    const path = await followed('busy.json');
    const slot = await slotOf(path);
    const running = job.start('sync', path, '--follow');
    const isRead = `select active from pg_replication_slots where slot_name = '${slot}'`;
    await expect.poll(async () => (await job.query(isRead)).rows, { timeout: 60_000 }).toEqual([{ active: true }]);
    const locked = await drop(path, '--yes');
    expect([locked.code, locked.stderr]).toEqual([2, expect.stringContaining('ConfigError state_locked: ')]);
    // Another connection file with the same slot does not know of that run.
    const same = await job.connection('same.json', { source: { replication_slot: slot } });
    const inUse = await drop(same, '--yes');
    expect([inUse.code, inUse.stderr]).toEqual([3, expect.stringContaining('ConnectionError server_busy: ')]);
    running.child.kill('SIGTERM');
    await running.ended;
    expect(await kept()).toEqual([slot, slot]);
    expect((await drop(path, '--yes')).code).toBe(0);
  });

  test('finds a slot that the config names, even without a state file', async () => {
    const path = await followed('named.json', { replication_slot: 'named_slot' });
    await rm(`${path}.state.json`);
    const { code, stdout } = await drop(path, '--yes');
    expect([code, stdout]).toEqual([
      0,
      expect.stringContaining('Dropped the slot named_slot. The state knows no stream.'),
    ]);
    expect(await kept()).toEqual([]);
  });

  test('needs --yes without a terminal, and asks on one', async () => {
    const path = await followed('asked.json');
    const slot = await slotOf(path);
    const { code, stdout, stderr } = await drop(path);
    expect([code, stderr]).toEqual([2, expect.stringContaining('ConfigError call_invalid: ')]);
    expect(stdout).toContain(`slot ${slot}`);
    await using folder = await openFolder();
    const no = await folder.runOnTerminal(['slot', 'drop', path], { stdin: 'n' });
    expect([no.code, no.stdout]).toEqual([1, expect.stringContaining('Nothing was dropped.')]);
    expect(await kept()).toEqual([slot, slot]);
    const yes = await folder.runOnTerminal(['slot', 'drop', path], { stdin: 'y' });
    expect([yes.code, yes.stdout]).toEqual([0, expect.stringContaining(`Dropped the slot ${slot}`)]);
    expect(await kept()).toEqual([]);
  });

  test('is refused for a source that does not use a slot', async () => {
    await using folder = await openFolder();
    await folder.write('copy.json', connection());
    const { code, stderr } = await folder.run(['slot', 'drop', 'copy.json', '--yes']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('ConfigError slot_unsupported: source.connector: ')]);
  });
});
