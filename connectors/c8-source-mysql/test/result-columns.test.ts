import { beforeAll, expect, test } from 'vitest';
import type { MysqlStream } from '../c8_source_mysql/discover.ts';
import { connectionPool } from '../c8_source_mysql/pool.ts';
import {
  configOf,
  createDatabase,
  describeServers,
  discoverAll,
  execute,
  type Login,
  linesOf,
  type ServerName,
  sharedServer,
} from './harness.ts';

/** A change of the column c of a table, the message about it, and the server that has the types, if only one does. */
type Change = readonly [before: string, after: string, message: RegExp, only?: ServerName];

const changes: readonly Change[] = [
  ['int', 'bigint', /c was int(?:\(11\))? and is bigint\.$/],
  ['int', 'int unsigned', /and is int unsigned/],
  ['int unsigned', 'int', /and is int\.$/],
  ['tinyint(1)', 'tinyint', /c was tinyint\(1\) and is tinyint\.$/],
  ['tinyint', 'tinyint(1)', /and is tinyint\(1\)/],
  ['decimal(10,2)', 'decimal(12,2)', /c was decimal\(10,2\) and is decimal\(12,2\)/],
  ['decimal(10,2)', 'decimal(10,3)', /and is decimal\(10,3\)/],
  ['decimal(10,0)', 'decimal(10,0) unsigned', /and is decimal\(10,0\) unsigned/],
  ['varchar(10)', 'varchar(20)', /c was varchar\(10\) and is varchar\(20\)/],
  ['varchar(10)', 'char(20)', /and is char\(20\)/],
  ['varchar(10)', 'text', /and is text/],
  ['varchar(10)', 'varbinary(10)', /and is varbinary\(10\)/],
  ['text', 'blob', /c was text and is blob/],
  ['blob', 'text', /and is text/],
  ['date', 'datetime', /c was date and is datetime/],
  ['datetime', 'timestamp null', /and is timestamp/],
  ['double', 'decimal(10,2)', /and is decimal\(10,2\)/],
  ['int', 'double', /and is double/],
  ['int', 'varchar(10)', /and is varchar\(10\)/],
  ["enum('a')", 'varchar(10)', /and is varchar\(10\)/],
  ["enum('a')", "set('a')", /and is set/],
  ['bit(3)', 'bit(4)', /c was bit\(3\) and is bit\(4\)/],
  ['bit(1)', 'bit(2)', /and is bit\(2\)/],
  ['time', 'varchar(20)', /and is varchar\(20\)/],
  ['year', 'smallint', /and is smallint/],
  ['json', 'int', /c was json and is int/],
  ['json', 'longtext', /c was json and is text/],
  ['longtext', 'json', /c was longtext and is json/],
  ['point', 'longblob', /and is blob/],
  ['char(36)', 'uuid', /c was char\(36\) and is uuid/, 'MariaDB'],
  ['inet6', 'char(39)', /c was inet6 and is char\(39\)/, 'MariaDB'],
  ['varchar(39)', 'inet6', /and is inet6/, 'MariaDB'],
  ['varbinary(12)', 'vector(3)', /and is vector/, 'MySQL'],
];

/** Changes that leave the JSON Schema as it is. */
const others: readonly (readonly [before: string, after: string])[] = [
  ['varchar(10) character set latin1', 'varchar(10) character set utf8mb4'],
  ["enum('a', 'b')", "enum('a', 'b', 'c')"],
  ['text', 'mediumtext'],
  ['binary(4)', 'binary(8)'],
  ['datetime', 'datetime(6)'],
  ['int', 'int(5)'],
  ['int', 'int default 7'],
];

describeServers('a column that changed after its discovery', (server) => {
  const cases = changes.filter(([, , , only = server]) => only === server);
  const columns = [...cases, ...others].map(([before, after], index) => ({ before, after, name: `c${index}` }));
  let database: Login;
  let streams: ReadonlyMap<string, MysqlStream>;
  beforeAll(async () => {
    const more = ['added', 'dropped_column', 'renamed_column', 'gone', 'again'];
    database = await createDatabase(sharedServer(server), [
      `create table changed (id int primary key, ${columns.map(({ before, name }) => `${name} ${before}`).join(', ')})`,
      ...more.map((name) => `create table ${name} (id int primary key, c int)`),
    ]);
    streams = new Map((await discoverAll(configOf(database))).map((stream) => [stream.tableName, stream]));
    await execute(
      database,
      `alter table changed ${columns.map(({ after, name }) => `modify ${name} ${after}`).join(', ')}`,
      'alter table added add d int',
      'alter table dropped_column drop column c',
      'alter table renamed_column rename column c to d',
      'drop table gone',
      'drop table again',
      'create table again (id int primary key, c varchar(3))',
    );
  });
  const read = (table: string, names?: readonly string[]) =>
    linesOf(streams.get(table) as MysqlStream, configOf(database), { ...(names && { columns: names }) });

  test.each(columns.slice(0, cases.length))('from $before to $after is read again', async ({ name }) => {
    const [, , message] = cases[Number(name.slice(1))] as Change;
    await expect(read('changed', [name])).rejects.toMatchObject({
      code: 'stream_changed',
      isRetryable: true,
      message: expect.stringMatching(new RegExp(message.source.replace('c was', `${name} was`))),
      details: { stream: expect.stringMatching(/-changed$/) },
    });
  });

  test('in a way that does not matter is read', async () => {
    const names = columns.slice(cases.length).map(({ name }) => name);
    expect(await read('changed', ['id', ...names])).toEqual([]);
  });

  test('is not compared if it is not read', async () => {
    expect(await read('changed', ['id'])).toEqual([]);
    expect(await read('added')).toEqual([]);
  });

  test.each(['dropped_column', 'renamed_column', 'again'])('or is gone is read again (%s)', async (table) => {
    await expect(read(table)).rejects.toMatchObject({ code: 'stream_changed' });
  });

  test('with its table is unknown', async () => {
    await expect(read('gone')).rejects.toMatchObject({ code: 'stream_unknown' });
  });
});

