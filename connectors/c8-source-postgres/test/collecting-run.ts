import { type CollectedRun, type CollectRequest, collectRun } from 'c8connector-sql/testing';
import { PostgresSource } from '../c8_source_postgres/index.ts';
import { type Login, rawConfigOf } from './harness.ts';

export type CollectOptions = Partial<Omit<CollectRequest, 'source' | 'stream'>>;

/** Copies one stream of a test database into a target in memory. */
export async function collect(login: Login, stream: string, options: CollectOptions = {}): Promise<CollectedRun> {
  return await collectRun({
    ...options,
    source: new PostgresSource(),
    config: rawConfigOf(login, options.config),
    stream,
  });
}
