import { createConnection } from 'mysql2/promise';
import { expect, test } from 'vitest';
import { createDatabase, describeServers, sharedServer } from '../harness.ts';
import { eventsOf } from './logged-rows.ts';
import { packetsOf } from './own-log.ts';

describeServers('the text of a statement', (server) => {
  test.each([
    ['utf8mb4_general_ci', '名é'],
    ['latin1_swedish_ci', 'é'],
    ['cp1251_general_ci', 'Привет'],
    ['gbk_chinese_ci', '中文'],
  ])('is in the character set of its client: %s', async (charset, name) => {
    const login = await createDatabase(sharedServer(server));
    const texts = [`create table \`${name}\` (a int)`, `truncate \`${name}\``];
    const packets = await packetsOf(server, login, async () => {
      const client = await createConnection({ ...login, charset });
      await client.query(`set sql_mode = 'ANSI_QUOTES'`);
      for (const text of texts) await client.query(text);
      await client.end();
    });
    const queries = [...eventsOf(server, packets)].flatMap((event) => (event.kind === 'query' ? [event] : []));
    const own = queries.filter(({ database }) => database === login.database);
    expect(own.map(({ text }) => text)).toEqual(texts);
    expect(own.map(({ sqlMode }) => sqlMode)).toEqual([4, 4]);
  });
});
