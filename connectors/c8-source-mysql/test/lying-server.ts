import type { Catalog } from 'c8connector';
import { MysqlSource } from '../c8_source_mysql/index.ts';
import { type Alter, startAlteringProxy } from './altering-proxy.ts';
import { createDatabase, type Login, rawConfigOf } from './harness.ts';

/** How a read ended: with an error, or with these rows and a stream that counts as complete. */
export interface Ending {
  readonly error: unknown;
  readonly rows: unknown[];
  readonly isComplete: boolean;
  /** Milliseconds. */
  readonly duration: number;
}

/** Reads the table `three` of a database through a proxy that alters packets. */
export async function readThrough(database: Login, alterOf: (connection: number) => Alter): Promise<Ending> {
  await using proxy = await startAlteringProxy(database, alterOf);
  return await readFrom({ ...database, port: proxy.port });
}

/** Reads the table `three` of a database. */
async function readFrom(database: Login): Promise<Ending> {
  const config = rawConfigOf(database);
  const stream = `${database.database}-three`;
  const metadata = [{ breadcrumb: [], metadata: { selected: true } }];
  const schema = { type: 'object', properties: {} };
  const catalog = { streams: [{ tap_stream_id: stream, stream, schema, metadata }] } as unknown as Catalog;
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  const rows: unknown[] = [];
  let isComplete = false;
  let error: unknown;
  const startedAt = performance.now();
  try {
    const signal = new AbortController().signal;
    for await (const message of new MysqlSource().read({ config, catalog, exact: 'number', signal, log })) {
      if (message.type === 'RECORDS') rows.push(...message.rows());
      if (message.type === 'ACTIVATE_VERSION') isComplete = true;
    }
  } catch (caught) {
    error = caught;
  }
  return { error, rows, isComplete, duration: performance.now() - startedAt };
}

/** A database with a table `three` of three rows, which the tests read through a proxy. */
export function createDatabaseOfThree(server: Login): Promise<Login> {
  return createDatabase(server, [
    'create table three (id int primary key, text varchar(20))',
    `insert into three values (1, 'a'), (2, 'b'), (3, 'c')`,
  ]);
}
