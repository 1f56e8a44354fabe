import { invalidAnswer } from 'c8connector-sql';
import type { Client } from 'pg';
import { ownQuery } from '../own-query.ts';

/** A logical replication slot. */
export interface Slot {
  readonly plugin: string;
  readonly database: string;
  /** Whether it sends prepared transactions before they are committed. */
  readonly isTwoPhase: boolean;
  /** The server keeps its log from here on. */
  readonly confirmed: bigint | undefined;
  /** Bytes of the log that it keeps for the slot. */
  readonly retained: bigint | undefined;
  /** Why the server has invalidated it; undefined for a valid one. */
  readonly lostBecause: string | undefined;
  /** The process of the server that reads it now. */
  readonly activePid: number | undefined;
}

/** The log of a server, and the slot of this connection. */
export interface ServerLog {
  readonly version: number;
  /** The encoding of the database. */
  readonly encoding: string;
  readonly walLevel: string;
  readonly isStandby: boolean;
  /** The id of the cluster, which a copy of its files shares. */
  readonly system: string;
  /** Undefined on a standby. */
  readonly timeline: number | undefined;
  /** The end of the log that is on disk. */
  readonly end: bigint;
  readonly slot: Slot | undefined;
}

interface LogRow {
  readonly version: number;
  readonly encoding: string;
  readonly walLevel: string;
  readonly isStandby: boolean;
  readonly system: string;
  readonly walFile: string | null;
  readonly end: string;
  readonly slot: Readonly<Record<string, unknown>> | null;
  readonly retained: string | null;
}

const logQuery = `
select pg_catalog.current_setting('server_version_num')::int as version,
  pg_catalog.current_setting('server_encoding') as encoding, pg_catalog.current_setting('wal_level') as "walLevel",
  r.standby as "isStandby", (select c.system_identifier::text from pg_catalog.pg_control_system() c) as system,
  case when not r.standby then pg_catalog.pg_walfile_name(l.lsn) end as "walFile", l.lsn::text as end,
  pg_catalog.to_jsonb(s) as slot, (l.lsn - s.restart_lsn)::text as retained
from (select pg_catalog.pg_is_in_recovery() as standby) r
cross join lateral (
  select case when r.standby then pg_catalog.pg_last_wal_replay_lsn() else pg_catalog.pg_current_wal_flush_lsn() end as lsn
) l
left join pg_catalog.pg_replication_slots s on s.slot_name = $1`;

/** Queries the position of the server's log and the state of the slot. One query; errors are those of pg. */
export async function findServerLog(client: Client, slot: string): Promise<ServerLog> {
  const [row] = await ownQuery<LogRow>(client, logQuery, [slot]);
  if (row === undefined) throw invalidAnswer('it does not report the end of its log');
  const { version, encoding, walLevel, isStandby, system, walFile } = row;
  return {
    version: Math.floor(version / 10_000),
    encoding,
    walLevel,
    isStandby,
    system,
    timeline: walFile === null ? undefined : Number.parseInt(walFile.slice(0, 8), 16),
    end: lsnOf(row.end) ?? 0n,
    slot: row.slot === null ? undefined : slotOf(row.slot, row.retained),
  };
}

/** Columns that only later servers have are read if they exist. */
function slotOf(row: Readonly<Record<string, unknown>>, retained: string | null): Slot {
  const { plugin, database, wal_status, invalidation_reason, active_pid } = row;
  const reason = invalidation_reason ?? (wal_status === 'lost' ? 'wal_removed' : undefined);
  return {
    plugin: String(plugin),
    database: String(database),
    isTwoPhase: row.two_phase === true,
    confirmed: lsnOf(row.confirmed_flush_lsn),
    retained: retained === null ? undefined : BigInt(retained),
    lostBecause: reason === undefined || reason === null ? undefined : String(reason),
    activePid: typeof active_pid === 'number' ? active_pid : undefined,
  };
}

/** A byte position from PostgreSQL's text form; undefined if the text is not a position. */
export function lsnOf(text: unknown): bigint | undefined {
  const [, high, low] = /^([0-9A-F]+)\/([0-9A-F]+)$/i.exec(String(text)) ?? [];
  return high === undefined || low === undefined ? undefined : (BigInt(`0x${high}`) << 32n) + BigInt(`0x${low}`);
}
