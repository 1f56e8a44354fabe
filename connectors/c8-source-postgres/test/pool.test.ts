import { type Catalog, type Log, neverStop, type SourceMessage, silentLog, type Unit } from 'c8connector';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { PostgresSource } from '../c8_source_postgres/index.ts';
import { connectionPool } from '../c8_source_postgres/pool.ts';
import { messageOf, startAlteringProxy } from './altering-proxy.ts';
import {
  configOf,
  connectionsOfSource,
  connectTo,
  createDatabase,
  type Login,
  rawConfigOf,
  recordingLog,
} from './harness.ts';

const source = new PostgresSource();
const never = () => neverStop().graceful;
let database: Login;

beforeAll(async () => {
  const tables = Array.from(
    { length: 50 },
    (_, n) => `create table t${n} as select id, ${n} as n from generate_series(1, 12) id;`,
  );
  database = await createDatabase(`
    ${tables.join('\n')}
    create view process as select pg_backend_pid() as pid; create view process_again as select pid from process;
    create view failing as select 1 / (id - 5) as x from generate_series(1, 9) id;
    create view endless as select id from generate_series(1, 1000000) id, generate_series(1, 1000);
    create table moments (at timestamptz); insert into moments values ('2024-01-02 03:04:05Z')`);
});

function catalogOf(names: readonly string[]): Catalog {
  const schema = { type: 'object', properties: {} };
  const metadata = [{ breadcrumb: [], metadata: { selected: true } }];
  const streams = names.map((name) => ({
    tap_stream_id: `public-${name}`,
    stream: `public-${name}`,
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
    const id = `public-${name}`;
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
  const result = await work(rawConfigOf(database, { port: proxy.port, ssl_mode: 'disable' }));
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
    expect(await connectionsOfSource(database)).toBe(0);
  });

  test('four times for samples, although no sample reads its table to the end', async () => {
    const streams = fifty.map((name) => `public-${name}`);
    const [samples, logins] = await countedLogins((config) => source.samples(config, { streams }));
    expect(samples.map(({ data }) => data.length)).toEqual(fifty.map(() => 10));
    expect(logins).toBeLessThanOrEqual(4);
  });
});

/** Waits for the connections of the source to end: the server notices a closed one only when it next looks. */
async function untilNoneIsLeft(): Promise<void> {
  await vi.waitFor(async () => expect(await connectionsOfSource(database)).toBe(0), { timeout: 5000, interval: 20 });
}

