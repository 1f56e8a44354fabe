import { ConfigError } from 'c8connector';
import type { Client } from 'pg';
import { ownQuery } from './own-query.ts';

/** Open transactions, which may still commit rows to the database. */
export interface OpenTransactions {
  /** When the oldest open transaction began, including that of the query: later rows cannot contain an older time of the server. ISO 8601 in UTC, to the microsecond. */
  readonly oldest: string;
  /** The same as a timestamp in the requested time zone. */
  readonly oldestLocal: string;
  /** Number of transactions of others that the role may not see. */
  readonly hidden: number;
  /** Number of prepared transactions, whose start is unknown. */
  readonly prepared: number;
  /** Whether the server is a standby, on which the transactions of its primary are not visible. */
  readonly isStandby: boolean;
}

/**
 * Only sessions of this database can write to it, and our own transactions never do; VACUUM inserts no rows. A transaction that the role may not see is found by the lock
 * that each transaction holds on itself.
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
 * Queries the open transactions, with one query.
 *
 * @throws {ConfigError} `config_invalid` for a time zone that the server does not know.
 */
export async function openTransactions(client: Client, zone: string): Promise<OpenTransactions> {
  const rows = ownQuery<OpenTransactions & Record<string, unknown>>(client, openQuery, [zone]);
  const [row] = await rows.catch((error) => {
    throw (error as { readonly code?: unknown }).code === '22023' ? unknownZone(zone, error) : error;
  });
  if (row === undefined) throw new Error('a query without FROM returned no row');
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
