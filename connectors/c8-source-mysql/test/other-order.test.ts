import { expect, test } from 'vitest';
import { createDatabase, describeServers, execute, sharedServer } from './harness.ts';
import { runFull, runIncrement } from './runs.ts';

describeServers('rows that are sorted otherwise than when their read was interrupted', (server) => {
  const made = (key: string, values: readonly string[]) => [
    `create table t (id ${key} primary key, filler longtext)`,
    ...values.map((value) => `insert into t values ('${value}', repeat('x', 1100000))`),
  ];

  test.each([
    ['another type', 'int', ['20', '30', '100'], 'varchar(20)'],
    ['another collation', 'varchar(20) collate utf8mb4_general_ci', ['a', 'b', 'C'], 'varchar(20) collate utf8mb4_bin'],
  ])('are not skipped: %s', async (_, type, values, other) => {
    const login = await createDatabase(sharedServer(server), made(type, values));
    const copied = await runFull(login, 't');
    const read = await runIncrement(login, 't', 'id');
    const [first, second] = [copied, read].map(
      ({ states }) => states.find(({ rowsBefore }) => rowsBefore === 2)?.state,
    );
    await execute(login, `alter table t modify id ${other}`);
    await expect(runFull(login, 't', { state: first })).rejects.toMatchObject({ code: 'copy_lost' });
    const rest = await runIncrement(login, 't', 'id', { state: second });
    const ids = [...read.rows.slice(0, 2), ...rest.rows].map(({ id }) => String(id));
    expect(new Set(ids)).toEqual(new Set(values));
  });

  test('are read on if only the size of the key changed', async () => {
    const login = await createDatabase(sharedServer(server), made('int', ['20', '30', '100']));
    const { states } = await runFull(login, 't');
    const state = states.find(({ rowsBefore }) => rowsBefore === 2)?.state;
    await execute(login, 'alter table t modify id bigint unsigned');
    expect((await runFull(login, 't', { state })).rows).toHaveLength(1);
  });
});
