// Takes about 15 s.
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
  sharedServer,
} from './harness.ts';
import { keyedNames, keyedTables, numbers } from './keyed-tables.ts';

interface Place {
  readonly partition?: Partition;
  readonly bookmark?: Page['bookmark'];
}

async function open(database: Login, more: Record<string, unknown>, table: string) {
  const config = configOf(database, { source_table: table, out_of_range_dates: 'text', ...more });
  const pool = connectionPool(config);
  const [stream] = await discoverAll(config, silentLog, pool);
  if (stream === undefined) throw new Error(`the table ${table} was not discovered`);
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
    database = await createDatabase(sharedServer(server), [
      ...keyedTables(server),
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

  test.each(keyedNames(server))(
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
  });
});
