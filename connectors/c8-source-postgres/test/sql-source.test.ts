import { testSqlSource } from 'c8connector-sql/testing';
import { PostgresSource } from '../c8_source_postgres/index.ts';
import { quoteIdentifier } from '../c8_source_postgres/quote.ts';
import { connectTo, createDatabase, type Login, rawConfigOf } from './harness.ts';

let login: Promise<Login> | undefined;

function database(): Promise<Login> {
  login ??= createDatabase();
  return login;
}

testSqlSource({
  connector: PostgresSource,
  config: async () => rawConfigOf(await database(), { ssl_mode: 'disable' }),
  async execute(sql) {
    await using client = await connectTo(await database());
    // By default the test server does not wait until its log is on disk.
    await client.query('set synchronous_commit = on');
    await client.query(sql);
  },
  streamOf: (table) => `public-${table}`,
  quote: quoteIdentifier,
  binary: 'bytea',
  binaryLiteral: (hex) => `'\\x${hex}'`,
  timestamp: 'timestamp(6)',
});
