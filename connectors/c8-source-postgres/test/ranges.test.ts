import { type Page, type Partition, type Row, silentLog } from 'c8connector';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readTable } from '../c8_source_postgres/copy.ts';
import type { PostgresStream } from '../c8_source_postgres/discover.ts';
import { partitions } from '../c8_source_postgres/partitions.ts';
import { connectionPool } from '../c8_source_postgres/pool.ts';
import { configOf, connectTo, contextOf, createDatabase, discoverAll, type Login } from './harness.ts';

let database: Login;

/** Tables of 2,000 rows, by the type of their key. */
const keyed = {
  integers: 'id int primary key, other int',
  composite: 'tenant text, id int, at date default current_date, primary key (tenant, id)',
  uuids: 'id uuid primary key default gen_random_uuid(), tenant text',
  texts: 'id text collate dictionary primary key',
  numerics: 'id numeric primary key',
  moments: 'id timestamptz primary key',
  parted: 'id int, other int, primary key (id)) partition by hash (id',
};

const rowsOf: Readonly<Record<keyof typeof keyed, string>> = {
  integers: 'select id, id from generate_series(1, 2000) id',
  // Most rows belong to one tenant.
  composite: `select case when id % 10 = 0 then E'b\\t''\\\\' else 'a' end, id from generate_series(1, 2000) id`,
  uuids: `select md5(id::text)::uuid from generate_series(1, 2000) id`,
  texts: `select chr(65 + id % 26 + 32 * (id % 2)) || id from generate_series(1, 2000) id`,
  numerics: 'select id / 7.0 from generate_series(1, 2000) id',
  moments: `select timestamptz '2024-01-01Z' + id * interval '1.000001 s' from generate_series(1, 2000) id`,
  parted: 'select id, id from generate_series(1, 2000) id',
};

beforeAll(async () => {
  const tables = Object.entries(keyed).map(([name, columns]) => {
    const partition = [0, 1, 2].map(
      (n) => `create table parted_${n} partition of parted for values with (modulus 3, remainder ${n});`,
    );
    return `create table ${name} (${columns}); ${name === 'parted' ? partition.join('') : ''}
      insert into ${name} ${rowsOf[name as keyof typeof keyed]};`;
  });
  database = await createDatabase(`
    create collation dictionary (provider = icu, locale = 'en');
    ${tables.join('\n')}
    create table wide (id int primary key, filler text); insert into wide select id, repeat('x', 20000) from generate_series(1, 300) id;
    create table keyless (id int, filler text default repeat('x', 500)); insert into keyless select generate_series(1, 2000);
    create table parents (id int, filler text default repeat('x', 500)); create table children () inherits (parents);
    insert into parents select generate_series(1, 1000); insert into children select generate_series(1001, 2000);
    create role ranger login password 'a'; create table policed (id int primary key); insert into policed select generate_series(1, 2000);
    alter table policed enable row level security; create policy even on policed using (id % 2 = 0); grant select on policed to ranger;
    create view seen as select * from integers; create table tiny (id int primary key); insert into tiny values (1);
    create table scattered (id uuid primary key default gen_random_uuid(), filler text); alter table scattered alter filler set storage plain;
    insert into scattered (filler) select repeat('x', 7000) from generate_series(1, 8300); analyze scattered`);
});

afterAll(async () => {
  await using client = await connectTo(database);
  await client.query('drop owned by ranger; drop role ranger');
});

async function open(more: Record<string, unknown>, table: string) {
  const config = configOf(database, { filter_table: table, ...more });
  const pool = connectionPool(config);
  const found = await discoverAll(config, silentLog, pool);
  const stream = found.find(({ tableName }) => tableName === table);
  if (stream === undefined) throw new Error(`there is no table ${table}`);
  const { schema } = stream;
  const signal = new AbortController().signal;
  const planned = await partitions(stream, { config, resource: pool, schema, signal, log: silentLog });
  const { session, partitions: parts } = 'session' in planned ? planned : { session: undefined, partitions: planned };
  return { config, pool, stream, parts, session, [Symbol.asyncDispose]: () => pool[Symbol.asyncDispose]() };
}

type Opened = Awaited<ReturnType<typeof open>>;

interface Place {
  readonly partition?: Partition;
  readonly bookmark?: Page['bookmark'];
}

async function pagesOf({ config, pool, stream, session }: Opened, place: Place = {}): Promise<Page[]> {
  const pages: Page[] = [];
  const context = { ...contextOf(stream, config, { resource: pool }), ...(session === undefined ? {} : { session }) };
  for await (const page of readTable(stream, { ...context, ...(place as object) })) pages.push(page);
  return pages;
}

function rowsIn(pages: readonly Page[]): readonly Row[] {
  return pages.flatMap((page) =>
    'lines' in page
      ? Buffer.from(page.lines)
          .toString()
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line) as Row)
      : [],
  );
}

const keyOf = ({ keyProperties = [] }: PostgresStream, row: Row): string =>
  JSON.stringify(keyProperties.map((name) => row[name]));

