import type { State } from 'c8connector';
import type { MySqlServer } from 'test-services';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { connectTo, createDatabase, describeServers, execute, type Login, type ServerName } from '../harness.ts';
import { follow } from './followed.ts';
import { idsOf, refusal } from './losing.ts';
import { loginOf, ownServer } from './own-server.ts';

const limit = 180_000;
const tables = ['t'];

/** Makes a server a replica of another one, by GTIDs. */
async function replicate(server: ServerName, replica: MySqlServer, source: MySqlServer): Promise<void> {
  const [start, change] =
    server === 'MariaDB'
      ? [
          'start slave',
          `change master to master_host = '127.0.0.1', master_port = ${source.port}, master_user = 'root', master_password = '${source.password}', master_use_gtid = slave_pos`,
        ]
      : [
          'start replica',
          `change replication source to source_host = '127.0.0.1', source_port = ${source.port}, source_user = 'root', source_password = '${source.password}', source_auto_position = 1, get_source_public_key = 1`,
        ];
  await execute(loginOf(replica), change, start);
}

async function countOf(login: Login): Promise<number> {
  await using client = await connectTo(login);
  const rows = (await client.query('select count(*) as n from t').catch(() => [{ n: -1 }])) as { n: number }[];
  return rows[0]?.n ?? -1;
}

describeServers('a replica', (server) => {
  test(
    'can be read in place of its source, from where the source was read, also in the middle of a transaction',
    async () => {
      const source = await ownServer(server);
      const replica = await ownServer(server, { server_id: '2' });
      try {
        await replicate(server, replica, source);
        const login = await createDatabase(loginOf(source), ['create table t (id int primary key, a varchar(300))']);
        const { state: copied } = await follow(login, { tables });
        await execute(login, `insert into t values (1, 'x')`);
        const first = await follow(login, { tables, state: copied });
        expect(idsOf(first.lines('t'))).toEqual([1]);
        const ids = Array.from({ length: 6000 }, (_, index) => index + 10);
        await execute(login, `insert into t values ${ids.map((id) => `(${id}, repeat('x', 300))`).join()}`);
        let inside: State | undefined;
        await follow(login, {
          tables,
          state: first.state,
          statePerPage: true,
          onMessage(message) {
            if (message.type === 'STATE' && JSON.stringify(message.value).includes('"change"'))
              inside ??= message.value;
          },
        });
        const elsewhere = { ...loginOf(replica), database: login.database };
        await vi.waitFor(async () => expect(await countOf(elsewhere)).toBe(6001), { timeout: 60_000, interval: 200 });
        await source.kill();
        await execute(elsewhere, server === 'MariaDB' ? 'stop slave' : 'stop replica', `insert into t values (2, 'y')`);
        const whole = await follow(elsewhere, { tables, state: first.state });
        expect(idsOf(whole.lines('t'))).toEqual([...ids, 2]);
        const again = await follow(elsewhere, { tables, state: inside as State });
        // The transaction is at another place there, so it is read again from its beginning.
        expect(idsOf(again.lines('t'))).toEqual([...ids, 2]);
        await execute(elsewhere, `insert into t values (3, 'z')`);
        expect(idsOf((await follow(elsewhere, { tables, state: whole.state })).lines('t'))).toEqual([3]);
      } finally {
        await Promise.all([source.stop(), replica.stop()]);
      }
    },
    limit,
  );

  test(
    'that lacks what was read is refused',
    async () => {
      const source = await ownServer(server);
      const replica = await ownServer(server, { server_id: '2' });
      try {
        await replicate(server, replica, source);
        const login = await createDatabase(loginOf(source), ['create table t (id int primary key)']);
        const elsewhere = { ...loginOf(replica), database: login.database };
        await vi.waitFor(async () => expect(await countOf(elsewhere)).toBe(0), { timeout: 60_000, interval: 200 });
        const { state: copied } = await follow(login, { tables });
        await execute(elsewhere, server === 'MariaDB' ? 'stop slave' : 'stop replica');
        await execute(login, 'insert into t values (1)', 'insert into t values (2)');
        const { state } = await follow(login, { tables, state: copied });
        await source.kill();
        await execute(elsewhere, 'insert into t values (8)', 'insert into t values (9)', 'insert into t values (10)');
        expect(await refusal(elsewhere, { state })).toMatchObject({ code: 'log_position_lost' });
      } finally {
        await Promise.all([source.stop(), replica.stop()]);
      }
    },
    limit,
  );
});

describeServers('a server', (server) => {
  let own: MySqlServer;
  let login: Login;
  let state: State;
  const isMaria = server === 'MariaDB';

  beforeAll(async () => {
    own = await ownServer(server);
  }, limit);
  afterAll(() => own.stop());

  async function begin(): Promise<void> {
    login = await createDatabase(loginOf(own), ['create table t (id int primary key)']);
    ({ state } = await follow(login, { tables }));
  }

  test(
    'is refused in place of another one that has other transactions',
    async () => {
      await begin();
      const other = await ownServer(server, { server_id: '2' });
      try {
        const elsewhere = { ...loginOf(other), database: login.database };
        await execute(
          loginOf(other),
          `create database ${login.database}`,
          `create table ${login.database}.t (id int primary key)`,
        );
        const refused = await refusal(elsewhere, { state });
        expect(refused).toMatchObject({ code: 'log_position_lost' });
        expect(refused.message).toMatch(isMaria ? /does not contain|not in the master's binlog/ : /lacks transactions/);
      } finally {
        await other.stop();
      }
    },
    limit,
  );

  test(
    'is read further after a restart or a crash',
    async () => {
      await begin();
      await execute(login, 'insert into t values (1)');
      await own.restart();
      await execute(login, 'insert into t values (2)');
      await own.kill();
      await own.restart();
      await execute(login, 'insert into t values (3)');
      expect(idsOf((await follow(login, { tables, state })).lines('t'))).toEqual([1, 2, 3]);
    },
    limit,
  );
});
