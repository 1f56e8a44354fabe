import { expect, test } from 'vitest';
import { createDatabase, describeServers, execute, sharedServer } from '../harness.ts';
import { follow, linesOf } from './followed.ts';
import { idsOf, refusal } from './losing.ts';

const made = [
  'create table t (id int primary key, a varchar(20))',
  'create table u (id int primary key)',
  'create table p (id int primary key) partition by range (id) (partition one values less than (10), partition two values less than (20))',
  'create table q (id int primary key)',
  `insert into t values (1, 'x')`,
];

/** What happens to the table `t` or `p`, whose rows the log then does not show. */
const losing: readonly (readonly [reason: RegExp, statements: readonly string[]])[] = [
  [/the table was dropped/, ['drop table if exists nothing, t', 'create table t (id int primary key, a varchar(20))']],
  [/the database of the table was dropped/, ['DATABASE']],
  [/the table was renamed/, ['rename table t to t2, q to t']],
  [/the table was renamed/, ['alter table t rename to t2', 'create table t (id int primary key)']],
  [/binlog_format STATEMENT/, ['set binlog_format = statement', `insert into t values (2, 'y')`]],
  [/binlog_format STATEMENT/, ['set binlog_format = statement', 'update /* no */ t as x set x.id = 3 where x.id = 1']],
  [/binlog_format STATEMENT/, ['set binlog_format = statement', 'delete from `t` where id = 1']],
  [/binlog_format STATEMENT/, ['set binlog_format = statement', `replace t values (1, 'z')`]],
  [
    /binlog_format STATEMENT/,
    [
      'create function f() returns int deterministic modifies sql data begin delete from t; return 1; end',
      'set binlog_format = statement',
      'do f()',
    ],
  ],
  ...[
    ['create trigger r after insert on q for each row insert into t values (new.id, null)', 'insert into q values (7)'],
    ['create view v as select * from t', 'update v set a = null'],
    [
      'create function f() returns int deterministic modifies sql data begin delete from t; return 1; end',
      'insert into q select f()',
    ],
  ].map(([made, ...statements]): (typeof losing)[number] => [
    /binlog_format STATEMENT/,
    [made as string, 'set binlog_format = statement', ...statements],
  ]),
  [/a partition was emptied/, ['alter table p truncate partition one', 'insert into p values (1)']],
  [/a partition was emptied/, ['alter table p drop partition one']],
  [/exchanged/, ['alter table p exchange partition one with table q']],
  [/lacks columns/, ['set binlog_row_image = minimal', `update t set a = 'changed'`]],
];

/** The others differ only in their text, which the tests of `statementOf` have too. */
const chosen = process.env.C8_SOAK
  ? losing
  : losing.filter(([, statements]) =>
      /drop table|insert into `?t|alter table p trunc|minimal|do f/.test(statements.join()),
    );

describeServers('what the log does not show', (server) => {
  test.concurrent.each(chosen.map(([reason, statements]) => ({ reason, statements })))(
    'is refused for its table, and the others are read further: $statements',
    async ({ reason, statements }) => {
      const login = await createDatabase(sharedServer(server), made);
      const tables = ['t', 'p', 'u'];
      const { state, catalog } = await follow(login, { tables });
      const { database } = login;
      const made2 = [`drop database ${database}`, `create database ${database}`, `use ${database}`, ...made];
      const rows: string[] = [];
      await execute(
        login,
        'insert into u values (1)',
        ...statements.flatMap((sql) => (sql === 'DATABASE' ? made2 : [sql])),
      );
      await execute(login, 'insert into u values (2)');
      const refused = await refusal(login, {
        ...{ tables, state, catalog },
        onMessage: (message) => void rows.push(...linesOf([message], `${database}-u`)),
      });
      expect(refused).toMatchObject({ code: 'log_position_lost', message: expect.stringMatching(reason) });
      const isAll = /DATABASE|= statement/.test(statements.join());
      const lost = /partition|exchanged/.test(reason.source) ? 'p' : 't';
      if (!isAll) expect(refused.details.stream).toBe(`${database}-${lost}`);
      expect(refused.details).not.toHaveProperty('isResync');
      expect(idsOf(rows)).toEqual(isAll ? [] : [1, 2]);
    },
  );

  test.concurrent('is copied again if the config allows it', async () => {
    const login = await createDatabase(sharedServer(server), made);
    const { state } = await follow(login, { tables: ['t'] });
    await execute(login, 'set binlog_format = statement', 'delete from t');
    const refused = await refusal(login, { state, config: { on_lost_position: 'resync' } });
    expect(refused.details).toMatchObject({ isResync: true });
  });

  test.concurrent('is not taken for what it is not', async () => {
    const login = await createDatabase(sharedServer(server), [...made, 'create table t3 (id int)']);
    const other = await createDatabase(sharedServer(server), ['create table t (id int)']);
    const { state } = await follow(login, { tables: ['t'] });
    await execute(
      login,
      ...['create temporary table t (id int)', 'insert into t values (7)', 'drop temporary table t'],
      ...['drop table t3', 'create table if not exists t (id int)', 'analyze table t', `truncate ${other.database}.t`],
      ...[
        'alter table t add column b int, add index (b), comment "drop partition one, truncate t"',
        'create index i on t (a)',
      ],
      ...['alter table t rename column b to c', 'alter table t rename index i to j', 'drop index j on t'],
      ...['set binlog_format = statement', `insert into ${other.database}.t select id from ${login.database}.t`],
      ...['set binlog_format = row', `insert into t (id, a) values (2, 'drop table t')`, 'delete from t where id = 1'],
    );
    expect(idsOf((await follow(login, { tables: ['t'], state })).lines('t'))).toEqual([2, -1]);
  });

  test.concurrent('is refused if a foreign key changed rows, although the key is gone again, unless the server logs them', async () => {
    const login = await createDatabase(sharedServer(server), [
      'create table parent (id int primary key)',
      'create table child (id int primary key)',
      'insert into parent values (1)',
      'insert into child values (1)',
    ]);
    const { state } = await follow(login, { tables: ['child'] });
    await execute(
      login,
      'alter table child add constraint f foreign key (id) references parent (id) on delete cascade',
      'delete from parent',
      'alter table child drop foreign key f',
    );
    const request = { tables: ['child'], state };
    if (server === 'MySQL') expect(idsOf((await follow(login, request)).lines('child'))).toEqual([-1]);
    else expect(await refusal(login, request)).toMatchObject({ code: 'log_position_lost' });
  });

  test.concurrent('is a truncation, in whatever way it is written', async () => {
    const login = await createDatabase(sharedServer(server), made);
    const { state } = await follow(login, { tables: ['t', 'u'] });
    const { database } = login;
    await execute(login, 'insert into u values (1)', 'truncate/**/u', `set sql_mode = 'ANSI_QUOTES'`);
    await execute(
      login,
      `set sql_mode = 'ANSI_QUOTES'`,
      `TRUNCATE TABLE "${database}" . "t"`,
      `insert into t values (5, 'e')`,
    );
    const { messages, lines } = await follow(login, { tables: ['t', 'u'], state });
    const truncated = messages.flatMap((message) => (message.type === 'ACTIVATE_VERSION' ? [message.stream] : []));
    expect(truncated).toEqual([`${database}-u`, `${database}-t`]);
    expect([idsOf(lines('u')), idsOf(lines('t'))]).toEqual([[1], [5]]);
  });
});
