// Takes about 15 s.
import { parseState, type State, stringifyValue } from 'c8connector';
import { expect, test } from 'vitest';
import { createDatabase, describeServers, execute, type Login, type ServerName, sharedServer } from '../harness.ts';
import { follow } from './followed.ts';
import { idsOf } from './losing.ts';

const tables = ['t', 'u'];
const rows = 20_000;
const made = ['create table t (id int primary key, a text)', 'create table u (id int primary key)'];

function numbers(server: ServerName, count: number): readonly [setting: string, query: string] {
  const setting = server === 'MariaDB' ? 'max_recursive_iterations' : 'cte_max_recursion_depth';
  const query = `with recursive n (id) as (select 1 union all select id + 1 from n where id < ${count}) select id, repeat('x', 300) from n`;
  return [`set ${setting} = ${count + 1}`, query];
}

/** One transaction that changes both tables. */
async function change(login: Login, server: ServerName, isXa = false): Promise<void> {
  const [setting, query] = numbers(server, rows);
  const [begin, end] = isXa
    ? [[`xa start '${login.database}'`], ['end', 'prepare', 'commit'].map((step) => `xa ${step} '${login.database}'`)]
    : [['begin'], ['commit']];
  await execute(
    login,
    setting,
    ...begin,
    'insert into u values (1)',
    `insert into t ${query}`,
    'insert into u values (2)',
    ...end,
  );
}

describeServers('a large transaction', (server) => {
  test.each([false, true])('is resumed in its middle, and each change comes once (XA: %s)', async (isXa) => {
    const login = await createDatabase(sharedServer(server), made);
    const { state: before } = await follow(login, { tables });
    await change(login, server, isXa);
    const states: { readonly state: State; readonly ids: number }[] = [];
    let ids = 0;
    const whole = await follow(login, {
      tables,
      state: before,
      statePerPage: true,
      onMessage(message) {
        if (message.type === 'RECORDS' && message.stream.endsWith('-t')) ids += message.count;
        if (message.type === 'STATE') states.push({ state: message.value, ids });
      },
    });
    const all = Array.from({ length: rows }, (_, index) => index + 1);
    expect(idsOf(whole.lines('t'))).toEqual(all);
    expect(idsOf(whole.lines('u'))).toEqual([1, 2]);
    const inside = states.filter(({ state }) => stringifyValue(state).includes('"change":'));
    expect(inside.length).toBeGreaterThan(3);
    const { state, ids: given } = inside[Math.floor(inside.length / 2)] as (typeof inside)[number];
    const rest = await follow(login, { tables, state: parseState(stringifyValue(state), 'state') });
    expect(idsOf(rest.lines('t'))).toEqual(all.slice(given));
    expect(idsOf(rest.lines('u'))).toEqual([2]);
  });
});
