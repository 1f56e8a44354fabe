import type { Log } from 'c8connector';
import { beatRegularly, parseNames } from 'c8connector-sql';
import { connect } from '../client.ts';
import type { MysqlConfig } from '../config.ts';
import { execute } from '../own-query.ts';
import { quoteIdentifier } from '../quote.ts';

/** The statement that updates the one row of the table, which it inserts the first time. A table without a database in its name is in the first database of the config. */
function heartbeatText({ heartbeat_table: table = '', database }: MysqlConfig): string {
  const dot = table.indexOf('.');
  const [schema = '', name] = dot < 0 ? [parseNames(database)[0], table] : [table.slice(0, dot), table.slice(dot + 1)];
  const target = `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;
  return `insert into ${target} (id, beat) values (1, now(6)) on duplicate key update beat = now(6)`;
}

/** Writes regularly to the heartbeat table of the config: see `beatRegularly`. */
export function beat(config: MysqlConfig, signal: AbortSignal, log: Log): Disposable {
  const { heartbeat_table: table, heartbeat_seconds: seconds } = config;

  async function write(): Promise<void> {
    await using connection = await connect(config, signal);
    await execute(connection.client, heartbeatText(config));
  }

  return beatRegularly({ table, seconds, write }, signal, log);
}
