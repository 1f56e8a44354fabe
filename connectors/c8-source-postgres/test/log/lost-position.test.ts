import { describe, expect, test } from 'vitest';
import { createDatabase, type Login } from '../harness.ts';
import { follow } from './followed.ts';
import { edited, refusal, run } from './losing.ts';

const streams = ['public-t'];
const made = 'create table t (id int primary key, a text)';

type Loss = readonly [reason: RegExp, lose: (login: Login) => Promise<void>, edit?: (text: string) => string];

describe('a position that is lost is refused with its reason', () => {
  const losses: readonly Loss[] = [
    [/the slot does not exist/, (login) => run(login, `select pg_drop_replication_slot('c8_${login.database}')`)],
    [
      /moved beyond it/,
      (login) => run(login, `select pg_replication_slot_advance('c8_${login.database}', pg_current_wal_flush_lsn())`),
    ],
    [
      /moved beyond it.*or was made anew/,
      (login) =>
        run(
          login,
          `select pg_drop_replication_slot('c8_${login.database}')`,
          `select pg_create_logical_replication_slot('c8_${login.database}', 'pgoutput')`,
        ),
    ],
    [
      /the publication c8_\w+ was made anew/,
      (login) =>
        run(
          login,
          `drop publication c8_${login.database}`,
          `create publication c8_${login.database} for table t with (publish_via_partition_root = true)`,
        ),
    ],
    [/the publication c8_\w+ does not exist any more/, (login) => run(login, `drop publication c8_${login.database}`)],
    [/not in the publication/, (login) => run(login, `alter publication c8_${login.database} drop table t`)],
    [
      /of another server, with the system identifier 7/,
      async () => undefined,
      (text) => text.replace(/"system":"\d+"/g, '"system":"7"'),
    ],
    [/ends before it/, async () => undefined, (text) => text.replace(/"lsn":\d+/g, '"lsn":99999999999999')],
    [/promoted or restored/, async () => undefined, (text) => text.replace(/"timeline":1/g, '"timeline":5')],
    [/does not say where/, async () => undefined, (text) => text.replace(/"lsn":\d+/g, '"lsn":"0/1"')],
  ];

  test.each(losses.map(([reason, lose, edit]) => ({ reason, lose, edit })))(
    '$reason',
    async ({ reason, lose, edit }) => {
      const login = await createDatabase(made);
      const copied = await follow(login, { streams });
      const { state } = await follow(login, { streams, state: copied.state });
      await run(login, `insert into t values (1, 'x')`);
      await lose(login);
      const state2 = edited(state, edit ?? ((text) => text));
      const refused = await refusal(login, state2);
      expect(refused.code).toBe('log_position_lost');
      expect(refused.message).toMatch(reason);
      expect(refused.details).toMatchObject({
        slot: `c8_${login.database}`,
        stream: 'public-t',
        phase: 'begin of the read',
      });
      expect(refused.details).not.toHaveProperty('isResync');
      const chosen = await refusal(login, state2, { on_lost_position: 'resync' });
      expect(chosen.details).toMatchObject({ isResync: true });
    },
  );
});
