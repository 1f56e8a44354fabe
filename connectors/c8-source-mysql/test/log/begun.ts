import { receivedRows } from 'c8connector-sql/testing';
import { expect } from 'vitest';
import { createDatabase, type Login } from '../harness.ts';
import { changeTable, randomFrom } from './changing-table.ts';
import { follow } from './followed.ts';

/** Begins to follow a table again and again while it is changed all the time: rows of the copy and of the log together must be those of the table. */
export async function beginWhileChanging(server: Login, times: number): Promise<void> {
  for (let seed = 1; seed <= times; seed++) {
    const login = await createDatabase(server, ['create table t (id int primary key, a text)']);
    await using table = await changeTable(login, randomFrom(seed));
    await using other = await changeTable(login, randomFrom(seed + 1000), 1_000_000);
    const copied = await follow(login, { tables: ['t'] });
    await other.finish();
    const rows = await table.finish();
    const { state, lines } = await follow(login, { tables: ['t'], state: copied.state });
    const received = receivedRows();
    received.receive({ lines: [...copied.lines('t'), ...lines('t')] });
    received.receive({ state });
    expect(received.rows()).toEqual(rows);
  }
}
