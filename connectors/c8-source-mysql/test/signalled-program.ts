import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, vi } from 'vitest';
import { createDatabase, type Login, rawConfigOf, threadsOf } from './harness.ts';

/** The program of the source, with a database whose views never end. */
export interface RunningPrograms extends AsyncDisposable {
  readonly database: Login;
  /** Starts the program on one table or view; nobody reads its stdout. */
  start(name: string, table: string, settings?: Record<string, unknown>): Promise<ChildProcess>;
  /** Waits until the server copies the stream, and what it has sent has filled the pipe. */
  untilCopied(name: string): Promise<void>;
  /** Waits until the server no longer copies the stream, and has closed the connection. */
  untilLeft(name: string): Promise<void>;
}

export async function preparePrograms(server: Login): Promise<RunningPrograms> {
  const folder = await mkdtemp(join(tmpdir(), 'signals-'));
  const database = await createDatabase(server, [
    'create table numbers (id int primary key)',
    `insert into numbers with recursive n as (select 1 as id union all select id + 1 from n where id < 900) select id from n`,
    `create view unread as select repeat('x', 1000) as text from numbers a, numbers b, numbers c`,
    'create view twice as select text from unread',
    'create view slow as select text from unread',
    'create view computed as select count(*) as count from numbers a, numbers b, numbers c, numbers d where a.id + b.id + c.id + d.id < 0',
    'create table locked (id int)',
  ]);
  return {
    database,
    async start(name, table, settings = {}) {
      const stream = `${database.database}-${table}`;
      const [config, catalog] = [join(folder, `${name}.config.json`), join(folder, `${name}.catalog.json`)];
      const metadata = [{ breadcrumb: [], metadata: { selected: true } }];
      const schema = { type: 'object', properties: {} };
      await writeFile(config, JSON.stringify(rawConfigOf(database, settings)));
      await writeFile(catalog, JSON.stringify({ streams: [{ tap_stream_id: stream, stream, schema, metadata }] }));
      const program = join(import.meta.dirname, '../bin/c8-source-mysql.js');
      return spawn(process.execPath, [program, '--config', config, '--catalog', catalog]);
    },
    async untilCopied(name) {
      await vi.waitFor(async () => expect(await queriesOf(database, name)).toBe(1), { timeout: 30_000, interval: 20 });
      await sleep(300);
    },
    async untilLeft(name) {
      await vi.waitFor(async () => expect(await queriesOf(database, name)).toBe(0), { timeout: 30_000, interval: 20 });
    },
    async [Symbol.asyncDispose]() {
      await rm(folder, { recursive: true });
    },
  };
}

/** Milliseconds from the signal to the exit, whose code is that of the signal. */
export async function endsBy(child: ChildProcess, signal: 'SIGTERM' | 'SIGINT', again?: 'again'): Promise<number> {
  const ended = new Promise<number | null>((resolve) => child.on('exit', resolve));
  const since = performance.now();
  child.kill(signal);
  if (again !== undefined) {
    await sleep(200);
    child.kill(signal);
  }
  expect(await ended).toBe(signal === 'SIGTERM' ? 143 : 130);
  return performance.now() - since;
}

/** How many queries of a view the server runs. */
async function queriesOf(database: Login, name: string): Promise<number> {
  const view = `\`${database.database}\`.\`${name}\``;
  const threads = await threadsOf(database);
  return threads.filter(({ command, statement }) => command === 'Query' && statement.includes(view)).length;
}
