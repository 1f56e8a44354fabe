import type { Log } from 'c8connector';
import { beatRegularly } from 'c8connector-sql';
import { connect } from '../client.ts';
import type { PostgresConfig } from '../config.ts';
import { ownQuery } from '../own-query.ts';
import { quoted } from './names.ts';

/** The statement that writes to the table: its one row is made by the first. A name without a schema is one of public. */
function heartbeatText(table: string): string {
  const dot = table.indexOf('.');
  const [schema, name] = dot < 0 ? ['public', table] : [table.slice(0, dot), table.slice(dot + 1)];
  const target = `${quoted(schema)}.${quoted(name)}`;
  return `with beaten as (update ${target} set beat = pg_catalog.now() returning 1)
    insert into ${target} (beat) select pg_catalog.now() where not exists (select from beaten)`;
}

/** Writes regularly to the heartbeat table of the config: see `beatRegularly`. */
export function beat(config: PostgresConfig, signal: AbortSignal, log: Log): Disposable {
  const { heartbeat_table: table, heartbeat_seconds: seconds } = config;

  async function write(): Promise<void> {
    await using connection = await connect(config, signal);
    await connection.client.query('set search_path = pg_catalog, pg_temp');
    await ownQuery(connection.client, heartbeatText(table ?? ''));
  }

  return beatRegularly({ table, seconds, write }, signal, log);
}
