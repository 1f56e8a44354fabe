import { type CheckResult, ConnectionError } from 'c8connector';
import type { Client } from 'pg';
import { ownQuery } from '../own-query.ts';
import type { ServerLog } from './server-log.ts';

/** The capacity of a server for readers of its log. */
export interface LogRoom {
  readonly slots: number;
  readonly usedSlots: number;
  readonly senders: number;
  readonly usedSenders: number;
  /** The most bytes of the log that it keeps for a slot; null if there is no limit. */
  readonly limit: string | null;
}

const roomQuery = `
select pg_catalog.current_setting('max_replication_slots')::int as slots,
  (select pg_catalog.count(*)::int from pg_catalog.pg_replication_slots) as "usedSlots",
  pg_catalog.current_setting('max_wal_senders')::int as senders,
  (select pg_catalog.count(*)::int from pg_catalog.pg_stat_replication) as "usedSenders",
  (select case when s.setting::bigint >= 0 then (s.setting::bigint * 1024 * 1024)::text end
    from pg_catalog.pg_settings s where s.name = 'max_slot_wal_keep_size') as limit`;

/** One query. */
export async function findLogRoom(client: Client): Promise<LogRoom> {
  const [room] = await ownQuery<LogRoom>(client, roomQuery);
  return room ?? { slots: 1, usedSlots: 0, senders: 1, usedSenders: 0, limit: null };
}

/** A warning is logged from this many retained bytes on. */
const much = 1024n ** 3n;

/** @throws {ConnectionError} `server_busy` when there is no room. */
export function roomResult(name: string, { slot }: Pick<ServerLog, 'slot'>, room: LogRoom): CheckResult {
  if (slot === undefined && room.usedSlots >= room.slots)
    throw full('slot', room.slots, 'max_replication_slots', 'drop an unused slot: pg_replication_slots lists them');
  if (room.usedSenders >= room.senders)
    throw full('WAL sender', room.senders, 'max_wal_senders', 'stop one: pg_stat_replication lists them');
  const limit = room.limit === null ? undefined : BigInt(room.limit);
  if (slot?.lostBecause !== undefined)
    return {
      status: 'warning',
      message: `The server has invalidated the slot ${name} (${slot.lostBecause}).`,
      remedy:
        'Copy the streams again with --full-refresh, which creates a new slot, and raise max_slot_wal_keep_size, so that the server retains more WAL.',
    };
  const retained = slot?.retained ?? 0n;
  if (retained >= much || (limit !== undefined && 2n * retained > limit))
    return {
      status: 'warning',
      message: `The server retains ${megabytes(retained)} of WAL for the slot ${name}${limit === undefined ? '' : `, and invalidates it at ${megabytes(limit)}`}.`,
      remedy: 'Run more often, or follow the log continuously; drop a slot that is no longer needed.',
    };
  const kept =
    slot === undefined
      ? `The server has a free slot for ${name}`
      : `The server retains ${megabytes(retained)} of WAL for the slot ${name}`;
  const bound =
    limit === undefined
      ? 'retains WAL without a limit while a slot is not read (max_slot_wal_keep_size)'
      : `invalidates a slot that needs more than ${megabytes(limit)}`;
  return `${kept}. The server ${bound}.`;
}

function full(what: string, count: number, setting: string, otherwise: string): ConnectionError {
  return new ConnectionError(`The server has no ${what} left: all ${count} are used.`, {
    code: 'server_busy',
    remedy: `Raise ${setting} of the server and restart it, or ${otherwise}.`,
  });
}

function megabytes(bytes: bigint): string {
  return `${(bytes / 1024n ** 2n).toLocaleString('en')} MB`;
}
