import { Decimal } from 'c8connector';
import type { SourceTestOptions } from 'c8connector-testing';
import { MysqlSource } from '../c8_source_mysql/index.ts';
import { execute, type Login, rawConfigOf, type ServerName, sharedServer } from './harness.ts';
import { changesBackend } from './log/changes-backend.ts';

/** Characters and bytes of a large value. At the full size each row would have its own pages, and all checks of rows would take several times as long. */
const large = process.env.C8_SOAK ? 500_000 : 20_000;

/** The name of the database, which is the first part of the ids of its streams. */
const name = 'conformance';

const statements = [
  `set sql_mode = ''`,
  `set time_zone = '+00:00'`,
  'create table cities (id int primary key, name varchar(50) not null, population bigint, founded date, updated_at timestamp(6) null)',
  `insert into cities with recursive ids as (select 1 as id union all select id + 1 from ids where id < 500)
   select id, concat('City ', id), id * 1000000007, '1000-01-01' + interval id day, now(6) from ids`,
  `create table values_of_all_kinds (
     id char(36) primary key, flag tinyint(1), amount decimal(20, 2) not null, digits decimal(65, 30), ratio double not null, small float,
     document json, picture blob, at datetime(6), clock time(3), founded year, bits bit(10), mood enum('sad', 'ok'), several set('a', 'b') not null, place point)`,
  `insert into values_of_all_kinds values
     ('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 1, 123456789012345678.12, 0.123456789012345678901234567890, 1e300, 1.1,
       '{"b": 1.50, "a": [null, 1e30]}', x'dead', '2023-04-05 06:07:08.5', '-838:59:59', 2023, 5, 'ok', 'a,b', point(1, -2)),
     ('b0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', null, -0.01, -1, 5e-324, null, 'null', null, '0000-00-00', null, 0, null, null, '', null)`,
  'create table `We ird.T\'able` (`Col "Q``` int primary key, `b,c` text, _key text, _id int)',
  `insert into \`We ird.T'able\` values (1, 'line\\nbreak \u2603', 'k', 2)`,
  'create table keyless (a int, b text)',
  `insert into keyless values (1, 'x'), (1, 'x')`,
  'create view seen as select id, name from cities where id < 4',
  'create table parted (id int primary key) partition by range (id) (partition low values less than (10))',
  'insert into parted values (1)',
  'create table nothing (id int primary key, name text)',
  'create table digits (d int primary key)',
  'insert into digits values (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)',
  // No column of it has an order, by which the server would sort all of it first.
  `create view endless as select a.d * 1e0 as id, h.d * 1e0 as name
   from digits a, digits b, digits c, digits d, digits e, digits f, digits g, digits h`,
  `create table traps (
     id int primary key, big bigint, huge bigint unsigned, digits decimal(65, 9), priced decimal(20, 4), single float, dbl double,
     day date, at datetime(6), zoned timestamp(1) null, clock time(1), txt mediumtext, bytes mediumblob, document json)`,
  `insert into traps values
     (1, 9223372036854775807, 18446744073709551615, 12345678901234567890.123456789, 0.1, 0.1, 0.1,
       '2023-04-05', '2023-04-05 06:07:08.123456', '2023-04-05 06:07:08.5', '12:34:56.5', '\\t"\\\\ \u2603 \u{1F600}',
       x'00ff0a', '{"b": 2.5, "a": [12345678901234567890, null]}'),
     (2, -9223372036854775808, 0, -0.000000001, null, -1e38, 1.7976931348623157e308,
       '0000-00-00', '2023-02-00', '0000-00-00', '-838:59:59', '', '', 'null'),
     (3, 9007199254740993, 9007199254740993, 0, -0.0001, 16777217, 5e-324,
       '9999-12-31', '0001-01-01', '1970-01-01 00:00:01', '00:00:00', repeat('\u2603', ${large}), repeat(x'00', ${large}), '"text"'),
     (4, null, null, -0.00, 12345678901234.5678, 3.4e38, -1e-300, null, null, null, null, null, null, null)`,
];

let login: Promise<Login> | undefined;

async function created(server: ServerName): Promise<Login> {
  const shared = sharedServer(server);
  await execute(shared, `create database ${name} character set utf8mb4`);
  const own = { ...shared, database: name };
  await execute(own, ...statements);
  return own;
}

/** What the kit needs to check the source with one of the servers. */
export function conformanceOn(server: ServerName): SourceTestOptions {
  const database = (): Promise<Login> => {
    login ??= created(server);
    return login;
  };
  return {
    connector: MysqlSource,
    config: async () => rawConfigOf(await database()),
    changes: changesBackend(database),
    packageFolder: new URL('..', import.meta.url),
    emptyStream: `${name}-nothing`,
    // More than the table of 500 rows, which is read completely, and less than the endless view.
    recordCap: 600,
    expected: {
      [`${name}-traps`]: [
        {
          id: 1,
          big: 9223372036854775807n,
          huge: 18446744073709551615n,
          digits: new Decimal('12345678901234567890.123456789'),
          priced: new Decimal('0.1000'),
          single: 0.1,
          dbl: 0.1,
          day: '2023-04-05',
          at: '2023-04-05T06:07:08.123456+00:00',
          zoned: '2023-04-05T06:07:08.5+00:00',
          clock: '12:34:56.5',
          txt: '\t"\\ \u2603 \u{1F600}',
          bytes: 'AP8K',
          document: { b: 2.5, a: [12345678901234567890n, null] },
        },
        {
          id: 2,
          big: -9223372036854775808n,
          huge: 0,
          digits: new Decimal('-0.000000001'),
          priced: null,
          day: null,
          at: null,
          zoned: null,
          clock: '-838:59:59.0',
          txt: '',
          bytes: '',
          document: null,
        },
        {
          id: 3,
          big: 9007199254740993n,
          huge: 9007199254740993n,
          priced: new Decimal('-0.0001'),
          single: 16777216,
          dbl: new Decimal('5e-324'),
          day: '9999-12-31',
          at: '0001-01-01T00:00:00+00:00',
          zoned: '1970-01-01T00:00:01+00:00',
          txt: '\u2603'.repeat(large),
          bytes: Buffer.alloc(large).toString('base64'),
          document: 'text',
        },
        { id: 4, big: null, huge: null, priced: new Decimal('12345678901234.5678'), txt: null },
      ],
      [`${name}-We ird.T'able`]: [{ 'Col "Q`': 1, 'b,c': 'line\nbreak \u2603', _key: 'k', _id: 2 }],
      [`${name}-keyless`]: [{ a: 1, b: 'x' }],
    },
  };
}