describe('ranges of a key', () => {
  test.each(Object.keys(keyed))(
    'of %s contain each row once, and none has more than twice its share',
    async (table) => {
      await using opened = await open({ partitions: 5 }, table);
      expect(opened.parts).toHaveLength(5);
      expect(opened.session).toBeUndefined();
      const read = await Promise.all(
        opened.parts.map(async (partition) => rowsIn(await pagesOf(opened, { partition }))),
      );
      const keys = read.flat().map((row) => keyOf(opened.stream, row));
      expect(keys).toHaveLength(2000);
      expect(new Set(keys).size).toBe(2000);
      for (const rows of read) expect(rows.length).toBeLessThan(800);
    },
  );

  test('contain only the rows that row-level security shows the role', async () => {
    await using opened = await open({ partitions: 4, user: 'ranger', password: 'a' }, 'policed');
    const read = await Promise.all(opened.parts.map(async (partition) => rowsIn(await pagesOf(opened, { partition }))));
    expect(read.map(({ length }) => length)).toEqual([250, 250, 250, 250]);
    expect(read.flat().map(({ id }) => id)).toEqual(Array.from({ length: 1000 }, (_, index) => 2 * index + 2));
  });

  test('are resumed after any of their pages', async () => {
    await using opened = await open({ partitions: 2 }, 'wide');
    for (const partition of opened.parts) {
      const pages = await pagesOf(opened, { partition });
      expect(pages.length).toBeGreaterThan(2);
      for (const [index, { bookmark }] of pages.entries()) {
        const rest = await pagesOf(opened, { partition, bookmark });
        expect(rowsIn([...pages.slice(0, index + 1), ...rest])).toEqual(rowsIn(pages));
      }
    }
  });

  test('of a former key of the table are an error after which the copy starts over', async () => {
    await using opened = await open({ partitions: 2 }, 'integers');
    for (const partition of [
      { from: { other: '5' }, to: null },
      { from: 7, to: null },
    ])
      await expect(pagesOf(opened, { partition })).rejects.toMatchObject({ code: 'copy_lost' });
  });

  test.each([
    ['a view', 'seen'],
    ['a table of one block', 'tiny'],
  ])('are not made of %s', async (_what, table) => {
    await using opened = await open({ partitions: 5 }, table);
    expect(opened.parts).toEqual([]);
  });
});

describe('a table in one piece', () => {
  test('is resumed after any of its pages, if it has a key', async () => {
    await using opened = await open({}, 'wide');
    expect(opened.parts).toEqual([]);
    const pages = await pagesOf(opened);
    const last = pages.at(-2);
    const rest = await pagesOf(opened, { bookmark: last?.bookmark });
    expect(rowsIn([...pages.slice(0, -1), ...rest])).toEqual(rowsIn(pages));
  });

  test.each([
    ['when it has no key', 'keyless', {}],
    ['when it is large and its rows do not lie in the order of the key', 'scattered', {}],
    ['when it is read as of one moment', 'wide', { consistency: 'snapshot' }],
  ])('has no bookmarks %s', async (_when, table, config) => {
    await using opened = await open(config, table);
    expect((await pagesOf(opened)).filter(({ bookmark }) => bookmark !== undefined)).toEqual([]);
  });
});

describe('ranges of blocks', () => {
  test.each([
    ['keyless', 4, {}],
    ['parents', 4, {}],
    ['composite', 4, { consistency: 'snapshot' }],
    // Each range has blocks of all three partitions.
    ['parted', 3, { consistency: 'snapshot' }],
  ])('of %s contain the table as of one moment, whatever is written meanwhile', async (table, count, config) => {
    await using client = await connectTo(database);
    const before = (await client.query(`select * from ${table}`)).rows;
    await using opened = await open({ partitions: 4, ...config }, table);
    expect(opened.parts).toHaveLength(count);
    expect(opened.session).toEqual(expect.any(String));
    const rows: Row[] = [];
    for (const partition of opened.parts) {
      rows.push(...rowsIn(await pagesOf(opened, { partition })));
      await client.query(`delete from ${table} where id % 3 = 0; update ${table} set id = -id where id % 5 = 0`);
    }
    const ids = (all: readonly Row[]) => all.map(({ id }) => id).toSorted();
    expect(ids(rows)).toEqual(ids(before));
  });

  test('keep the snapshot open until the last of them was read, and no longer', async () => {
    await using client = await connectTo(database);
    const held = async () => {
      const text = `select count(*)::int as count from pg_stat_activity where state like 'idle in%' and datname = current_database() and pid <> pg_backend_pid()`;
      return (await client.query(text)).rows[0].count;
    };
    await using opened = await open({ partitions: 2, consistency: 'snapshot' }, 'integers');
    const [first, second] = opened.parts;
    await pagesOf(opened, { partition: first as Partition });
    await pagesOf(opened, { partition: first as Partition });
    expect(await held()).toBe(1);
    await pagesOf(opened, { partition: second as Partition });
    expect(await held()).toBe(0);
    await expect(pagesOf(opened, { partition: second as Partition })).rejects.toMatchObject({ code: 'copy_lost' });
  });

  test('can be read by another process as long as the first one keeps the snapshot open', async () => {
    await using opened = await open({ partitions: 2, consistency: 'snapshot' }, 'integers');
    await using pool = connectionPool(opened.config);
    const rows = async (partition: Partition) => rowsIn(await pagesOf({ ...opened, pool }, { partition }));
    const read = [];
    for (const partition of opened.parts) read.push(...(await rows(partition)));
    expect(read).toHaveLength(2000);
    const [one] = opened.parts;
    const forged = `${opened.session?.split(' ').slice(0, 2).join(' ')} 1`;
    await expect(pagesOf({ ...opened, session: forged }, { partition: one as Partition })).rejects.toMatchObject({
      code: 'copy_lost',
    });
  });
});
