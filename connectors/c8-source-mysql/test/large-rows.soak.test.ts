// Takes about 90 s.
import { type MySqlServer, startMariaDb, startMySql } from 'test-services';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { configOf, createDatabase, describeServers, type Login, readLines } from './harness.ts';

describeServers('rows of hundreds of megabytes', (name) => {
  let server: MySqlServer;
  let database: Login;

  beforeAll(async () => {
    const options = { settings: { max_allowed_packet: '1G' } };
    server = await (name === 'MariaDB' ? startMariaDb(options) : startMySql(options));
    database = await createDatabase(server, [
      `create view large as select repeat('x', 100000000) as text`,
      `create view too_large as select repeat('x', 600000000) as text`,
    ]);
  }, 150_000);

  afterAll(() => server.stop());

  test('are read up to the limit', async () => {
    const [line] = await readLines(configOf(database), 'large');
    expect(line).toHaveLength(100_000_011);
  }, 150_000);

  test('are refused beyond it, with the stream and what to do', async () => {
    await expect(readLines(configOf(database), 'too_large')).rejects.toMatchObject({
      name: 'DataError',
      code: 'value_refused',
      details: { stream: `${database.database}-too_large` },
      remedy: expect.stringContaining('Deselect'),
    });
  }, 150_000);
});
