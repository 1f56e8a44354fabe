import { type MySqlServer, missingMySql } from 'test-services';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDatabase, describeServers, execute, type Login, sharedServer } from '../harness.ts';
import { beginWhileChanging } from './begun.ts';
import { refusal } from './losing.ts';
import { loginOf, ownServer } from './own-server.ts';

const limit = 600_000;
const made = 'create table t (id int primary key)';

describeServers('the beginning of a log', (server) => {
  test(
    'loses nothing while others commit, again and again',
    async () => await beginWhileChanging(sharedServer(server), 30),
    limit,
  );
});

describe.skipIf(missingMySql() !== undefined)('MySQL without GTIDs', () => {
  let own: MySqlServer;
  let server: Login;
  beforeAll(async () => {
    own = await ownServer('MySQL', { gtid_mode: 'OFF', enforce_gtid_consistency: 'OFF' });
    server = loginOf(own);
  }, limit);
  afterAll(() => own.stop());

  test('loses nothing while others commit either', async () => await beginWhileChanging(server, 10), limit);

  test.each([
    ['binlog_format', 'STATEMENT', 'ROW'],
    ['binlog_row_image', 'MINIMAL', 'FULL'],
    ['binlog_row_image', 'NOBLOB', 'FULL'],
  ])('is refused with %s = %s', async (name, value, right) => {
    const login = await createDatabase(server, [made]);
    await execute(server, `set global ${name} = '${value}'`);
    const refused = await refusal(login, {});
    await execute(server, `set global ${name} = '${right}'`);
    expect(refused).toMatchObject({
      code: 'method_unsupported',
      remedy: expect.stringContaining(`${name} = ${right}`),
    });
  });
});
