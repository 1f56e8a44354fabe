import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Catalog, SourceMessage } from 'c8connector';
import pg from 'pg';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { PostgresSource } from '../c8_source_postgres/index.ts';
import { changes } from './changes.ts';
import { connectTo, createDatabase, type Login, rawConfigOf, recordingLog } from './harness.ts';

let database: Login;
let admin: pg.Client;

/** A client of the database of this test. */
async function open(): Promise<pg.Client> {
  const client = new pg.Client(database);
  await client.connect();
  return client;
}

beforeEach(async () => {
  database = await createDatabase();
  admin = await open();
  const { host, port, user, password } = database;
  await admin.query(`create extension postgres_fdw; create server self foreign data wrapper postgres_fdw options (host '${host}', port '${port}', dbname '${database.database}');
    create user mapping for ${user} server self options (user '${user}', password '${password}')`);
  return async () => await admin.end();
});

async function untilSourceWaits(): Promise<void> {
  const waiting = `select count(*)::int as count from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  await vi.waitFor(async () => expect((await admin.query(waiting)).rows).toEqual([{ count: 1 }]), {
    timeout: 10_000,
    interval: 10,
  });
}

/** Makes each change in a transaction that ends while the copy of its table waits for it; `read` starts in between. */
async function readAcrossChanges<T>(read: () => Promise<T>): Promise<T> {
  const others: pg.Client[] = [];
  for (const { before, change } of changes) {
    await admin.query(before);
    const other = await open();
    others.push(other);
    await other.query(`begin; ${change}`);
  }
  const reading = read();
  for (const other of others) {
    await untilSourceWaits();
    await other.query('commit');
    await other.end();
  }
  return await reading;
}

function catalogOf(): Catalog {
  const streams = changes.map(({ table }) => ({
    tap_stream_id: `public-${table}`,
    stream: `public-${table}`,
    schema: { type: 'object', properties: {} },
    metadata: [{ breadcrumb: [], metadata: { selected: true } }],
  }));
  return { streams } as unknown as Catalog;
}

const expectedRows = changes.map(({ table, rows }) => [`public-${table}`, rows]);

describe('a table that another transaction changes while its copy waits for a lock', () => {
  test('is read with the schema, the names and the rows of one moment', async () => {
    const rows = new Map<string, unknown[]>();
    const schemas = new Map<string, object>();
    const take = (message: SourceMessage) => {
      if (message.type === 'SCHEMA') {
        rows.set(message.stream, []);
        schemas.set(message.stream, message.schema.properties);
      } else if (message.type === 'RECORDS') rows.get(message.stream)?.push(...message.rows());
    };
    const log = recordingLog();
    await readAcrossChanges(async () => {
      const config = rawConfigOf(database);
      const signal = new AbortController().signal;
      const messages = new PostgresSource().read({
        config,
        catalog: catalogOf(),
        exact: 'number',
        signal,
        log,
      });
      for await (const message of messages) take(message);
    });
    expect(JSON.parse(JSON.stringify([...rows]))).toEqual(expectedRows);
    for (const [stream, given] of rows) {
      for (const row of given) expect(Object.keys(row as object)).toEqual(Object.keys(schemas.get(stream) ?? {}));
    }
    expect(schemas.get('public-type_of_same_bytes')).toMatchObject({ a: { maximum: '9223372036854775807' } });
    expect(schemas.get('public-other_scale')).toMatchObject({ a: { multipleOf: 0.001 } });
    expect(schemas.get('public-not_null_dropped')).toMatchObject({ a: { type: ['null', 'integer'] } });
    expect(schemas.get('public-replaced_alike')).toMatchObject({ id: { type: ['integer'] } });
  });

  test('is read in the same way by the program', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'moment-'));
    const [config, catalog] = [join(folder, 'config.json'), join(folder, 'catalog.json')];
    await writeFile(config, JSON.stringify(rawConfigOf(database)));
    await writeFile(catalog, JSON.stringify(catalogOf()));
    const program = join(import.meta.dirname, '../bin/c8-source-postgres.js');
    const rows = new Map<string, unknown[]>();
    try {
      const text = await readAcrossChanges(async () => {
        const child = spawn(process.execPath, [program, '--config', config, '--catalog', catalog]);
        let stdout = '';
        child.stdout.on('data', (chunk) => {
          stdout += chunk;
        });
        await new Promise<void>((resolve) => child.on('close', () => resolve()));
        expect(child.exitCode).toBe(0);
        return stdout;
      });
      for (const line of text.trimEnd().split('\n')) {
        const message = JSON.parse(line);
        if (message.type === 'SCHEMA') rows.set(message.stream, []);
        if (message.type === 'RECORD') rows.get(message.stream)?.push(message.record);
      }
      expect([...rows]).toEqual(expectedRows);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

test('a wait for a lock is logged with the name of the table', async () => {
  await admin.query('create table locked (id int); insert into locked values (1)');
  await using other = await connectTo(database);
  await other.query('begin; lock table locked in access exclusive mode');
  const log = recordingLog();
  const catalog = {
    streams: [{ ...catalogOf().streams[0], tap_stream_id: 'public-locked', stream: 'public-locked' }],
  } as Catalog;
  const config = rawConfigOf(database);
  const abort = new AbortController();
  const messages = new PostgresSource().read({
    config,
    catalog,
    exact: 'number',
    signal: abort.signal,
    log,
  });
  const reading = (async () => {
    for await (const _ of messages);
  })();
  await vi.waitFor(() => expect(log.warnings).toEqual([expect.stringContaining('waiting for public-locked')]), {
    timeout: 5000,
  });
  abort.abort();
  await reading;
});
