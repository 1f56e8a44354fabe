import { isC8Error } from 'c8connector';
import { describe, expect, test } from 'vitest';
import { PostgresSource } from '../../c8_source_postgres/index.ts';
import { connectTo, createDatabase, type Login, rawConfigOf } from '../harness.ts';
import { follow } from './followed.ts';
import { run } from './losing.ts';

const streams = ['public-t'];
const made = 'create table t (id int primary key)';

/** A database whose table is followed with a slot of its own name. */
async function followedTable(more: Readonly<Record<string, unknown>> = {}) {
  const login = await createDatabase(made);
  const name = `drop_${login.database}`;
  const config = { replication_slot: name, ...more };
  const { state } = await follow(login, { streams, config });
  return { login, name, state, config };
}

/** The slots and publications of a database. */
async function keptOf(login: Login): Promise<readonly string[]> {
  await using client = await connectTo(login);
  const { rows } = await client.query(
    `select 'slot ' || slot_name as kept from pg_replication_slots where database = current_database()
     union all select 'publication ' || pubname from pg_publication order by 1`,
  );
  return rows.map(({ kept }) => kept);
}

function slotOf(login: Login, config: Readonly<Record<string, unknown>>, connection = 'ab12') {
  const { slot } = new PostgresSource();
  if (slot === undefined) throw new Error('the source has no slot');
  const raw = rawConfigOf(login, config);
  return { find: () => slot.find(raw, { connection }), drop: () => slot.drop(raw, { connection }) };
}

async function refusalOf(call: Promise<unknown>): Promise<Readonly<Record<string, unknown>>> {
  const error: unknown = await call.catch((thrown: unknown) => thrown);
  if (!isC8Error(error)) throw new Error(`${String(error)} is not a refusal`);
  return { code: error.code, message: error.message, remedy: error.remedy };
}

describe('a slot', () => {
  test('shows its position and how much log the server keeps for it', async () => {
    const { login, name, config } = await followedTable();
    await run(login, 'insert into t select generate_series(1, 20000)');
    const found = await slotOf(login, config).find();
    const details = Object.fromEntries(found?.details.map(({ label, value }) => [label, value]) ?? []);
    expect(found?.name).toBe(`slot ${name}`);
    expect(details).toMatchObject({
      database: login.database,
      position: expect.stringMatching(/^[0-9A-F]+\/[0-9A-F]+$/),
      'not read yet': expect.stringMatching(/^[\d,]+ [kM]B$/),
      'retained WAL': expect.stringMatching(/^[\d,]+ [kM]B$/),
    });
    expect(found?.effects.join(' ')).toMatch(/which the source created, is dropped with it.* log_position_lost/);
  });

  test('is dropped with the publication that the source created, and the next run reports what is lost', async () => {
    const { login, config, state } = await followedTable();
    await slotOf(login, config).drop();
    expect(await keptOf(login)).toEqual([]);
    const lost = await refusalOf(follow(login, { streams, config, state }));
    expect(lost).toMatchObject({
      code: 'log_position_lost',
      message: expect.stringContaining('the slot no longer exists'),
    });
    const found = await follow(login, { streams, config });
    expect(Object.keys(found.state.bookmarks ?? {})).toEqual(streams);
  });

  test('is found by the id of the connection where the config does not name it', async () => {
    const login = await createDatabase(made);
    const connection = 'AB12CD34-EF56-7890-ab12-cd34ef567890';
    const name = `c8_${login.database}_ab12cd34ef56`;
    await run(login, `select pg_create_logical_replication_slot('${name}', 'pgoutput')`);
    expect((await slotOf(login, {}, connection).find())?.name).toBe(`slot ${name}`);
    expect(await slotOf(login, {}, 'other').find()).toBeUndefined();
  });

  test.each([
    ['somebody else made', {}, 'create publication NAME for table t with (publish_via_partition_root)'],
    ['the config names, since other slots may be read by it', { publication: 'own' }, undefined],
  ])('is dropped, but not a publication that %s', async (_, more, sql) => {
    const login = await createDatabase(made);
    const name = `drop_${login.database}`;
    const config = { replication_slot: name, ...more };
    if (sql !== undefined) await run(login, sql.replace('NAME', name));
    await follow(login, { streams, config });
    const publication = config.publication ?? name;
    const { effects } = (await slotOf(login, config).find()) ?? { effects: [] };
    expect(effects.join(' ')).toContain(
      `The publication ${publication} stays. If no other slot is read with it, DROP PUBLICATION "${publication}"`,
    );
    await slotOf(login, config).drop();
    expect(await keptOf(login)).toEqual([`publication ${publication}`]);
  });

  test('that is being read is not dropped, nor is its publication', async () => {
    const { login, name, config, state } = await followedTable();
    const stop = new AbortController();
    const reading = follow(login, { streams, config, state, until: 'forever', signal: stop.signal });
    try {
      await expect
        .poll(() => refusalOf(slotOf(login, config).find()).catch(() => ({})), { timeout: 20_000 })
        .toMatchObject({
          code: 'server_busy',
          message: expect.stringContaining(`The slot ${name} is in use: server process`),
        });
      expect(await refusalOf(slotOf(login, config).drop())).toMatchObject({ code: 'server_busy' });
    } finally {
      stop.abort();
      await reading;
    }
    expect(await keptOf(login)).toEqual([`publication ${name}`, `slot ${name}`]);
  });

  test('that does not exist, uses another plugin, or may not be dropped by the role is an error', async () => {
    const { login, name, config } = await followedTable();
    expect(await slotOf(login, { replication_slot: 'not_there' }).find()).toBeUndefined();
    expect(await refusalOf(slotOf(login, { replication_slot: 'not_there' }).drop())).toMatchObject({
      code: 'slot_missing',
      message: 'The server has no slot not_there.',
    });
    await run(login, `select pg_create_logical_replication_slot('${name}_other', 'test_decoding')`);
    expect(await refusalOf(slotOf(login, { replication_slot: `${name}_other` }).drop())).toMatchObject({
      code: 'config_invalid',
    });
    await run(login, "create role drop_without_replication login password 'x'");
    const reader = { ...login, user: 'drop_without_replication', password: 'x' };
    expect(await refusalOf(slotOf(reader, config).drop())).toMatchObject({
      code: 'access_denied',
      remedy: expect.stringContaining('ALTER ROLE drop_without_replication REPLICATION'),
    });
    expect(await keptOf(login)).toContain(`slot ${name}`);
  });
});
