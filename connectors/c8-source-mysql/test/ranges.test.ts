import { type Page, type Partition, type Row, silentLog } from 'c8connector';
import { beforeAll, describe, expect, test } from 'vitest';
import { readTable } from '../c8_source_mysql/copy.ts';
import type { MysqlStream } from '../c8_source_mysql/discover.ts';
import { partitions } from '../c8_source_mysql/partitions.ts';
import { connectionPool } from '../c8_source_mysql/pool.ts';
import {
  configOf,
  connectTo,
  contextOf,
  createDatabase,
  describeServers,
  discoverAll,
  execute,
  type Login,
  type ServerName,
  sharedServer,
} from './harness.ts';

/** A UUID of version 4. */
const uuid = `insert(insert(insert(insert(insert(insert(left(sha2(n, 256), 32), 13, 1, '4'), 17, 1, 'a'), 9, 0, '-'), 14, 0, '-'), 19, 0, '-'), 24, 0, '-')`;

/** Tables of 2,000 rows, by the type of their key; `n` goes from 1 to 2000. */
const keyed: Readonly<Record<string, readonly [columns: string, values: string]>> = {
  integers: ['id int primary key, other int', 'n, n'],
  large: ['id bigint unsigned primary key', '18446744073709551615 - n * n'],
  sparse: ['id bigint primary key', 'if(n = 1, -9223372036854775807, n)'],
  // Most rows belong to one tenant.
  composite: [
    'tenant varchar(20) collate utf8mb4_bin, id int, at date, primary key (tenant, id)',
    `if(n % 10 = 0, 'b\\t''\\\\', 'a'), n, now()`,
  ],
  deep: ['a int, b date, c varchar(10), primary key (a, b, c)', `n % 2, '2024-01-01', n`],
  uuids: ['id char(36) character set ascii primary key', uuid],
  bytes: ['id binary(16) primary key', 'unhex(left(sha2(n, 256), 32))'],
  variable: ['id varbinary(20) primary key', `concat('prefix', unhex(hex(n * 7)))`],
  texts: ['id varchar(20) collate utf8mb4_general_ci primary key', 'concat(char(65 + n % 26 + 32 * (n % 2)), n)'],
  accents: ['id varchar(20) collate utf8mb4_unicode_ci primary key', `concat(elt(1 + n % 4, 'é', 'Ω', '國', 'Ж'), n)`],
  western: ['id varchar(20) character set latin1 primary key', `concat('Straße ', n)`],
  chinese: ['id varchar(20) character set gbk primary key', `concat(elt(1 + n % 2, '中', '國'), n)`],
  numerics: ['id decimal(65,20) primary key', '(n - 1000) / 7.0'],
  days: ['id date primary key', `if(n = 1, '0000-00-00', '2000-01-01' + interval n day)`],
  moments: ['id datetime(6) primary key', `'2024-01-01' + interval n * 1000001 microsecond`],
  stamps: ['id timestamp(3) primary key', `'2024-01-01' + interval n * 1001000 microsecond`],
  times: ['id time(2) primary key', 'sec_to_time((n - 1000) * 100)'],
  parted: ['id int primary key, other int', 'n, n'],
  secondary: ['id varchar(20) not null unique, other int', 'n, n'],
  myisam: ['id int primary key, other int', 'n, n'],
};

const options: Readonly<Record<string, string>> = {
  parted: ' partition by hash (id) partitions 3',
  myisam: ' engine=MyISAM',
};

const numbers = 'with recursive ns as (select 1 as n union all select n + 1 from ns where n < 2000)';

function tablesOf(server: ServerName): Readonly<typeof keyed> {
  return server === 'MySQL' ? keyed : { ...keyed, native: ['id uuid primary key', uuid] };
}

interface Place {
  readonly partition?: Partition;
  readonly bookmark?: Page['bookmark'];
}

async function open(database: Login, more: Record<string, unknown>, table: string) {
  const config = configOf(database, { source_table: table, out_of_range_dates: 'text', ...more });
  const pool = connectionPool(config);
  const [stream] = await discoverAll(config, silentLog, pool);
  if (stream === undefined) throw new Error(`there is no table ${table}`);
  const { schema } = stream;
  const signal = new AbortController().signal;
  const parts = await partitions(stream, { config, resource: pool, schema, signal, log: silentLog });
  return { config, pool, stream, parts, [Symbol.asyncDispose]: () => pool[Symbol.asyncDispose]() };
}

type Opened = Awaited<ReturnType<typeof open>>;

async function pagesOf({ config, pool, stream }: Opened, place: Place = {}): Promise<Page[]> {
  const pages: Page[] = [];
  const context = contextOf(stream, config, { resource: pool });
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
          // A large number would be rounded.
          .map((line) => JSON.parse(line.replace(/:(-?[\d.]{16,})/g, ':"$1"')) as Row)
      : [],
  );
}

