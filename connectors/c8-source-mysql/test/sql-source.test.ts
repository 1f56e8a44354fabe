import { testSqlSource } from 'c8connector-sql/testing';
import { MysqlSource } from '../c8_source_mysql/index.ts';
import { quoteIdentifier } from '../c8_source_mysql/quote.ts';
import { createDatabase, describeServers, execute, type Login, rawConfigOf, sharedServer } from './harness.ts';

describeServers('an SQL source', (server) => {
  let login: Promise<Login> | undefined;
  let name: string;

  async function database(): Promise<Login> {
    login ??= createDatabase(sharedServer(server));
    name = (await login).database;
    return await login;
  }

  testSqlSource({
    connector: MysqlSource,
    config: async () => rawConfigOf(await database()),
    execute: async (sql) => await execute(await database(), sql),
    streamOf: (table) => `${name}-${table}`,
    quote: quoteIdentifier,
    binary: 'blob',
    binaryLiteral: (hex) => `x'${hex}'`,
    timestamp: 'datetime(6)',
  });
});
