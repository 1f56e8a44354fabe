import type { State } from 'c8connector';
import { beforeAll, describe, expect, test } from 'vitest';
import { createDatabase, type Login } from '../harness.ts';
import { follow } from './followed.ts';
import { edited, idsOf, refusal, run } from './losing.ts';

const streams = ['public-t'];

type Loss = readonly [reason: RegExp, lose: (login: Login, name: string) => Promise<void>];

describe('a position that is lost is refused with its reason', () => {
  const losses: readonly Loss[] = [
    [/the slot no longer exists/, (login, name) => run(login, `select pg_drop_replication_slot('${name}')`)],
    [
      /advanced past this position/,
      (login, name) => run(login, `select pg_replication_slot_advance('${name}', pg_current_wal_flush_lsn())`),
    ],
    [
      /advanced past this position.*or was recreated/,
      (login, name) =>
        run(
          login,
          `select pg_drop_replication_slot('${name}')`,
          `select pg_create_logical_replication_slot('${name}', 'pgoutput')`,
        ),
    ],
    [
      /the publication lost_\d+_\w+ was recreated/,
      (login, name) =>
        run(
          login,
          `drop publication ${name}`,
          `create publication ${name} for table t with (publish_via_partition_root = true)`,
        ),
    ],
    [/the publication lost_\d+_\w+ no longer exists/, (login, name) => run(login, `drop publication ${name}`)],
    [/no longer in the publication/, (login, name) => run(login, `alter publication ${name} drop table t`)],
    [
      /removed from the publication lost_\d+_\w+ and added again/,
      (login, name) => run(login, `alter publication ${name} drop table t`, `alter publication ${name} add table t`),
    ],
    [
      /the table is not the same as before/,
      (login) => run(login, 'alter table t rename to before', 'create table t (like before including all)'),
    ],
  ];
  const edits: readonly (readonly [reason: RegExp, edit: (text: string) => string])[] = [
    [
      /belongs to another server: its system identifier is 7/,
      (text) => text.replace(/"system":"\d+"/g, '"system":"7"'),
    ],
    [/ends before this position/, (text) => text.replace(/"lsn":\d+/g, '"lsn":99999999999999')],
    [/promoted or restored/, (text) => text.replace(/"timeline":1/g, '"timeline":5')],
    [/the state has no position/, (text) => text.replace(/"lsn":\d+/g, '"lsn":"0/1"')],
  ];

  let login: Login;
  let copied: State;
  beforeAll(async () => {
    login = await createDatabase('create table t (id int primary key, a text)');
    copied = (await follow(login, { streams, config: { replication_slot: `kept_${login.database}` } })).state;
  });

  function expectLost(refused: Awaited<ReturnType<typeof refusal>>, reason: RegExp, name: string): void {
    expect(refused.code).toBe('log_position_lost');
    expect(refused.message).toMatch(reason);
    expect(refused.details).toMatchObject({ slot: name, stream: 'public-t', phase: 'at the start of the read' });
  }

  test.each(edits)('%s', async (reason, edit) => {
    const name = `kept_${login.database}`;
    const refused = await refusal(login, edited(copied, edit), { replication_slot: name });
    expectLost(refused, reason, name);
    expect(refused.details).not.toHaveProperty('isResync');
  });

  test('or the table is copied again, if the config allows it', async () => {
    const config = { replication_slot: `gone_${login.database}`, publication: `kept_${login.database}` };
    const refused = await refusal(login, copied, { ...config, on_lost_position: 'resync' });
    expectLost(refused, /the slot no longer exists/, config.replication_slot);
    expect(refused.details).toMatchObject({ isResync: true });
  });

  test.each(losses.map(([reason, lose], index) => ({ reason, lose, index })))(
    '$reason',
    async ({ reason, lose, index }) => {
      const name = `lost_${index}_${login.database}`;
      const config = { replication_slot: name };
      const { state } = await follow(login, { streams, config });
      await run(login, `insert into t values (${index}, 'x')`);
      await lose(login, name);
      const refused = await refusal(login, state, config);
      expectLost(refused, reason, name);
      expect(refused.details).not.toHaveProperty('isResync');
    },
  );
});

describe('a change from before the key of its table changed', () => {
  const renamed = ['alter table t rename column id to number'];
  const replaced = ['alter table t drop constraint t_pkey', 'alter table t add primary key (a)'];

  test.each([
    { title: 'a renamed key, and a delete', before: 'delete from t where id = 1', changes: renamed, key: 'number' },
    { title: 'a renamed key, and an insert', before: `insert into t values (3, 'z')`, changes: renamed, key: 'number' },
    { title: 'another key, and a delete', before: 'delete from t where id = 1', changes: replaced, key: 'a' },
  ])('is refused: $title', async ({ before, changes, key }) => {
    const login = await createDatabase(
      `create table t (id int primary key, a text not null); insert into t values (1, 'x'), (2, 'y')`,
    );
    const { state } = await follow(login, { streams });
    await run(login, before, ...changes);
    const refused = await refusal(login, state);
    expect(refused.code).toBe('log_position_lost');
    expect(refused.message).toContain(`rows were identified by id, and the key is now ${key}`);
    expect(refused.details).toMatchObject({ stream: 'public-t' });
    expect(refused.details).not.toHaveProperty('isResync');
  });

  test('is copied again if the config allows it', async () => {
    const login = await createDatabase('create table t (id int primary key, a text)');
    const { state } = await follow(login, { streams });
    await run(login, `insert into t values (1, 'x')`, ...renamed);
    expect((await refusal(login, state, { on_lost_position: 'resync' })).details).toMatchObject({ isResync: true });
  });

  test('is accepted if its row contains both the former and the current key', async () => {
    const login = await createDatabase('create table t (id int primary key, a text not null)');
    const { state } = await follow(login, { streams });
    await run(
      login,
      `insert into t values (1, 'x')`,
      ...replaced,
      `insert into t values (2, 'y')`,
      'delete from t where id = 2',
    );
    expect(idsOf((await follow(login, { streams, state })).lines('public-t')).slice(0, 2)).toEqual([1, 2]);
  });
});
