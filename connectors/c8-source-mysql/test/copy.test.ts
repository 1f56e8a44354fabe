import { expect, test } from 'vitest';
import {
  configOf,
  createDatabase,
  describeServers,
  discoverAll,
  readLines,
  rowsOfBoth,
  sharedServer,
} from './harness.ts';

describeServers('a copy', (server) => {
  test('has each row once, as lines and as typed arrays', async () => {
    const login = await createDatabase(sharedServer(server), [
      'create table cities (id int primary key, name varchar(20), population bigint unsigned)',
      `insert into cities values (1, 'Ad "d"', 18446744073709551615), (2, '', null), (3, null, 0)`,
    ]);
    const config = configOf(login);
    expect(await readLines(config, 'cities')).toEqual([
      '{"id":1,"name":"Ad \\"d\\"","population":18446744073709551615}',
      '{"id":2,"name":"","population":null}',
      '{"id":3,"name":null,"population":0}',
    ]);
    const [stream] = await discoverAll(config);
    if (stream === undefined) throw new Error('no stream');
    const { fromLines, fromColumns } = await rowsOfBoth(stream, config);
    expect(fromColumns).toEqual(fromLines);
    expect(fromLines).toHaveLength(3);
  });
});
