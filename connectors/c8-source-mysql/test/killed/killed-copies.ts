import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { catalogWith } from 'c8connector-sql/testing';
import { connectTo, createDatabase, type Login, rawConfigOf, type ServerName, sharedServer } from '../harness.ts';
import { streamIn } from '../runs.ts';

/** How a table is copied. */
export interface Way {
  readonly config: Record<string, unknown>;
  /** The stream's metadata in the catalog. */
  readonly metadata: Record<string, unknown>;
  /** Rows that a target keeps from run to run. */
  readonly isIncremental?: boolean;
}

export const ways = {
  'by a replication key': {
    config: {},
    metadata: { 'replication-method': 'INCREMENTAL', 'replication-key': 'at' },
    isIncremental: true,
  },
  'in ranges of the key': { config: { partitions: 3 }, metadata: {} },
  'in one piece': { config: {}, metadata: {} },
} as const satisfies Readonly<Record<string, Way>>;

/** The number of rows at the beginning, each with the value 100. */
export const accounts = 300;

/** A table of accounts; a writer moves amounts between two of them, each time in its own transaction, some of them long. */
export async function accountsDatabase(server: ServerName): Promise<Login> {
  return await createDatabase(sharedServer(server), [
    'create table accounts (id int primary key, v int not null, at timestamp(6) not null default current_timestamp(6), filler text)',
    `insert into accounts (id, v, filler) with recursive ns as (select 1 as n union all select n + 1 from ns where n < ${accounts})
     select n, 100, repeat('x', 20000) from ns`,
  ]);
}

/** Moves amounts until it is stopped; `random` returns numbers from 0 to 1. */
export function writer(login: Login, random: () => number): { end(): Promise<void> } {
  let isEnding = false;
  const account = (): number => 1 + Math.floor(random() * accounts);
  async function write(): Promise<void> {
    await using client = await connectTo(login);
    while (!isEnding) {
      const [from, to, amount] = [account(), account(), Math.floor(random() * 10)];
      // In the order of the keys, so that no two writers wait for each other.
      const changes = [
        [from, -amount],
        [to, amount],
      ].toSorted(([one = 0], [other = 0]) => one - other);
      await client.query('begin');
      for (const [id, change] of changes)
        await client.query('update accounts set v = v + ?, at = now(6) where id = ?', [change, id]);
      await sleep(random() * 20);
      await client.query('commit');
    }
  }
  const written = Promise.all([write(), write(), write()]);
  return {
    async end() {
      isEnding = true;
      await written;
    },
  };
}

/** The target that several processes write to, one after the other. */
export interface Copies extends AsyncDisposable {
  /** Runs a process; it is killed once it has written this many rows. Returns its exit code, or the signal. */
  run(killAt?: number): Promise<number | string>;
  /** The values of the accounts in the active version; for increments, the last value of each. */
  values(): Promise<ReadonlyMap<number, number>>;
}

export async function copies(login: Login, { config, metadata, isIncremental = false }: Way): Promise<Copies> {
  const folder = await mkdtemp(join(tmpdir(), 'killed-'));
  const [statePath, rowsPath] = [join(folder, 'state.json'), join(folder, 'rows')];
  const program = join(import.meta.dirname, 'copying-main.mjs');
  const catalog = catalogWith(streamIn(login, 'accounts'), metadata);
  return {
    async run(killAt) {
      const settings = { sourceConfig: rawConfigOf(login, config), catalog, concurrency: 2, killAt };
      const child = spawn(process.execPath, [program, statePath, rowsPath, JSON.stringify(settings)], {
        stdio: ['ignore', 'ignore', 'inherit'],
      });
      const [code, signal] = await once(child, 'close');
      return code ?? signal;
    },
    async values() {
      const lines = (await readFile(rowsPath, 'utf8')).trimEnd().split('\n');
      const said = lines.map((line) => JSON.parse(line));
      const active = said.findLast(({ activated }) => activated !== undefined)?.activated;
      const rows = said.filter(({ version, id }) => id !== undefined && (isIncremental || version === active));
      return new Map(rows.map(({ id, v }) => [id, v]));
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}

/** Numbers from 0 to 1 that a seed determines. */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The rows on the server. */
export async function valuesOf(login: Login): Promise<ReadonlyMap<number, number>> {
  await using client = await connectTo(login);
  const rows = (await client.query('select id, v from accounts order by id')) as unknown as readonly {
    id: number;
    v: number;
  }[];
  return new Map(rows.map(({ id, v }) => [id, v]));
}
