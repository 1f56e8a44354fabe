import { type Catalog, type Log, neverStop, type SourceMessage, silentLog, type Unit } from 'c8connector';
import { missingMariaDb } from 'test-services';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { MysqlSource } from '../c8_source_mysql/index.ts';
import { execute as executeOn, ownQuery } from '../c8_source_mysql/own-query.ts';
import { connectionPool } from '../c8_source_mysql/pool.ts';
import { packetOf, startAlteringProxy } from './altering-proxy.ts';
import {
  configOf,
  connectionsOfUser,
  connectTo,
  createDatabase,
  execute,
  type Login,
  rawConfigOf,
  recordingLog,
  sharedServer,
  threadsOf,
} from './harness.ts';

const source = new MysqlSource();
const never = () => neverStop().graceful;
let database: Login;

// The pool does not depend on the flavour of the server.
const server = missingMariaDb() === undefined ? 'MariaDB' : 'MySQL';

beforeAll(async () => {
  const statements = Array.from({ length: 50 }, (_, n) => [
    `create table t${n} (id int, n int)`,
    `insert into t${n} values ${Array.from({ length: 12 }, (_, id) => `(${id}, ${n})`).join(', ')}`,
  ]);
  const shared = await createDatabase(sharedServer(server), [
    ...statements.flat(),
    'create view process as select connection_id() as pid',
    'create view process_again as select pid from process',
    'create view failing as select (select id from t1 where id < n.id) as x from t0 n',
    'create view endless as select a.id from t0 a, t1 b, t2 c, t3 d, t4 e, t5 f, t6 g, t7 h',
    'create table moments (at timestamp null)',
    `insert into moments values ('2024-01-02 03:04:05')`,
  ]);
  // A user of its own, so that its connections can be counted.
  const user = `pool_${shared.database}`;
  await execute(shared, `create user ${user}@'%' identified by 'pool'`, `grant all on *.* to ${user}@'%'`);
  database = { ...shared, user, password: 'pool' };
});

/** The number of connections that the source has. */
async function connectionsOfSource(): Promise<number> {
  return await connectionsOfUser(sharedServer(server), database.user);
}

function catalogOf(names: readonly string[]): Catalog {
  const schema = { type: 'object', properties: {} };
  const metadata = [{ breadcrumb: [], metadata: { selected: true } }];
  const streams = names.map((name) => ({
    tap_stream_id: `${database.database}-${name}`,
    stream: `${database.database}-${name}`,
    schema,
    metadata,
  }));
  return { streams } as unknown as Catalog;
}

interface Options {
  readonly config?: Record<string, unknown>;
  readonly signal?: AbortSignal;
  readonly log?: Log;
}

function messagesOf(names: readonly string[], options: Options = {}): AsyncIterable<SourceMessage> {
  const { config = rawConfigOf(database), signal = never(), log = silentLog } = options;
  return source.read({ config, catalog: catalogOf(names), exact: 'number', signal, log });
}

/** All rows of these tables. */
async function rowsOf(names: readonly string[], options: Options = {}): Promise<Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = [];
  for await (const message of messagesOf(names, options)) if (message.type === 'RECORDS') rows.push(...message.rows());
  return rows;
}

/** A host that opens the source once for these tables, and copies one after the other. */
async function openHost(names: readonly string[], config = rawConfigOf(database)) {
  const session = await source.open({ config, signal: never(), log: silentLog });
  session.select(catalogOf(names));
  const messagesOfTable = (name: string, signal = never()): AsyncIterable<SourceMessage> => {
    const id = `${database.database}-${name}`;
    const unit: Unit = { id: `${id}/copy/0`, kind: 'copy', streams: [id], range: 0 };
    const ranges = [{ from: null, to: null }];
    const progress = { [id]: { method: 'FULL_TABLE', phase: 'copying', copy: 1, version: 1, ranges } } as const;
    const version = async () => 2;
    return session.read({ unit, run: 'run', progress, epoch: 1, version, exact: 'number', signal, log: silentLog });
  };
  return {
    messagesOf: messagesOfTable,
    async rowsOf(name: string): Promise<Record<string, unknown>[]> {
      const rows: Record<string, unknown>[] = [];
      for await (const message of messagesOfTable(name)) if (message.type === 'RECORDS') rows.push(...message.rows());
      return rows;
    },
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  };
}

/** Runs the work with a raw config that leads through a proxy which counts connections. Returns their number. */
async function countedLogins<T>(work: (config: Record<string, unknown>) => Promise<T>): Promise<[T, number]> {
  let logins = 0;
  await using proxy = await startAlteringProxy(database, () => {
    logins += 1;
    return ({ bytes }) => bytes;
  });
  const result = await work(rawConfigOf(database, { port: proxy.port }));
  return [result, logins];
}

const fifty = Array.from({ length: 50 }, (_, n) => `t${n}`);

describe('how often the source logs in', () => {
  test('once for a read of fifty tables and their discovery', async () => {
    const [rows, logins] = await countedLogins((config) => rowsOf(fifty, { config }));
    expect(rows).toHaveLength(600);
    expect(logins).toBe(1);
  });

  test('once for fifty reads of a host that calls open once', async () => {
    const [rows, logins] = await countedLogins(async (config) => {
      await using host = await openHost(fifty, config);
      const all = [];
      for (const name of fifty) all.push(...(await host.rowsOf(name)));
      return all;
    });
    expect(rows).toHaveLength(600);
    expect(logins).toBe(1);
    expect(await connectionsOfSource()).toBe(0);
  });

  test('four times for samples, although no sample reads its table to the end', async () => {
    const streams = fifty.map((name) => `${database.database}-${name}`);
    const [samples, logins] = await countedLogins((config) => source.samples(config, { streams }));
    expect(samples.map(({ data }) => data.length)).toEqual(fifty.map(() => 10));
    expect(logins).toBeLessThanOrEqual(4);
  });
});

