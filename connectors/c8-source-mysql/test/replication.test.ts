import { streamMetadata } from 'c8connector';
import { beforeAll, describe, expect, test } from 'vitest';
import { MysqlSource } from '../c8_source_mysql/index.ts';
import {
  configOf,
  createDatabase,
  describeServers,
  discoverAll,
  execute,
  type Login,
  rawConfigOf,
  sharedServer,
} from './harness.ts';

const typed = `create table typed (small smallint, whole int, large bigint unsigned, exact decimal(65,30), day date, at datetime(6), zoned timestamp null, clock time, years year,
  short varchar(5), padded char(5), one float, two double, document json, flag tinyint(1), bits bit(3), bytes varbinary(5), picture blob, notes text, mood enum('a', 'b'), several set('a', 'b'), place point)`;

describeServers('the methods of a table', (server) => {
  let database: Login;

  beforeAll(async () => {
    database = await createDatabase(sharedServer(server), [
      'create table keyed (id int primary key, at timestamp null)',
      'create view seen as select * from keyed',
      'create table keyless (id int)',
      'create table my (id int) engine=MyISAM',
      'create table memory (id int) engine=MEMORY',
      'create table merged (id int) engine=MERGE union=(my)',
      'create table parents (id int primary key)',
      'create table children (id int primary key, parent int, foreign key (parent) references parents (id))',
      'create table followers (id int primary key, parent int, constraint `a``b` foreign key (parent) references parents (id) on update set null)',
      'create table documents (document json, flag tinyint(1), notes text)',
      typed,
    ]);
    if (server === 'MariaDB') {
      await execute(database, 'create table versioned (id int primary key) with system versioning');
      await execute(database, 'create table special (id uuid, address inet6)');
    }
  });

  async function replicationOf(table: string, config: Record<string, unknown> = {}, login = database) {
    const streams = await discoverAll(configOf(login, { source_table: table, ...config }));
    return streams[0]?.replication;
  }

  const isMariaDb = server === 'MariaDB';

  describe('the reason why it does not offer LOG_BASED', () => {
    test.each<[string, RegExp | undefined]>([
      ['keyed', undefined],
      ['keyless', undefined],
      ['my', undefined],
      ['memory', undefined],
      ['merged', /engine MRG_MyISAM/i],
      ['seen', /changes of a view are not in the log/],
      ['children', undefined],
      ['followers', isMariaDb ? /foreign key with CASCADE or SET NULL/ : undefined],
      ...(isMariaDb ? ([['versioned', /system-versioned/]] as [string, RegExp][]) : []),
    ])('of %s is %s', async (table, reason) => {
      const found = (await replicationOf(table))?.reasons?.LOG_BASED;
      if (reason === undefined) expect(found).toBeUndefined();
      else expect(found).toMatch(reason);
    });

    test('is known to a user who may only read', async () => {
      const name = `reader_${server}`.toLowerCase();
      await execute(
        database,
        `create user ${name}@'%' identified by 'a'`,
        `grant select on ${database.database}.* to ${name}@'%'`,
      );
      const login = { ...database, user: name, password: 'a' };
      const found = (await replicationOf('followers', { ssl_mode: 'prefer' }, login))?.reasons?.LOG_BASED;
      expect(found).toEqual(isMariaDb ? expect.stringContaining('CASCADE') : undefined);
      await execute(database, `drop user ${name}@'%'`);
    });
  });

  const ordered = 'small whole large exact day at zoned clock years short padded'.split(' ');

  test('a column can be a replication key if the server can order its values and JSON can hold them without loss', async () => {
    const { methods, keys, isSorted } = (await replicationOf('typed')) ?? {};
    expect(keys).toEqual(ordered);
    expect(isSorted).toBe(true);
    expect(methods?.slice(0, 2)).toEqual(['FULL_TABLE', 'INCREMENTAL']);
    if (isMariaDb) expect((await replicationOf('special'))?.keys).toEqual(['id', 'address']);
    const asText = (await replicationOf('typed', { out_of_range_dates: 'text' }))?.keys;
    expect(asText).toEqual(ordered.filter((name) => !['day', 'at', 'zoned'].includes(name)));
  });

  test('the method in the config applies to each table that offers it, and a table without an ordered column is copied', async () => {
    const config = { replication_method: 'INCREMENTAL' };
    expect((await replicationOf('keyed', config))?.methods[0]).toBe('INCREMENTAL');
    const { methods, reasons } = (await replicationOf('documents', config)) ?? {};
    expect(methods?.[0]).toBe('FULL_TABLE');
    expect(reasons?.INCREMENTAL).toBe('it has no column whose values can be ordered');
  });

  test('the catalog has the keys, the method and the reasons', async () => {
    const catalog = await new MysqlSource().discover(rawConfigOf(database, { source_table: 'seen' }));
    expect(streamMetadata(catalog.streams[0] as never)).toMatchObject({
      'valid-replication-keys': ['id', 'at'],
      'replication-method': 'FULL_TABLE',
      'unsupported-replication-methods': { LOG_BASED: 'the changes of a view are not in the log' },
    });
  });
});
