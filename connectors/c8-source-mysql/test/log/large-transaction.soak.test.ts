import { setTimeout as sleep } from 'node:timers/promises';
import type { State } from 'c8connector';
import { expect, test } from 'vitest';
import { createDatabase, describeServers, execute, sharedServer } from '../harness.ts';
import { follow } from './followed.ts';

const tables = ['t'];
const rows = 200_000;
const limit = 600_000;

describeServers('a transaction of 200,000 rows', (server) => {
  test(
    'is read in flat memory by a reader that stalls for longer than the server waits by default, and resumed again and again',
    async () => {
      const login = await createDatabase(sharedServer(server), ['create table t (id int primary key, a text)']);
      let { state } = await follow(login, { tables });
      const setting = server === 'MariaDB' ? 'max_recursive_iterations' : 'cte_max_recursion_depth';
      await execute(
        login,
        `set ${setting} = ${rows + 1}`,
        `insert into t with recursive n (id) as (select 1 union all select id + 1 from n where id < ${rows}) select id, repeat('x', 300) from n`,
      );
      const ids: number[] = [];
      let peak = 0;
      let isStalled = false;
      for (let isOver = false; !isOver; ) {
        const stop = new AbortController();
        let pages = 0;
        let held: number[] = [];
        await follow(login, {
          ...{ tables, state, statePerPage: true, signal: stop.signal },
          async onMessage(message) {
            peak = Math.max(peak, process.memoryUsage().arrayBuffers);
            if (message.type === 'STATE') {
              ids.push(...held);
              held = [];
              state = message.value as State;
            }
            if (message.type !== 'RECORDS') return;
            held.push(...message.rows().map(({ id }) => Number(id)));
            if (!isStalled) await sleep(90_000);
            isStalled = true;
            pages += 1;
            if (pages === 20) stop.abort();
          },
        });
        isOver = pages < 20;
      }
      expect(ids).toHaveLength(rows);
      expect(ids.every((id, index) => id === index + 1)).toBe(true);
      expect(peak).toBeLessThan(150 * 1024 * 1024);
    },
    limit,
  );
});