/** Expressions over the columns of the table `base`. */
const expressions = [
  ...['1', '-1', '12345678901', '1.50', '1.5e0', `'x'`, 'null', 'true', `x'ff'`, `b'101'`, '18446744073709551615'],
  ...['t1', 't1 = i', 't1 and t1', 'i in (1, 2)', 'i is null', 'i + 1', 'iu - 1', '~i', 'i / 3', 'i div 3', 'i % 3'],
  ...['(select count(*) from base)', '(select sum(i) from base)', '(select avg(i) from base)', 'max_t1'],
  ...['(select max(t1) from base)', '(select group_concat(v) from base)', 'row_number() over (order by i)'],
  ...[`concat(v, '-', i)`, 'concat(v, b)', 'lower(v)', `lpad(v, 300, ' ')`, 'repeat(v, 100)', 'repeat(v, 10000)'],
  ...['if(t1, i, 0)', `if(t1, v, 'abcdef')`, 'coalesce(t1, 0)', 'coalesce(t1, t1)', 'case when t1 then t1 end'],
  ...['now()', 'now(6)', 'curdate()', 'curtime(3)', 'date_add(d, interval 1 day)', 'year(d)', 'unix_timestamp(dt)'],
  ...[`date_add('2020-01-01', interval 1 day)`, 'unix_timestamp(dt)', 'datediff(d, d)', 'timediff(tm, tm)'],
  ...['maketime(1, 2, 3.5)', 'sec_to_time(1.5)', 'hex(b)', `unhex('ff')`, 'length(v)', 'format(i, 2)', 'user()'],
  ...['cast(i as char)', 'cast(v as binary)', 'cast(i as unsigned)', 'cast(i as decimal(20, 5))', 'cast(v as time)'],
  ...['cast(v as datetime(3))', 'cast(v as date)', 'bt', 'bt + 0', 'y', 'y + 1', 'e', 'e + 0', 'concat(e)', 's'],
  ...['j', `json_object('a', i)`, `json_extract(j, '$.a')`, `json_unquote(j)`, `coalesce(j, '{}')`, 'g'],
  ...['st_astext(g)', 'st_x(point(1, 2))', 'point(1, 2)', 'st_aswkb(g)', 'uuid()', `inet6_aton('::1')`, 'compress(v)'],
  ...['f', 'f * 2', 'coalesce(f, 1)', 'db', 'round(db, 2)', 'round(de, 1)', 'least(i, de)', 'tx', 'substr(tx, 1, 5)'],
  ...['convert(v using latin1)', 'vl', 'v collate utf8mb4_bin', 'ts', 't1u', 'zf', 'mb', 'lt', 'dt', 'tm', 'iu', 'dz'],
];

describeServers('views', (server) => {
  test('of every kind of expression are as they were discovered', async () => {
    const row = `1, 1, 1, 7, 1, 2, 'abc', 'é', 'b', '2023-04-05', '2023-04-05 01:02:03', '2023-04-05 01:02:03', '01:02:03', 5, 2023, 'a', 'x', '{"a": 1}', point(1, 2), 1.5, 2.5, 3.25, 4.5, 'tx', 'lt', 'mb'`;
    const database = await createDatabase(sharedServer(server), [
      `create table base (t1 tinyint(1), max_t1 tinyint(1), t1u tinyint(1) unsigned, zf int(4) zerofill, i int, iu bigint unsigned,
          v varchar(20), vl varchar(20) character set latin1, b varbinary(10), d date, dt datetime(3), ts timestamp(2) null, tm time(3), bt bit(5), y year,
          e enum('a', 'bbb'), s set('x', 'yy'), j json, g geometry, f float, db double, dz double(8, 2) zerofill, de decimal(10, 2), tx text, lt longtext,
          mb mediumblob)`,
      `insert into base values (${row})`,
      `insert into base (i) values (null)`,
      ...expressions.map((expression, index) => `create view v${index} as select ${expression} as c from base`),
    ]);
    const config = configOf(database);
    const views = (await discoverAll(config)).filter(({ isView }) => isView);
    expect(views).toHaveLength(expressions.length);
    const failed: unknown[] = [];
    await using resource = connectionPool(config);
    for (const view of views) {
      const expression = expressions[Number(view.tableName.slice(1))];
      const lines = await linesOf(view, config, { resource }).catch((error: unknown) =>
        failed.push([expression, error]),
      );
      if (Array.isArray(lines) && lines.length !== 2) failed.push([expression, lines]);
    }
    expect(failed).toEqual([]);
  });
});
