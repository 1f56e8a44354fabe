import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { catalogWith } from 'c8connector-sql/testing';
import { type Login, rawConfigOf } from '../harness.ts';

/** A line of what is committed. */
interface Line {
  readonly unit: string;
  readonly stream?: string;
  readonly version?: number;
  readonly activated?: number;
  readonly row?: Readonly<Record<string, number | string | null>>;
}

/** A row from the log. */
export type LoggedRow = Readonly<Record<string, number | string | null>>;

/** What the processes of a connection have committed to their target. */
export interface Committed extends AsyncDisposable {
  /** Runs a process, which is killed once it has received this many rows. Returns its exit code, or the signal. */
  run(killAt?: number): Promise<number | string>;
  /** The rows of a stream in the order in which they were committed: those of the latest complete copy, and those of the log. */
  rowsOf(stream: string): Promise<{ readonly copied: readonly LoggedRow[]; readonly logged: readonly LoggedRow[] }>;
}

/** Follows all these streams of a database. */
export async function committedBy(login: Login, streams: readonly string[]): Promise<Committed> {
  const folder = await mkdtemp(join(tmpdir(), 'bank-'));
  const [statePath, linesPath] = [join(folder, 'state.json'), join(folder, 'lines')];
  const program = join(import.meta.dirname, 'bank-main.mjs');
  const sourceConfig = rawConfigOf(login, { ssl_mode: 'disable', replication_method: 'LOG_BASED' });
  const catalog = { streams: streams.flatMap((stream) => catalogWith(stream, {}).streams) };
  return {
    async run(killAt) {
      const child = spawn(
        process.execPath,
        [program, statePath, linesPath, JSON.stringify({ sourceConfig, catalog, killAt })],
        {
          stdio: ['ignore', 'ignore', 'inherit'],
        },
      );
      const [code, signal] = await once(child, 'close');
      return code ?? signal;
    },
    async rowsOf(stream) {
      const text = existsSync(linesPath) ? await readFile(linesPath, 'utf8') : '';
      const lines: readonly Line[] = text
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line));
      const ours = lines.filter((line) => line.stream === stream);
      const active = ours.findLast(({ activated }) => activated !== undefined)?.activated;
      const rows = ours.filter(({ version, row }) => row !== undefined && version === active);
      return {
        copied: rows.flatMap(({ row }) => (row !== undefined && row._sdc_lsn === null ? [row] : [])),
        logged: rows.flatMap(({ row }) => (row !== undefined && row._sdc_lsn !== null ? [row] : [])),
      };
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}
