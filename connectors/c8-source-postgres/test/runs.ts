import { type ProgramRequest, type ProgramRun, runProgram } from 'c8connector-sql/testing';
import { PostgresSource } from '../c8_source_postgres/index.ts';
import { type Login, rawConfigOf } from './harness.ts';

type Options = Pick<ProgramRequest, 'state' | 'metadata'> & { readonly config?: Record<string, unknown> };

/** All rows of a table. */
export async function runFull(login: Login, table: string, options: Options = {}): Promise<ProgramRun> {
  const config = rawConfigOf(login, options.config);
  return await runProgram({ ...options, source: new PostgresSource(), config, stream: `public-${table}` });
}

/** Reads a table by a replication key. */
export async function runIncrement(
  login: Login,
  table: string,
  key: string,
  options: Options = {},
): Promise<ProgramRun> {
  const metadata = { 'replication-method': 'INCREMENTAL', 'replication-key': key };
  return await runFull(login, table, { ...options, metadata });
}
