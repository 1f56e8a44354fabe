import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, vi } from 'vitest';
import { connectTo, createDatabase, type Login, rawConfigOf } from './harness.ts';

/** The program of the source, with a database whose views never end. */
export interface RunningPrograms extends AsyncDisposable {
  readonly database: Login;
  /** Starts the program on one stream; nobody reads its stdout. */
  start(name: string, stream: string, settings?: Record<string, unknown>): Promise<ChildProcess>;
  /** Waits until the server copies the stream, and what it has sent has filled the pipe. */
  untilCopied(name: string): Promise<void>;
  /** Waits until the server no longer copies the stream, and has closed the connection. */
  untilLeft(name: string): Promise<void>;
}

export async function preparePrograms(): Promise<RunningPrograms> {
  const folder = await mkdtemp(join(tmpdir(), 'signals-'));
  const database = await createDatabase(`
    create view unread as select repeat('x', 1000) as text from generate_series(1, 1000000) a, generate_series(1, 1000) b;
    create view twice as select text from unread; create view slow as select text from unread;
    create table locked (id int);
    create view large as select repeat('x', 300000000) as text; create view refused as select repeat('x', 600000000) as text`);
  return {
    database,
    async start(name, stream, settings = {}) {
      const [config, catalog] = [join(folder, `${name}.config.json`), join(folder, `${name}.catalog.json`)];
      const metadata = [{ breadcrumb: [], metadata: { selected: true } }];
      const schema = { type: 'object', properties: {} };
      await writeFile(config, JSON.stringify(rawConfigOf(database, settings)));
      await writeFile(catalog, JSON.stringify({ streams: [{ tap_stream_id: stream, stream, schema, metadata }] }));
      const program = join(import.meta.dirname, '../bin/c8-source-postgres.js');
      return spawn(process.execPath, [program, '--config', config, '--catalog', catalog]);
    },
    async untilCopied(name) {
      await using admin = await connectTo(database);
      const copying = `select count(*)::int as count from pg_stat_activity where datname = current_database() and state = 'active' and query like 'copy%"${name}")%'`;
      await vi.waitFor(async () => expect((await admin.query(copying)).rows).toEqual([{ count: 1 }]), {
        timeout: 20_000,
        interval: 20,
      });
      await sleep(300);
    },
    async untilLeft(name) {
      await using admin = await connectTo(database);
      const copies = `select count(*)::int as count from pg_stat_activity where datname = current_database() and query like 'copy%"${name}")%'`;
      await vi.waitFor(async () => expect((await admin.query(copies)).rows).toEqual([{ count: 0 }]), {
        timeout: 5000,
        interval: 20,
      });
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
