import type { Log } from 'c8connector';
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

/**
 * Writes regularly to the heartbeat table of the config, so that the log advances in a database without other writes. Errors are logged, and the read continues. Disposing ends it.
 */
export function beat(config: PostgresConfig, signal: AbortSignal, log: Log): Disposable {
  const { heartbeat_table: table, heartbeat_seconds: seconds } = config;
  if (table === undefined) return { [Symbol.dispose]: () => undefined };
  const text = heartbeatText(table);
  let isBeating = false;

  async function write(): Promise<void> {
    if (isBeating) return;
    isBeating = true;
    try {
      await using connection = await connect(config, signal);
      await connection.client.query('set search_path = pg_catalog, pg_temp');
      await ownQuery(connection.client, text);
    } catch (error) {
      if (!signal.aborted) log.warn(`the heartbeat table ${table} cannot be written to: ${String(error)}`, { table });
    } finally {
      isBeating = false;
    }
  }

  const timer = setInterval(() => void write(), 1000 * seconds);
  void write();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