/** Waits for the connections of the source to end: the server notices a closed one only when it next looks. */
async function untilNoneIsLeft(): Promise<void> {
  await vi.waitFor(async () => expect(await connectionsOfSource()).toBe(0), { timeout: 30_000, interval: 20 });
}

describe('a connection that can no longer be used', () => {
  test('is not reused after a table that failed, and the next table is read completely', async () => {
    await using host = await openHost(['process', 'failing', 't7']);
    const [before] = await host.rowsOf('process');
    await expect(host.rowsOf('failing')).rejects.toMatchObject({ details: { stream: `${database.database}-failing` } });
    const [after] = await host.rowsOf('process');
    expect(after?.pid).not.toBe(before?.pid);
    expect(await host.rowsOf('t7')).toHaveLength(12);
    expect(await connectionsOfSource()).toBe(1);
  });

  test('is replaced silently when the server ended it between two tables', async () => {
    const log = recordingLog();
    const rows: Record<string, unknown>[] = [];
    for await (const message of messagesOf(['process', 'process_again', 't1'], { log })) {
      if (message.type === 'RECORDS') rows.push(...message.rows());
      if (message.type !== 'SCHEMA') continue;
      const idle = (await threadsOf(sharedServer(server))).filter(
        ({ user, command }) => user === database.user && command === 'Sleep',
      );
      expect(idle).toHaveLength(1);
      await execute(sharedServer(server), `kill ${idle[0]?.id}`);
    }
    expect(rows[0]?.pid).not.toBe(rows[1]?.pid);
    expect(rows).toHaveLength(14);
    expect(log.warnings).toEqual([]);
  });

  test('is closed when it is aborted in the middle of a copy, and the next table gets another one', async () => {
    await using host = await openHost(['endless', 't1']);
    const abort = new AbortController();
    for await (const message of host.messagesOf('endless', abort.signal)) if (message.type === 'RECORDS') abort.abort();
    await untilNoneIsLeft();
    expect(await host.rowsOf('t1')).toHaveLength(12);
  });

  test('is closed when its reader ends early', async () => {
    await using host = await openHost(['endless']);
    for await (const message of host.messagesOf('endless')) if (message.type === 'RECORDS') break;
    await untilNoneIsLeft();
  });

  test('is not reused when the server sent something unrequested after the rows', async () => {
    let connections = 0;
    await using proxy = await startAlteringProxy(database, (connection) => {
      connections += 1;
      // The first connection discovers, and copies the first table.
      return ({ bytes, number, query }) =>
        connection === 0 && number === 16 && query.includes('from `')
          ? Buffer.concat([bytes, packetOf(17, [1, 0x31])])
          : bytes;
    });
    const config = rawConfigOf(database, { port: proxy.port });
    await rowsOf(['t1', 't2', 't3'], { config }).catch(() => undefined);
    expect(connections).toBeGreaterThan(1);
  });

  test('is closed when it is returned to a closed pool', async () => {
    const pool = connectionPool(configOf(database));
    await using connection = await pool.lend(never(), 'statement');
    await pool[Symbol.asyncDispose]();
    await connection.giveBack();
    await connection[Symbol.asyncDispose]();
    await untilNoneIsLeft();
  });
});

describe('a connection that is reused', () => {
  test('is not affected by the signal of its previous reader', async () => {
    await using pool = connectionPool(configOf(database));
    const first = new AbortController();
    await (await pool.lend(first.signal, 'statement')).giveBack();
    first.abort();
    await expect(pool.lend(first.signal, 'statement')).rejects.toThrow();
    const second = new AbortController();
    await using connection = await pool.lend(second.signal, 'statement');
    expect(await ownQuery(connection.client, 'select 1 as one')).toEqual([{ one: 1 }]);
    second.abort();
    await expect(ownQuery(connection.client, 'select 1')).rejects.toThrow();
  });

  test('has the settings of a new connection, whatever was set for the session', async () => {
    await using pool = connectionPool(configOf(database));
    const settings: unknown[] = [];
    for (const zone of ['+09:00', '-03:00', '+00:00']) {
      await using connection = await pool.lend(never(), 'statement');
      settings.push(
        ...(await ownQuery(
          connection.client,
          'select connection_id() as pid, @@time_zone as zone, @@sql_mode as mode, @@sql_select_limit as most, @@autocommit as auto',
        )),
      );
      await executeOn(
        connection.client,
        `set session time_zone = '${zone}', sql_mode = 'ANSI_QUOTES', sql_select_limit = 1, autocommit = 0`,
      );
      await connection.giveBack();
    }
    const [{ pid }] = settings as [{ pid: number }];
    const own = { pid, zone: '+00:00', mode: '', most: '18446744073709551615', auto: 1 };
    expect(settings).toEqual([own, own, own]);
    expect(await rowsOf(['moments', 't1'])).toHaveLength(13);
  });

  test('sees what was committed after the previous table', async () => {
    await using admin = await connectTo(database);
    await admin.query('create table later (id int)');
    await using host = await openHost(['later']);
    expect(await host.rowsOf('later')).toEqual([]);
    await admin.query('insert into later values (1)');
    expect(await host.rowsOf('later')).toEqual([{ id: 1 }]);
  });
});
