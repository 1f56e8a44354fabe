import { ConfigError } from 'c8connector';
import type { Client } from 'pg';
import { ownQuery } from './own-query.ts';

/** What other transactions may still commit to the database. */
export interface OpenTransactions {
  /** When the oldest one began that is open now, that of the query itself among them: no row that comes later holds an older time of the server. ISO 8601 in UTC, to the microsecond. */
  readonly oldest: string;
  /** The same as a timestamp in the time zone that was asked for. */
  readonly oldestLocal: string;
  /** Transactions of others that the role may not look at. */
  readonly hidden: number;
  /** Transactions that are prepared and not committed: nobody knows when they began. */
  readonly prepared: number;
  /** Whether the server is a standby: the transactions of its primary are not to be seen. */
  readonly isStandby: boolean;
}

/**
 * Only what is connected to this database can write to it, and our own transactions never do; VACUUM brings no rows. The process of a transaction that the role may not look at is known by the lock
 * that each transaction has on itself.
 */
const openQuery = `
select to_char(o.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') || '+00:00' as oldest,
  to_char(o.at at time zone $1, 'YYYY-MM-DD"T"HH24:MI:SS.US') || '+00:00' as "oldestLocal",
  o.hidden, o.prepared, pg_is_in_recovery() as "isStandby"
from (
  select least(min(a.xact_start), now()) as at,
    (count(*) filter (where a.state is null and exists (
      select from pg_catalog.pg_locks l where l.pid = a.pid and l.locktype = 'virtualxid' and l.granted
    )))::int as hidden,
    (select count(*)::int from pg_catalog.pg_prepared_xacts p where p.database = current_database()) as prepared
  from pg_catalog.pg_stat_activity a
  where a.datname = current_database() and a.usesysid is not null and a.backend_type is distinct from 'walsender'
    and not (a.application_name = 'c8-source-postgres' and a.usename = session_user)
) o`;

/**
 * One query.
 *
 * @throws {ConfigError} `config_invalid` for a time zone that the server does not know.
 */
export async function openTransactions(client: Client, zone: string): Promise<OpenTransactions> {
  const rows = ownQuery<OpenTransactions & Record<string, unknown>>(client, openQuery, [zone]);
  const [row] = await rows.catch((error) => {
    throw (error as { readonly code?: unknown }).code === '22023' ? unknownZone(zone, error) : error;
  });
  if (row === undefined) throw new Error('a query without FROM gave no row');
  return row;
}

function unknownZone(zone: string, cause: unknown): ConfigError {
  return new ConfigError(`The server does not know the time zone ${zone}.`, {
    code: 'config_invalid',
    remedy: 'Correct timestamp_zone; pg_timezone_names lists the time zones of the server.',
    cause,
    details: { property: 'timestamp_zone' },
  });
}
