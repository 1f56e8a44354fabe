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
import { PostgresSource } from '../../c8_source_postgres/index.ts';
import { connectTo, createDatabase, type Login, rawConfigOf } from '../harness.ts';
import { run } from './losing.ts';

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
        if (message.type === 'ACTIVATE_VERSION') written.push(`${message.stream} is whole`);
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
      const source = new PostgresSource();
      const sourceConfig = rawConfigOf(login, { ssl_mode: 'disable', replication_method: 'LOG_BASED', ...config });
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

function shown(stream: string, { id, _sdc_deleted_at: at }: Row): string {
  return `${stream} ${String(id)}${at === null ? '' : ' deleted'}`;
}

test('a connection copies its tables once, and each run reads what changed since', async () => {
  const login = await createDatabase(
    'create table a (id int primary key); create table b (id int primary key); insert into a values (1)',
  );
  const { go, store } = connectionOf(login);
  expect((await go()).written).toEqual(['public-a 1', 'public-a is whole', 'public-b is whole']);
  await run(login, 'insert into b values (7)', 'delete from a');
  expect((await go()).written.toSorted()).toEqual(['public-a 1 deleted', 'public-b 7']);
  expect((await go()).written).toEqual([]);
  const { connection } = await store.load();
  await using client = await connectTo(login);
  const { rows } = await client.query(
    'select slot_name as slot from pg_replication_slots where database = current_database()',
  );
  expect(rows).toEqual([{ slot: `c8_${login.database}_${connection.replaceAll('-', '').slice(0, 12)}` }]);
});

test('tables that begin at the same time are published together, and share the slot', async () => {
  const tables = ['a', 'b', 'c', 'd', 'e', 'f'];
  const made = tables.map((table) => `create table ${table} (id int primary key); insert into ${table} values (1)`);
  const login = await createDatabase(made.join(';'));
  const { go } = connectionOf(login);
  const { written, events } = await go({}, tables.length);
  expect(events.filter(({ type }) => type === 'failed' || type === 'retry')).toEqual([]);
  expect(written.filter((line) => line.endsWith('is whole'))).toHaveLength(tables.length);
  await run(login, ...tables.map((table) => `insert into ${table} values (2)`));
  expect((await go()).written.toSorted()).toEqual(tables.map((table) => `public-${table} 2`));
});

test('two connections of one database have separate slots, and neither takes changes from the other', async () => {
  const login = await createDatabase('create table a (id int primary key)');
  const [one, other] = [connectionOf(login), connectionOf(login)];
  await one.go();
  await other.go();
  await run(login, 'insert into a values (1)');
  for (let count = 0; count < 2; count += 1) await one.go();
  expect((await other.go()).written).toEqual(['public-a 1']);
});

test('a lost slot fails the run, or copies the tables again if the config allows it', async () => {
  const login = await createDatabase('create table a (id int primary key); insert into a values (1)');
  const { go } = connectionOf(login);
  await go();
  await run(
    login,
    'insert into a values (2)',
    'select pg_drop_replication_slot(slot_name) from pg_replication_slots where database = current_database()',
  );
  const { events, written } = await go();
  expect(written).toEqual([]);
  expect(events.flatMap((event) => (event.type === 'failed' ? [event.error.code] : []))).toEqual(['log_position_lost']);
  expect((await go({ on_lost_position: 'resync' })).written).toEqual(['public-a 1', 'public-a 2', 'public-a is whole']);
  await run(login, 'insert into a values (3)');
  expect((await go()).written).toEqual(['public-a 3']);
});

test('a run resumes a log whose connection breaks, and each change comes once', async () => {
  const login = await createDatabase('create table a (id int primary key, filler text)');
  const { go } = connectionOf(login);
  await go();
  await run(login, `insert into a select id, repeat('x', 1000) from generate_series(1, 3000) id`);
  await using proxy = await startCuttingProxy(login, { afterBytes: 1_200_001, times: 1 });
  const { written, events } = await go({ host: '127.0.0.1', port: proxy.port });
  expect([proxy.cuts(), events.filter(({ type }) => type === 'retry')]).toEqual([1, [expect.anything()]]);
  expect(written).toEqual(Array.from({ length: 3000 }, (_, index) => `public-a ${index + 1}`));
});
