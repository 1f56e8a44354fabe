// Takes about 60 s.
import { Decimal } from 'c8connector';
import { testSource } from 'c8connector-testing';
import { PostgresSource } from '../c8_source_postgres/index.ts';
import { createDatabase, type Login, rawConfigOf } from './harness.ts';
import { changesBackend } from './log/changes-backend.ts';

/** Characters and bytes of a large value. At the full size each row would have its own pages, and all checks of rows would take several times as long. */
const large = process.env.C8_SOAK ? 500_000 : 20_000;

let login: Promise<Login> | undefined;

/** The database that all checks share. */
function database(): Promise<Login> {
  login ??= createDatabase(`
      create table cities (id int primary key, name varchar(50) not null, population bigint, founded date, updated_at timestamptz);
      insert into cities select id, 'City ' || id, id * 1000000007::bigint, date '1000-01-01' + id, now() from generate_series(1, 500) id;
      create table values_of_all_kinds (
        id uuid primary key, flag boolean, amount numeric(20, 2) not null, digits numeric, ratio double precision not null, small real,
        document jsonb, tags text[] not null, picture bytea, at timestamp, since interval, clock time, zoned timetz);
      insert into values_of_all_kinds values
        ('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', true, 123456789012345678.12, 0.1234567890123456789012345678901234567890, 'NaN', 1.1,
          '{"b": 1.50, "a": [null, 1e400]}', '{a,NULL,"b c"}', '\\xdead', 'infinity', '1 day', '24:00:00', '01:02:03+05:30'),
        ('b0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', null, -0.01, 'Infinity', 1e300, null, 'null', '{}', null, '0044-03-15 BC', null, null, null);
      create table "We ird.T'able" ("Col ""Q""" int primary key, "b,c" text, _key text, _id int);
      insert into "We ird.T'able" values (1, E'line\\nbreak \\u2603', 'k', 2);
      create table keyless (a int, b text); insert into keyless values (1, 'x'), (1, 'x');
      create view seen as select id, name from cities where id < 4;
      create table parted (id int primary key) partition by range (id);
      create table parted_1 partition of parted for values from (0) to (10); insert into parted values (1);
      create table nothing (id int primary key, name text);
      -- No column of it has an order, by which the server would sort all of it first.
      create view endless as select to_json(id) as id, to_json(md5(id::text)) as name from (select generate_series(1, 100000000) as id) ids;
      create table traps (
        id int primary key, "big" bigint, digits numeric, priced numeric(20, 4), "real" real, "double" double precision,
        day date, at timestamp, zoned timestamptz, clock timetz, txt text, bytes bytea, tags text[], days date[], document json);
      insert into traps values
        (1, 9223372036854775807, 12345678901234567890.123456789, 0.1000, 0.1, 0.1,
          '2023-04-05', '2023-04-05 06:07:08.123456', '2023-04-05 06:07:08.5+05:30', '12:34:56.5+05:30', E'\\t"\\\\ \\u2603 \\U0001F600',
          '\\x00ff0a', '{a,NULL,"b,\\"c"}', '{2023-04-05,NULL}', '{"b": 2.50, "a": [12345678901234567890, 1e-400, null]}'),
        (2, -9223372036854775808, 'NaN', null, 'NaN', 'Infinity',
          '0044-03-15 BC', '-infinity', 'infinity', '24:00:00-12', '', '', '{}', null, 'null'),
        (3, 9007199254740993, 1e-30, -0.0001, '-Infinity', 5e-324,
          'infinity', '20000-01-01', '0001-01-01 00:00:00+00', null, repeat('☃', ${large}), decode(repeat('00', ${large}), 'hex'), null, '{}', '"text"'),
        (4, null, '-0.00', 12345678901234.5678, 1e38, -1.7976931348623157e308, null, null, null, null, null, null, null, null, null)`);
  return login;
}

testSource({
  connector: PostgresSource,
  config: async () => rawConfigOf(await database(), { ssl_mode: 'disable' }),
  changes: changesBackend(database),
  packageFolder: new URL('..', import.meta.url),
  emptyStream: 'public-nothing',
  ...(process.env.C8_SINGER_TARGET ? { singerTarget: process.env.C8_SINGER_TARGET } : {}),
  // More than the table of 500 rows, which is read completely, and less than the endless view.
  recordCap: 600,
  expected: {
    'public-traps': [
      {
        id: 1,
        big: 9223372036854775807n,
        digits: new Decimal('12345678901234567890.123456789'),
        priced: new Decimal('0.1000'),
        real: 0.1,
        double: 0.1,
        day: '2023-04-05',
        at: '2023-04-05T06:07:08.123456+00:00',
        zoned: '2023-04-05T00:37:08.5+00:00',
        clock: '12:34:56.5+05:30',
        txt: '\t"\\ \u2603 \u{1F600}',
        bytes: 'AP8K',
        tags: ['a', null, 'b,"c'],
        days: ['2023-04-05', null],
        document: { b: new Decimal('2.50'), a: [12345678901234567890n, new Decimal('1e-400'), null] },
      },
      {
        id: 2,
        big: -9223372036854775808n,
        digits: null,
        priced: null,
        real: null,
        double: null,
        day: '0001-01-01',
        at: '0001-01-01T00:00:00+00:00',
        zoned: '9999-12-31T23:59:59.999999+00:00',
        clock: '23:59:59.999999-12:00',
        txt: '',
        bytes: '',
        tags: [],
        days: null,
        document: null,
      },
      {
        id: 3,
        big: 9007199254740993n,
        digits: new Decimal('0.000000000000000000000000000001'),
        priced: new Decimal('-0.0001'),
        real: null,
        double: new Decimal('5e-324'),
        day: '9999-12-31',
        at: '9999-12-31T23:59:59.999999+00:00',
        zoned: '0001-01-01T00:00:00+00:00',
        clock: null,
        txt: '\u2603'.repeat(large),
        bytes: Buffer.alloc(large).toString('base64'),
        tags: null,
        days: [],
        document: 'text',
      },
      {
        id: 4,
        big: null,
        digits: new Decimal('0.00'),
        priced: new Decimal('12345678901234.5678'),
        txt: null,
        tags: null,
      },
    ],
    "public-We ird.T'able": [{ 'Col "Q"': 1, 'b,c': 'line\nbreak \u2603', _key: 'k', _id: 2 }],
    'public-keyless': [{ a: 1, b: 'x' }],
  },
});
