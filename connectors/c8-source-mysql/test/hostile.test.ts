// Takes about 14 s.
import { type MySqlServer, startMariaDb, startMySql } from 'test-services';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serverOf } from '../c8_source_mysql/server.ts';
import {
  configOf,
  connectTo,
  createDatabase,
  describeServers,
  type Login,
  readLines,
  type ServerName,
  sharedServer,
} from './harness.ts';

const tables = [
  `set time_zone = '+00:00'`,
  'set names utf8mb4',
  `create table rows_of_all (id int primary key, name varchar(20) character set utf8mb4, code char(10), at timestamp(3) null, document json, single float)`,
  `insert into rows_of_all values (1, 'ünïcode 🦀', 'x', '2024-03-01 12:00:00.125', '{"a": "\\\\\\\\"}', 0.1), (2, null, null, null, null, null),
    (3, 'a\\\\b''c"d', '', '1999-12-31 23:59:59', '[]', -1.5), (4, '', 'é', '2038-01-01 00:00:00', '1', 0), (5, 'e', 'e', null, 'null', 5), (6, 'f', 'f', null, '"f"', 6), (7, 'g', 'g', null, '{}', 7)`,
  'create view joined as select a.id as one, b.id as other from rows_of_all a join rows_of_all b',
  'create view waiting as select id, sleep(0.1) as slept from rows_of_all where id < 4',
];

/** Settings that a server may have for all sessions. */
const settings: Readonly<Record<string, string>> = {
  character_set_server: 'latin1',
  // MySQL 9 does not know it.
  loose_character_set_client_handshake: 'OFF',
  default_time_zone: '+05:30',
  sql_mode: 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES,PAD_CHAR_TO_FULL_LENGTH,PIPES_AS_CONCAT,HIGH_NOT_PRECEDENCE',
  init_connect: `SET sql_mode = 'ANSI_QUOTES', time_zone = '-03:00', autocommit = 0, character_set_results = 'latin1', sql_select_limit = 1`,
  lock_wait_timeout: '1',
  innodb_lock_wait_timeout: '1',
  net_write_timeout: '1',
  wait_timeout: '2',
  lower_case_table_names: '1',
  big_tables: '1',
  transaction_isolation: 'SERIALIZABLE',
};

const globals = [
  'autocommit = 0',
  'sql_select_limit = 5',
  'max_join_size = 2',
  'sql_buffer_result = 1',
  'read_only = 1',
];
const globalsOf: Readonly<Record<ServerName, readonly string[]>> = {
  MariaDB: ['max_statement_time = 0.2', 'sql_safe_updates = 1', `system_versioning_asof = '2001-01-01 00:00:00'`],
  MySQL: ['max_execution_time = 200'],
};
const versioned = (name: ServerName) =>
  name === 'MariaDB' ? 'create table versioned (id int) with system versioning' : 'create table versioned (id int)';

describeServers('a server with odd settings for all sessions', (name) => {
  let server: MySqlServer;
  let odd: Login;
  let plain: Login;

  beforeAll(async () => {
    server = await (name === 'MariaDB' ? startMariaDb({ settings }) : startMySql({ settings }));
    const all = [...tables, versioned(name), 'insert into versioned values (1), (2), (3)'];
    [odd, plain] = await Promise.all([createDatabase(server, all), createDatabase(sharedServer(name), all)]);
    await using admin = await connectTo(server);
    await admin.query(`set sql_mode = ''`);
    await admin.query(`create user reader@'%' identified by 'reader'`);
    await admin.query(`grant select, execute on *.* to reader@'%'`);
    for (const assignment of [...globals, ...globalsOf[name]]) await admin.query(`set global ${assignment}`);
  }, 60_000);

  afterAll(() => server.stop());

  test.each(['rows_of_all', 'joined', 'waiting', 'versioned'])(
    'returns the same rows as any other: %s',
    async (table) => {
      const expected = await readLines(configOf(plain), table);
      expect(expected.length).toBeGreaterThan(2);
      // init_connect does not concern an administrator.
      for (const login of [odd, { ...odd, user: 'reader', password: 'reader' }])
        expect(await readLines(configOf(login), table)).toEqual(expected);
    },
  );
});

test.each([
  ['8.0.11', 'MySQL Community Server - GPL', { flavour: 'MySQL', version: 8 }],
  ['9.7.4', 'Debian', { flavour: 'MySQL', version: 9.07 }],
  ['10.5.1-MariaDB-log', 'mariadb.org binary distribution', { flavour: 'MariaDB', version: 10.05 }],
  ['11.8.2-MariaDB', '', { flavour: 'MariaDB', version: 11.08 }],
  ['8.0.32', 'Source distribution of Percona', { flavour: 'MySQL', version: 8 }],
])('the server %s %j is %j', (version, comment, expected) => {
  expect(serverOf(version, comment)).toEqual(expected);
});

test.each([
  ['5.7.44-log', 'MySQL Community Server (GPL)'],
  ['5.5.68-MariaDB', 'MariaDB Server'],
  ['10.4.34-MariaDB', ''],
  ['', ''],
])('the server %s %j is refused with the oldest supported versions', (version, comment) => {
  expect(() => serverOf(version, comment)).toThrow(
    expect.objectContaining({
      code: 'connection_refused',
      remedy: expect.stringContaining('MySQL 8.0 and MariaDB 10.5'),
    }),
  );
});
