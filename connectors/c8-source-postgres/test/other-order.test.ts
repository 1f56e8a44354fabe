import { expect, test } from 'vitest';
import { connectTo, createDatabase } from './harness.ts';
import { runFull, runIncrement } from './runs.ts';

const made = (key: string, values: readonly string[]): string =>
  [
    `create table t (id ${key} primary key, filler text)`,
    ...values.map((value) => `insert into t values ('${value}', repeat('x', 1100000))`),
  ].join(';');

test.each([
  ['another type', 'int', ['20', '30', '100'], 'text'],
  ['another collation', 'text collate "en-x-icu"', ['a', 'b', 'C'], 'text collate "C"'],
])(
  'rows that are sorted otherwise than when their read was interrupted are not skipped: %s',
  async (_, type, values, other) => {
    const login = await createDatabase(made(type, values));
    const copied = await runFull(login, 't');
    const read = await runIncrement(login, 't', 'id');
    const [first, second] = [copied, read].map(
      ({ states }) => states.find(({ rowsBefore }) => rowsBefore === 2)?.state,
    );
    await using client = await connectTo(login);
    await client.query(`alter table t alter column id type ${other}`);
    await expect(runFull(login, 't', { state: first })).rejects.toMatchObject({ code: 'copy_lost' });
    const rest = await runIncrement(login, 't', 'id', { state: second });
    const ids = [...read.rows.slice(0, 2), ...rest.rows].map(({ id }) => String(id));
    expect(new Set(ids)).toEqual(new Set(values));
  },
);

test('rows are read on if only the size of their key changed', async () => {
  const login = await createDatabase(made('int', ['20', '30', '100']));
  const { states } = await runFull(login, 't');
  const state = states.find(({ rowsBefore }) => rowsBefore === 2)?.state;
  await using client = await connectTo(login);
  await client.query('alter table t alter column id type bigint');
  expect((await runFull(login, 't', { state })).rows).toHaveLength(1);
});
