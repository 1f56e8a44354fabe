import {
  createStop,
  defineTarget,
  openMemoryStateStore,
  type Row,
  type RunEvent,
  run as runConnection,
  silentLog,
} from 'c8connector';
import { startCuttingProxy } from 'test-services';
import { expect, test } from 'vitest';
import { MysqlSource } from '../../c8_source_mysql/index.ts';
import { createDatabase, describeServers, execute, type Login, rawConfigOf, sharedServer } from '../harness.ts';

/** Runs of one connection that follows the tables of a database, into a target that keeps all messages. */
function connectionOf(login: Login) {
  const store = openMemoryStateStore();
  const written: string[] = [];
  const target = new (defineTarget({
    package: { name: 'c8-target-noting', version: '1.0.0' },
    name: 'Noting',
    description: 'Keeps what it is given.',
    config: {},
    accepts: () => ({ flush: { rows: 1 } }),
    async *write(input) {
      for await (const message of input) {
        if (message.type === 'RECORDS') written.push(...message.rows().map((row) => shown(message.stream, row)));
        if (message.type === 'ACTIVATE_VERSION') written.push(`${tableOf(message.stream)} is whole`);
        if (message.type === 'FLUSH') yield message.state;
      }
    },
  }))();
  return {
    store,
    /** Runs once, and returns what was written. */
    async go(
      config: Readonly<Record<string, unknown>> = {},
      concurrency = 1,
    ): Promise<{ written: string[]; events: RunEvent[] }> {
      written.length = 0;
      const source = new MysqlSource();
      const sourceConfig = rawConfigOf(login, { replication_method: 'LOG_BASED', ...config });
      const { streams } = await source.discover(sourceConfig);
      const chosen = { breadcrumb: [], metadata: { selected: true } };
      const events: RunEvent[] = [];
      await runConnection({
        ...{ source, sourceConfig, target, targetConfig: {}, store, log: silentLog },
        catalog: { streams: streams.map((entry) => ({ ...entry, metadata: [...entry.metadata, chosen] })) },
        stop: createStop(),
        concurrency,
        onEvent: (event) => events.push(event),
      });
      return { written: [...written], events };
    },
  };
}

function tableOf(stream: string): string {
  return stream.slice(stream.indexOf('-') + 1);
}

function shown(stream: string, { id, _sdc_deleted_at: at }: Row): string {
  return `${tableOf(stream)} ${String(id)}${at === null ? '' : ' deleted'}`;
}

describeServers('a connection', (server) => {
  const database = (...statements: readonly string[]) => createDatabase(sharedServer(server), statements);

  test('copies its tables once, and each run reads what changed since', async () => {
    const login = await database(
      ...['create table a (id int primary key)', 'create table b (id int primary key)', 'insert into a values (1)'],
    );
    const { go } = connectionOf(login);
    expect((await go()).written).toEqual(['a 1', 'a is whole', 'b is whole']);
    await execute(login, 'insert into b values (7)', 'delete from a');
    expect((await go()).written.toSorted()).toEqual(['a 1 deleted', 'b 7']);
    expect((await go()).written).toEqual([]);
  });

  test('begins with several tables at the same time', async () => {
    const tables = ['a', 'b', 'c', 'd'];
    const login = await database(
      ...tables.flatMap((table) => [`create table ${table} (id int primary key)`, `insert into ${table} values (1)`]),
    );
    const { go } = connectionOf(login);
    const { written, events } = await go({}, tables.length);
    expect(events.filter(({ type }) => type === 'failed' || type === 'retry')).toEqual([]);
    expect(written.filter((line) => line.endsWith('is whole'))).toHaveLength(tables.length);
    await execute(login, ...tables.map((table) => `insert into ${table} values (2)`));
    expect((await go()).written.toSorted()).toEqual(tables.map((table) => `${table} 2`));
  });

  test('takes no changes from another connection', async () => {
    const login = await database('create table a (id int primary key)');
    const [one, other] = [connectionOf(login), connectionOf(login)];
    await one.go();
    await other.go();
    await execute(login, 'insert into a values (1)');
    for (let count = 0; count < 2; count += 1) await one.go();
    expect((await other.go()).written).toEqual(['a 1']);
  });

  test('reads its other tables further when the log does not show one, or copies that one again', async () => {
    const login = await database('create table a (id int primary key)', 'create table b (id int primary key)');
    const { go } = connectionOf(login);
    await go();
    await execute(login, 'insert into b values (1)', 'insert into a values (1)', 'rename table a to c, c to a');
    await execute(login, 'insert into b values (2)');
    const { events, written } = await go();
    expect(written).toEqual(['b 1', 'b 2']);
    expect(events.flatMap((event) => (event.type === 'failed' ? [event.error.code] : []))).toEqual([
      'log_position_lost',
    ]);
    expect((await go({ on_lost_position: 'resync' })).written).toEqual(['a 1', 'a is whole']);
    await execute(login, 'insert into a values (3)', 'insert into b values (3)');
    expect((await go()).written.toSorted()).toEqual(['a 3', 'b 3']);
  });

  test('resumes a log whose connection breaks, and each change comes once', async () => {
    const login = await database('create table a (id int primary key, filler text)');
    const { go } = connectionOf(login);
    await go();
    const ids = Array.from({ length: 3000 }, (_, index) => index + 1);
    await execute(login, `insert into a values ${ids.map((id) => `(${id}, repeat('x', 1000))`).join()}`);
    await using proxy = await startCuttingProxy(login, { afterBytes: 1_200_001, times: 1 });
    const { written, events } = await go({ host: '127.0.0.1', port: proxy.port });
    expect([proxy.cuts(), events.filter(({ type }) => type === 'retry')]).toEqual([1, [expect.anything()]]);
    expect(written).toEqual(ids.map((id) => `a ${id}`));
  });
});