describe('a connection that can no longer be used', () => {
  test('is not reused after a table that failed, and the next table is read completely', async () => {
    await using host = await openHost(['process', 'failing', 't7']);
    const [before] = await host.rowsOf('process');
    await expect(host.rowsOf('failing')).rejects.toMatchObject({ details: { stream: 'public-failing' } });
    const [after] = await host.rowsOf('process');
    expect(after?.pid).not.toBe(before?.pid);
    expect(await host.rowsOf('t7')).toHaveLength(12);
    expect(await connectionsOfSource(database)).toBe(1);
  });

  test('is replaced silently when the server ended it between two tables', async () => {
    await using admin = await connectTo(database);
    const log = recordingLog();
    const rows: Record<string, unknown>[] = [];
    for await (const message of messagesOf(['process', 'process_again', 't1'], { log })) {
      if (message.type === 'RECORDS') rows.push(...message.rows());
      if (message.type !== 'SCHEMA') continue;
      const idle = `select pg_terminate_backend(pid, 5000) from pg_stat_activity where application_name = 'c8-source-postgres' and datname = current_database() and state = 'idle'`;
      expect((await admin.query(idle)).rows).toHaveLength(1);
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
    await using proxy = await startAlteringProxy(database, () => {
      connections += 1;
      let isCopied = false;
      return ({ letter, bytes }) => {
        isCopied ||= letter === 'c';
        return isCopied && letter === 'Z' ? Buffer.concat([bytes, messageOf('Z', 'I')]) : bytes;
      };
    });
    const config = rawConfigOf(database, { port: proxy.port, ssl_mode: 'disable' });
    expect(await rowsOf(['t1', 't2', 't3'], { config })).toHaveLength(36);
    expect(connections).toBe(3);
  });

  test('is closed when it is returned to a closed pool', async () => {
    const pool = connectionPool(configOf(database));
    await using connection = await pool.lend(never(), 'read committed');
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
    await (await pool.lend(first.signal, 'read committed')).giveBack();
    first.abort();
    await expect(pool.lend(first.signal, 'read committed')).rejects.toThrow();
    const second = new AbortController();
    await using connection = await pool.lend(second.signal, 'read committed');
    expect((await connection.client.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    second.abort();
    await expect(connection.client.query('select 1')).rejects.toThrow();
  });

  test('has the settings of a new connection, whatever a function of the last table has set for the session', async () => {
    await using admin = await connectTo(database);
    await admin.query(`
      create function sets(name text, value text) returns text language sql as 'select set_config(name, value, false)';
      create view first_setting as select sets('timezone', 'Asia/Tokyo') as zone, sets('datestyle', 'german') as style, sets('search_path', 'nowhere') as path,
        sets('client_encoding', 'LATIN1') as encoding, sets('statement_timeout', '1') as timeout, sets('role', 'pg_monitor') as role`);
    const rows = await rowsOf(['first_setting', 'moments', 'process', 't1']);
    expect(rows).toHaveLength(15);
    expect(rows[1]).toEqual({ at: '2024-01-02T03:04:05+00:00' });
  });

  test("begins with the source's own search_path, and its table is read with that of the role", async () => {
    await using admin = await connectTo(database);
    await admin.query(`
      create schema app; create table app.rates (rate int); insert into app.rates values (7);
      create function app.rate() returns int language plpgsql as $$ begin return (select rate from rates); end $$;
      create view first_rate as select app.rate() as rate; create view second_rate as select app.rate() as rate;
      create role careless login password 'careless'; grant usage on schema app to careless; grant select on all tables in schema app, public to careless;
      alter role careless set search_path = app; alter role careless set statement_timeout = '5s'; alter role careless set timezone = 'Asia/Tokyo';
      alter role careless set idle_session_timeout = '1h'; alter role careless set default_transaction_isolation = 'serializable'`);
    const login = { ...database, user: 'careless', password: 'careless' };
    const config = rawConfigOf(login);
    const names = ['first_rate', 'moments', 'second_rate'];
    const expected = [{ rate: 7 }, { at: '2024-01-02T03:04:05+00:00' }, { rate: 7 }];
    expect(await rowsOf(names, { config })).toEqual(expected);
    await using host = await openHost(names, config);
    const rows: Record<string, unknown>[] = [];
    for (const name of [...names, ...names]) rows.push(...(await host.rowsOf(name)));
    expect(rows).toEqual([...expected, ...expected]);
    await using pool = connectionPool(configOf(login));
    const settings: unknown[] = [];
    for (const path of ['app', 'nowhere', 'public']) {
      await using connection = await pool.lend(never(), 'repeatable read');
      const { rows: found } = await connection.client.query(
        `select pg_backend_pid() as pid, current_setting('search_path') as path, current_setting('statement_timeout') as timeout, current_setting('transaction_isolation') as isolation`,
      );
      settings.push(...found);
      await connection.client.query(
        `set local search_path = ${path}; set local statement_timeout = 7; set timezone = 'Asia/Tokyo'`,
      );
      await connection.giveBack();
    }
    const [{ pid }] = settings as [{ pid: number }];
    const own = { pid, path: 'pg_catalog, pg_temp', timeout: '0', isolation: 'repeatable read' };
    expect(settings).toEqual([own, own, own]);
  });

  test('reads the bytes of a database without an encoding', async () => {
    await using admin = await connectTo(database);
    const bytes = `${database.database}_bytes`;
    await admin.query(`create database ${bytes} encoding 'SQL_ASCII' template template0 locale 'C'`);
    const login = { ...database, database: bytes };
    await using client = await connectTo(login);
    await client.query(`
      create table a (text text); insert into a values (convert_from('\\xe4', 'SQL_ASCII'));
      create table b (text text); insert into b values (convert_from('\\xf6', 'SQL_ASCII'))`);
    const config = rawConfigOf(login, { encoding: 'LATIN1' });
    expect(await rowsOf(['a', 'b'], { config })).toEqual([{ text: 'ä' }, { text: 'ö' }]);
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
