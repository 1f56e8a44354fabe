import { beforeAll, expect, test, vi } from 'vitest';
import { readTable } from '../c8_source_mysql/copy.ts';
import {
  configOf,
  connectTo,
  contextOf,
  createDatabase,
  describeServers,
  discoverAll,
  execute,
  type Login,
  readLines,
  recordingLog,
  sharedServer,
  threadsOf,
} from './harness.ts';

describeServers('a refused read fails with the reason', (server) => {
  let database: Login;

  beforeAll(async () => {
    database = await createDatabase(sharedServer(server), [
      'create table gone (id int)',
      'create table hidden (id int, secret int)',
      'create table base (id int)',
      'insert into base values (1)',
      'create table altered (id int, other int)',
      'create view broken as select id from altered',
      'create view two as select (select 1 union select 2) as x',
      `create function raises() returns int no sql begin signal sqlstate '45000' set message_text = 'not today'; return 1; end`,
      'create view raising as select raises() as x',
      `create view long_view as select repeat('x', 10000) as x from information_schema.collations a, information_schema.collations b, information_schema.collations c`,
      'create table locked (id int)',
      'create table awaited (id int)',
      'insert into awaited values (1)',
      'create view slow as select id, sleep(5) as slept from awaited',
    ]);
    const user = `reader_${database.database}`;
    await execute(database, `create user ${user}@'%' identified by 'reader'`);
    await execute(database, `grant select on ${database.database}.base to ${user}@'%'`);
    await execute(database, `grant select (id) on ${database.database}.hidden to ${user}@'%'`);
  });

  /** The error of a read after the statements were executed between the discovery and the read. */
  async function errorAfter(table: string, statements: readonly string[], settings: Record<string, unknown> = {}) {
    const config = configOf(database, { source_table: table, ...settings });
    const [stream] = await discoverAll(config);
    if (stream === undefined) throw new Error('not discovered');
    await execute(database, ...statements);
    return await readTable(stream, contextOf(stream, config))
      .next()
      .then(
        () => undefined,
        (error) => error,
      );
  }

  test('a table that was dropped after discovery', async () => {
    expect(await errorAfter('gone', ['drop table gone'])).toMatchObject({ code: 'stream_unknown', exitCode: 2 });
  });

  test('a column that was dropped after discovery', async () => {
    const error = await errorAfter('altered', ['alter table altered drop column other']);
    expect(error.code).toMatch(/column_unknown|stream_changed/);
    expect(error.details.stream).toContain('altered');
  });

  test('a view whose table was dropped', async () => {
    await execute(database, 'create table under (id int)', 'create view over_it as select * from under');
    const error = await errorAfter('over_it', ['drop table under']);
    expect(error).toMatchObject({ code: 'value_refused', details: { stream: expect.stringContaining('over_it') } });
  });

  test('a table whose privilege was revoked', async () => {
    const user = `reader_${database.database}`;
    const error = await errorAfter('base', [`revoke select on ${database.database}.base from ${user}@'%'`], {
      user,
      password: 'reader',
    });
    expect(error).toMatchObject({ code: 'access_denied', exitCode: 3, remedy: expect.stringContaining('SELECT') });
  });

  test.each([
    ['two', 'Subquery returns more than 1 row'],
    ['raising', 'not today'],
  ])('a view that fails: %s', async (view, message) => {
    await expect(readLines(configOf(database), view)).rejects.toMatchObject({
      name: 'DataError',
      code: 'value_refused',
      message: expect.stringContaining(message),
      details: { stream: `${database.database}-${view}` },
    });
  });

  test('a table that is locked for longer than a sample may take', async () => {
    await using other = await connectTo(database);
    await other.query('lock tables locked write');
    await expect(readLines(configOf(database), 'locked', { milliseconds: 400 })).rejects.toMatchObject({
      code: 'server_busy',
      isRetryable: true,
      details: { stream: `${database.database}-locked` },
      remedy: expect.stringContaining('metadata_locks'),
    });
  });

  test('a view that takes longer than a sample may take', async () => {
    await expect(readLines(configOf(database), 'slow', { milliseconds: 400 })).rejects.toMatchObject({
      code: 'connection_lost',
      details: { stream: `${database.database}-slow` },
      message: expect.stringContaining('cancelled'),
    });
  });

  test('a wait for a table is logged after a second', async () => {
    await using other = await connectTo(database);
    await other.query('lock tables awaited write');
    const log = recordingLog();
    const reading = readLines(configOf(database), 'awaited', { log });
    await vi.waitFor(() => expect(log.warnings.join()).toContain('another session may hold a lock'), 30_000);
    await other.query('unlock tables');
    expect(await reading).toEqual(['{"id":1}']);
    expect(log.warnings).toEqual([
      expect.stringMatching(/^waiting for .*-awaited for \d+ s: another session may hold a lock on it$/),
    ]);
  });

  test('a connection that an administrator ends in the middle of the copy', async () => {
    const config = configOf(database, { source_table: 'long_view' });
    const [stream] = await discoverAll(config);
    if (stream === undefined) throw new Error('not discovered');
    const pages = readTable(stream, contextOf(stream, config));
    await pages.next();
    for (const { id, statement } of await threadsOf(database))
      if (statement.includes(database.database) && statement.includes('long_view'))
        await execute(database, `kill ${id}`);
    const rest = async () => {
      for await (const _ of pages);
    };
    await expect(rest()).rejects.toMatchObject({ code: 'connection_lost', exitCode: 3, isRetryable: true });
  });
});
