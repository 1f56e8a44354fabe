import { testSource } from 'c8connector/testing';
import { type PostgresServer, startPostgres } from 'test-services';
import { afterAll } from 'vitest';
import { PostgresSource } from '../c8_source_postgres/index.ts';
import { connectTo, integrationOf } from './read.ts';

let server: PostgresServer | undefined;
afterAll(() => server?.stop());

testSource({
  connector: PostgresSource,
  async config() {
    server = await startPostgres();
    await using client = await connectTo(server);
    await client.query(`
      create table cities (id int primary key, name varchar(50) not null, population bigint, founded date, updated_at timestamptz);
      insert into cities select id, 'City ' || id, id * 1000000007::bigint, date '1000-01-01' + id, now() from generate_series(1, 5000) id;
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
      create table nothing (id int primary key, name text)`);
    return integrationOf(server);
  },
  packageFolder: new URL('..', import.meta.url),
  emptyStream: 'public-nothing',
});