const keyOf = ({ keyProperties = [] }: MysqlStream, row: Row): string =>
  JSON.stringify(keyProperties.map((name) => row[name]));

describeServers('ranges of a key', (server) => {
  let database: Login;

  beforeAll(async () => {
    const filled = Object.entries(tablesOf(server)).flatMap(([name, [columns, values]]) => [
      `create table ${name} (${columns})${options[name] ?? ''}`,
      `insert into ${name} ${numbers} select ${values} from ns`,
    ]);
    database = await createDatabase(sharedServer(server), [
      `set session ${server === 'MySQL' ? 'cte_max_recursion_depth' : 'max_recursive_iterations'} = 10000`,
      ...filled,
      'create table wide (id int primary key, filler longtext)',
      `insert into wide ${numbers} select n, repeat('x', 20000) from ns where n <= 300`,
      'create table keyless (id int)',
      'create view seen as select * from integers',
      'create table tiny (id int primary key)',
      'insert into tiny values (1)',
      'create table hashed (id int primary key) engine=MEMORY',
      `insert into hashed ${numbers} select n from ns`,
      `create table moods (mood enum('z', 'a') primary key)`,
    ]);
  });

  test.each(Object.keys(tablesOf(server)))(
    'of %s contain each row once while others are written, and none has more than 2.5 times its share',
    async (table) => {
      await using opened = await open(database, { partitions: 5 }, table);
      expect(opened.parts).toHaveLength(5);
      const read = await Promise.all(
        opened.parts.map(async (partition) => rowsIn(await pagesOf(opened, { partition }))),
      );
      const keys = read.flat().map((row) => keyOf(opened.stream, row));
      expect(keys).toHaveLength(2000);
      expect(new Set(keys).size).toBe(2000);
      expect(Math.max(...read.map(({ length }) => length))).toBeLessThan(1000);
    },
  );

  test('are resumed after any of their pages', async () => {
    await using opened = await open(database, { partitions: 2 }, 'wide');
    for (const partition of opened.parts) {
      const pages = await pagesOf(opened, { partition });
      expect(pages.length).toBeGreaterThan(2);
      for (const [index, { bookmark }] of pages.entries()) {
        const rest = await pagesOf(opened, { partition, bookmark });
        expect(rowsIn([...pages.slice(0, index + 1), ...rest])).toEqual(rowsIn(pages));
      }
    }
  });

  test('contain a row that stays in the table, whatever is written to it meanwhile', async () => {
    await using opened = await open(database, { partitions: 4 }, 'texts');
    let isEnding = false;
    const writing = (async () => {
      await using client = await connectTo(database);
      for (let n = 0; !isEnding; n++) {
        await client.query(`insert into texts values ('${String.fromCharCode(65 + (n % 26))}new${n}')`);
        await client.query(`delete from texts where id like '%new${n - 20}'`);
      }
    })();
    const rows: Row[] = [];
    for (const partition of opened.parts) rows.push(...rowsIn(await pagesOf(opened, { partition })));
    isEnding = true;
    await writing;
    await execute(database, `delete from texts where id like '%new%'`);
    const ids = rows.map(({ id }) => String(id));
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => !id.includes('new'))).toHaveLength(2000);
  });

  test('of a former key of the table are an error after which the copy starts over', async () => {
    await using opened = await open(database, { partitions: 2 }, 'integers');
    for (const from of [{ other: '5' }, 7, { id: '5; drop table integers' }])
      await expect(pagesOf(opened, { partition: { from, to: null } as Partition })).rejects.toMatchObject({
        code: 'copy_lost',
      });
  });

  test.each([
    ['a view', 'seen'],
    ['a table of a few rows', 'tiny'],
    ['a table without a key', 'keyless'],
    ['a table whose key is only hashed', 'hashed'],
    ['a table whose key has no order', 'moods'],
  ])('are not made of %s', async (_what, table) => {
    await using opened = await open(database, { partitions: 5 }, table);
    expect(opened.parts).toEqual([]);
  });

  describe('a table in one piece', () => {
    test('is read in the order of its key, and resumed after any of its pages', async () => {
      await using opened = await open(database, {}, 'wide');
      const pages = await pagesOf(opened);
      expect(rowsIn(pages).map(({ id }) => id)).toEqual(Array.from({ length: 300 }, (_, index) => index + 1));
      const [first] = pages;
      const rest = await pagesOf(opened, { bookmark: first?.bookmark });
      expect(rowsIn([...pages.slice(0, 1), ...rest])).toEqual(rowsIn(pages));
    });

    test.each(Object.keys(tablesOf(server)))('is resumed after any row of %s', async (table) => {
      await using opened = await open(database, {}, table);
      const [page] = await pagesOf(opened);
      const all = rowsIn([page as Page]).map((row) => keyOf(opened.stream, row));
      expect(all).toHaveLength(2000);
      const rest = await pagesOf(opened, { bookmark: page?.bookmark });
      expect(rest).toEqual([]);
    });
  });
});
