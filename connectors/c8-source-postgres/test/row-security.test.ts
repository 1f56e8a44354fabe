import { beforeAll, describe, expect, test } from 'vitest';
import { PostgresSource } from '../c8_source_postgres/index.ts';
import {
  configOf,
  connectTo,
  createDatabase,
  discoverAll,
  type Login,
  rawConfigOf,
  readLines,
  recordingLog,
} from './harness.ts';

let database: Login;

/** The number of rows of each relation. */
const relations = {
  orders: 1000,
  forced: 1,
  parted: 1,
  part: 1,
  open: 1,
  invoked: 1000,
  owned: 1000,
  of_other: 1,
  of_view: 1,
  aliased: 1001,
};

beforeAll(async () => {
  database = await createDatabase(`
    create role reader login password 'a'; create role owner login password 'a'; create role member login password 'a' in role owner;
    create role bypassing login password 'a' bypassrls; create role other; create role strict login password 'a';
    grant create on schema public to owner, other;
    set role owner;
    create table orders (id int primary key); insert into orders select generate_series(1, 1000); alter table orders enable row level security;
    create table forced (id int); insert into forced values (1); alter table forced enable row level security; alter table forced force row level security;
    create table parted (id int) partition by range (id); create table part partition of parted for values from (0) to (10); insert into parted values (1);
    alter table part enable row level security;
    create table open (id int); insert into open values (1);
    grant select on all tables in schema public to public;
    create view invoked with (security_invoker = on) as select id from orders;
    create view owned as select id from orders;
    reset role; set role other;
    create view of_other as select id from orders where id in (select id from open);
    create view of_view with (check_option = local) as select id from of_other;
    create view aliased with (security_invoker) as select id from (select id from orders union all select id from open) o;
    reset role;
    grant select on all tables in schema public to public;
    create materialized view unfilled as select 1 as id with no data;
    alter role strict set row_security = off`);
});

const as = (user: string) => ({ user, password: user === 'postgres' ? database.password : 'a' });

/** The relations whose rows the server partly hides from a role. */
async function cutFor(user: string): Promise<string[]> {
  await using client = await connectTo(database);
  await client.query(`set role ${user}`);
  const { rows } = await client.query(
    Object.keys(relations)
      .map((name) => `select '${name}' as name, count(*)::int from ${name}`)
      .join(' union all '),
  );
  return rows.flatMap(({ name, count }) => (count < relations[name as keyof typeof relations] ? [name] : []));
}

describe('whether policies may hide rows of a relation from a role', () => {
  test.each([
    ['reader', ['orders', 'forced', 'part', 'invoked', 'of_other', 'of_view', 'aliased']],
    ['owner', ['forced', 'of_other', 'of_view']],
    ['member', ['forced', 'of_other', 'of_view']],
    ['bypassing', ['of_other', 'of_view']],
    ['postgres', ['of_other', 'of_view']],
  ])('%s', async (user, expected) => {
    const streams = await discoverAll(configOf(database, as(user)));
    const policed = streams.filter(({ rowSecurity }) => rowSecurity.length > 0).map(({ tableName }) => tableName);
    expect(policed.toSorted()).toEqual(expected.toSorted());
    expect((await cutFor(user)).toSorted()).toEqual(expected.toSorted());
  });
});

test('validate warns that rows may be hidden, and names the tables and the fix', async () => {
  const { steps } = await new PostgresSource().validate(
    rawConfigOf(database, { ...as('reader'), filter_table: 'orders,open' }),
  );
  expect(steps.find(({ id }) => id === 'privileges')).toMatchObject({
    status: 'warning',
    message: 'Row-level security may hide rows of one table or view: public.orders.',
    remedy: expect.stringMatching(/reader .*BYPASSRLS/),
  });
});

test('a read warns that rows may be hidden, and names the table if the policies are on a table of the view', async () => {
  const log = recordingLog();
  expect(await readLines(configOf(database, as('reader')), 'public-invoked', { log })).toEqual([]);
  expect(log.warnings).toEqual([
    expect.stringMatching(/public\.orders may hide rows of public-invoked from reader.*BYPASSRLS/),
  ]);
  expect(await readLines(configOf(database, as('reader')), 'public-open', { log })).toHaveLength(1);
  expect(log.warnings).toHaveLength(1);
});

test('a role with row_security = off gets an error instead of a part of the rows, and the error and validate name the fix', async () => {
  await expect(readLines(configOf(database, as('strict')), 'public-orders')).rejects.toMatchObject({
    code: 'access_denied',
    details: { stream: 'public-orders' },
    remedy: expect.stringMatching(/BYPASSRLS.*row_security/),
  });
  const { steps } = await new PostgresSource().validate(
    rawConfigOf(database, { ...as('strict'), filter_table: 'orders' }),
  );
  expect(steps.find(({ id }) => id === 'privileges')).toMatchObject({
    status: 'warning',
    message: expect.stringMatching(/row_security = off.*refuses to read .*public\.orders/),
  });
});

test('validate names the materialized views that were never refreshed', async () => {
  const { steps } = await new PostgresSource().validate(rawConfigOf(database, as('postgres')));
  expect(steps.find(({ id }) => id === 'tables')).toMatchObject({
    status: 'warning',
    message: expect.stringContaining('public.unfilled'),
    remedy: expect.stringContaining('REFRESH'),
  });
});

test('a view of an extension, which may not be readable, is not selected by default', async () => {
  await using client = await connectTo(database);
  await client.query(`create extension pg_stat_statements; create table mine (id int)`);
  const streams = await discoverAll(configOf(database, as('postgres')));
  const selected = new Map(
    streams.map(({ tableName, isSelectedByDefault = true }) => [tableName, isSelectedByDefault]),
  );
  expect([selected.get('pg_stat_statements'), selected.get('mine')]).toEqual([false, true]);
});
