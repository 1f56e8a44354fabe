// Takes about 20 s.
import { setTimeout as sleep } from 'node:timers/promises';
import { idsOf, keyIn } from 'c8connector-sql/testing';
import { type MySqlServer, startMariaDb, startMySql } from 'test-services';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MysqlSource } from '../c8_source_mysql/index.ts';
import { localFrom } from '../c8_source_mysql/zone.ts';
import { connectTo, createDatabase, describeServers, execute, type Login, rawConfigOf } from './harness.ts';
import { runIncrement, streamIn } from './runs.ts';

/** A second has passed: keys of columns without fractions differ from now on. */
const second = () => sleep(1100);

describeServers('open transactions', (server) => {
  let database: Login;
  const onlooker = 'onlooker';

  // A transaction concerns all databases of a server.
  let own: MySqlServer;

  beforeAll(async () => {
    // The server lists transactions with their local times.
    const zone = process.env.TZ;
    process.env.TZ = 'America/New_York';
    own = await (server === 'MariaDB' ? startMariaDb() : startMySql());
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
    const { host, port, user, password } = own;
    const at = 'id int primary key, at';
    database = await createDatabase({ host, port, user, password, database: own.database }, [
      `set time_zone = '+00:00'`,
      `create table stamps (${at} timestamp default current_timestamp)`,
      `create table fine (${at} timestamp(6) default current_timestamp(6))`,
      `create table emojis (${at} timestamp default current_timestamp)`,
      `create table locals (${at} datetime)`,
      `create table waited (${at} timestamp default current_timestamp)`,
      'create table locked (id int primary key)',
      'insert into locked values (1)',
      `create table far (${at} datetime)`,
      `insert into far values (1, '2990-01-01')`,
      'create table counted (id int primary key)',
      'insert into counted values (1), (3)',
      `create table prepared (${at} timestamp default current_timestamp)`,
      'insert into prepared (id) values (1)',
      `create user ${onlooker}@'%' identified by 'a'`,
      `grant select on *.* to ${onlooker}@'%'`,
    ]);
  });

  afterAll(() => own.stop());

  describe('a row that is committed late, with an earlier time, is not missed', () => {
    test.each([
      ['stamps', '', {}],
      ['fine', '', {}],
      ['locals', `convert_tz(now(), '+00:00', '+09:00')`, { timestamp_zone: 'Asia/Tokyo' }],
    ])('by %s', async (table, time, config) => {
      await using slow = await connectTo(database);
      await using quick = await connectTo(database);
      const insert = (id: number) =>
        time === '' ? `insert into ${table} (id) values (${id})` : `insert into ${table} values (${id}, ${time})`;
      for (const client of [slow, quick]) await client.query(`set time_zone = '+00:00'`);
      await slow.query('begin');
      await slow.query(insert(1));
      await second();
      await quick.query(insert(2));
      const first = await runIncrement(database, table, 'at', { config });
      expect(idsOf(first.rows)).toEqual([2]);
      await quick.query(insert(3));
      await slow.query('commit');
      const next = await runIncrement(database, table, 'at', { config, state: first.state });
      expect(idsOf(next.rows)).toEqual([1, 2, 3]);
    });

    test('and comes no more once all have ended', async () => {
      await second();
      await execute(database, 'insert into stamps (id) values (4)');
      await second();
      const { state } = await runIncrement(database, 'stamps', 'at');
      expect(idsOf((await runIncrement(database, 'stamps', 'at', { state })).rows)).toEqual([4]);
    });

    // MySQL cannot fill the tables of information_schema while a statement has such a character.
    test('while a statement with an emoji runs, which may be one of the transaction', async () => {
      await using slow = await connectTo(database);
      await using talking = await connectTo(database);
      await slow.query('begin');
      await slow.query('insert into emojis (id) values (1)');
      await second();
      await execute(database, 'insert into emojis (id) values (2)');
      const talk = talking.query(`select sleep(3), '\u{1F600}' as face`);
      const { state } = await runIncrement(database, 'emojis', 'at');
      await slow.query('commit');
      await talk;
      expect(idsOf((await runIncrement(database, 'emojis', 'at', { state })).rows)).toEqual([1, 2]);
    });

    test('also when its statement had to wait before its transaction began', async () => {
      await using blocking = await connectTo(database);
      await using slow = await connectTo(database);
      await using quick = await connectTo(database);
      await blocking.query('lock tables locked write');
      const waiting = slow.query('insert into waited (id) select id from locked');
      await second();
      await quick.query('insert into waited (id) values (2)');
      await second();
      const first = await runIncrement(database, 'waited', 'at');
      expect(idsOf(first.rows)).toEqual([2]);
      await blocking.query('unlock tables');
      await waiting;
      expect(idsOf((await runIncrement(database, 'waited', 'at', first)).rows)).toEqual([1, 2]);
    });
  });

  test('many streams at once see the transactions as they are now', async () => {
    await using slow = await connectTo(database);
    await using quick = await connectTo(database);
    await quick.query('create table many (id int primary key, at timestamp(6) default current_timestamp(6))');
    for (let id = 10; id < 16; id += 2) {
      await Promise.all([1, 2, 3, 4].map(() => runIncrement(database, 'far', 'at')));
      await slow.query('begin');
      await slow.query(`insert into many (id) values (${id})`);
      await quick.query(`insert into many (id) values (${id + 1})`);
      const first = await runIncrement(database, 'many', 'at');
      await slow.query('commit');
      expect(idsOf((await runIncrement(database, 'many', 'at', first)).rows)).toContain(id);
    }
  });

  test('a bookmark never goes back for an open transaction', async () => {
    await using old = await connectTo(database);
    await old.query('begin');
    await old.query('insert into fine (id) values (100)');
    const bookmark = { last_replication_method: 'INCREMENTAL', replication_key: 'at', version: 1 };
    const later = '2990-01-01T00:00:00+00:00';
    const stream = streamIn(database, 'far');
    const state = { bookmarks: { [stream]: { ...bookmark, replication_key_value: later } } };
    expect(keyIn((await runIncrement(database, 'far', 'at', { state })).state, stream)).toBe(later);
    await old.query('rollback');
  });

  test('a key in the future does not hide rows with earlier keys', async () => {
    const { state } = await runIncrement(database, 'far', 'at');
    expect(Date.parse(String(keyIn(state, streamIn(database, 'far'))))).toBeLessThan(Date.now() + 60_000);
  });

  test('while a transaction is prepared the bookmark stays where it is, and a warning is logged', async () => {
    await second();
    const first = await runIncrement(database, 'prepared', 'at');
    const xid = `'${database.database}'`;
    await execute(
      database,
      `xa start ${xid}`,
      'insert into prepared (id) values (2)',
      `xa end ${xid}`,
      `xa prepare ${xid}`,
    );
    await execute(database, 'insert into prepared (id) values (3)');
    const next = await runIncrement(database, 'prepared', 'at', first);
    const stream = streamIn(database, 'prepared');
    expect(keyIn(next.state, stream)).toBe(keyIn(first.state, stream));
    expect(next.logged).toContainEqual(expect.stringContaining('prepared transactions (1)'));
    await execute(database, `xa commit ${xid}`);
    expect(idsOf((await runIncrement(database, 'prepared', 'at', next)).rows)).toEqual([1, 2, 3]);
  });

  test('a warning is logged when the user may not see the transactions of others', async () => {
    const login = { ...database, user: onlooker, password: 'a' };
    const config = { ssl_mode: 'prefer' };
    const { logged } = await runIncrement(login, 'fine', 'at', { config });
    expect(logged).toContainEqual(expect.stringContaining('Grant the user PROCESS'));
    expect((await runIncrement(login, 'counted', 'id', { config })).logged).toEqual([]);
  });

  test('validate warns of nothing when all can be seen', async () => {
    const config = rawConfigOf(database, { replication_method: 'INCREMENTAL', source_table: 'stamps' });
    const { steps } = await new MysqlSource().validate(config);
    expect(steps.at(-1)).toMatchObject({ id: 'incremental', status: 'passed' });
  });

  test('an unknown time zone is an error of the config', async () => {
    const read = runIncrement(database, 'far', 'at', { config: { timestamp_zone: 'Europe/Atlantis' } });
    await expect(read).rejects.toMatchObject({ code: 'config_invalid' });
  });
});

test('a local time is not passed that comes again when the clocks are set back', () => {
  const at = (utc: string) => new Date(1000 * localFrom(Date.parse(`${utc}Z`) / 1000, 'Europe/Berlin')).toISOString();
  expect(at('2024-07-01T10:00:00')).toBe('2024-07-01T12:00:00.000Z');
  // At 01:00 UTC, 03:00 becomes 02:00.
  expect(at('2024-10-26T23:59:00')).toBe('2024-10-27T01:59:00.000Z');
  expect(at('2024-10-27T00:30:00')).toBe('2024-10-27T01:30:00.000Z');
  expect(at('2024-10-27T01:00:00')).toBe('2024-10-27T02:00:00.000Z');
});
