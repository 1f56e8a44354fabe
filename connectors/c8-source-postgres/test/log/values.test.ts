import { beforeAll, describe, expect, test } from 'vitest';
import { extremeTypesSql } from '../extreme-types.ts';
import { configOf, connectTo, createDatabase, type Login, readLines } from '../harness.ts';
import { allTypesRows, allTypesSql } from './all-types.ts';
import { follow } from './followed.ts';

/** A line of the log without its metadata columns. */
const ownPart = (line: string): string => line.replace(/,"_sdc_deleted_at":null,"_sdc_lsn":\d+\}$/, '}');

describe('each value in the log equals that of a copy, byte by byte', () => {
  let database: Login;
  beforeAll(async () => {
    database = await createDatabase(`${extremeTypesSql} ${allTypesSql}`);
    await using client = await connectTo(database);
    // Settings of a role and a database change how values are written: neither path may depend on them.
    await client.query(`alter database ${database.database} set datestyle = 'German'; alter database ${database.database} set intervalstyle = 'sql_standard';
      alter database ${database.database} set bytea_output = 'escape'; alter database ${database.database} set timezone = 'Asia/Kathmandu';
      alter database ${database.database} set extra_float_digits = 0`);
  });

  test.each(['number', 'text'] as const)('with decimals as %s', async (exact) => {
    await using client = await connectTo(database);
    await client.query('set synchronous_commit = on; truncate all_types');
    const streams = ['public-all_types'];
    const { state } = await follow(database, { streams, exact });
    await client.query(allTypesRows);
    const changes = await follow(database, { streams, state, exact });
    const copied = await readLines(configOf(database), 'public-all_types', { exact });
    expect(changes.lines('public-all_types').map(ownPart)).toEqual(copied);
    expect(copied).toHaveLength(5);
  });

  test('at the extremes of each type', async () => {
    await using client = await connectTo(database);
    const { rows } = await client.query(
      `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' and relname <> 'all_types'`,
    );
    for (const { name } of rows)
      await client.query(`create table log_${name} (like ${name}); alter table log_${name} replica identity full`);
    const streams = rows.map(({ name }) => `public-log_${name}`);
    const { state } = await follow(database, { streams });
    await client.query('set synchronous_commit = on');
    for (const { name } of rows) await client.query(`insert into log_${name} select * from ${name}`);
    const changes = await follow(database, { streams, state });
    for (const { name } of rows) {
      const copied = await readLines(configOf(database), `public-${name}`);
      expect(changes.lines(`public-log_${name}`).map(ownPart)).toEqual(copied);
      expect(copied.length).toBeGreaterThan(0);
    }
  });
});
