import type { Json, Partition, SessionPartitions } from 'c8connector';
import { copyLost } from 'c8connector-sql';
import type { LentConnection } from './connection.ts';
import { ownQuery } from './own-query.ts';
import type { Isolation } from './reading.ts';

type Lend = (signal: AbortSignal, isolation: Isolation) => Promise<LentConnection>;
type Plan = (connection: LentConnection) => Promise<readonly Partition[]>;

/**
 * Snapshots that are each held by a connection of their own, so that several others read a table as of one moment. The text of a session names the snapshot and the server process that holds it, so a part of the
 * copy can be read by another process, too. Disposing ends them all.
 */
export interface SnapshotSessions extends AsyncDisposable {
  /** Begins a session and plans a copy in it; [] without a session when the copy is in one piece. Rejects with errors of pg. */
  plan(signal: AbortSignal, plan: Plan): Promise<readonly Partition[] | SessionPartitions>;
  /**
   * Lends a connection that reads in the snapshot.
   *
   * @throws {DataError} `copy_lost` when the session is over.
   */
  lend(stream: string, session: string, signal: AbortSignal): Promise<LentConnection>;
  /** To be called when a part was read to its end: after the last one, the session ends. */
  endPart(session: string, part: Partition): Promise<void>;
}

interface Session {
  readonly connection: LentConnection;
  /** The beginnings of the parts that are not read yet. */
  readonly left: Set<Json>;
}

export function snapshotSessions(lend: Lend): SnapshotSessions {
  const open = new Map<string, Session>();
  return {
    async plan(signal, plan) {
      // It outlives the unit that plans, and ends at the latest with the run.
      const connection = await lend(signal, 'repeatable read');
      try {
        const session = await sessionOf(connection);
        const partitions = await plan(connection);
        if (partitions.length === 0) {
          await connection.giveBack();
          return [];
        }
        open.set(session, { connection, left: new Set(partitions.map(({ from }) => from)) });
        return { session, partitions };
      } catch (error) {
        await connection[Symbol.asyncDispose]();
        throw error;
      }
    },
    async lend(stream, session, signal) {
      const [snapshot = '', process = '', startedAt = ''] = session.split(' ');
      const connection = await lend(signal, { snapshot }).catch((error) => {
        throw isGone(error) ? copyLost(stream, 'its snapshot is gone', error) : error;
      });
      // A restarted server reuses names of snapshots.
      const [found] = await connection.awaiting(ownQuery(connection.client, holderQuery, [process, startedAt]));
      if (found !== undefined) return connection;
      await connection[Symbol.asyncDispose]();
      throw copyLost(stream, 'its snapshot is gone');
    },
    async endPart(session, { from }) {
      const held = open.get(session);
      held?.left.delete(from);
      if (held === undefined || held.left.size > 0) return;
      open.delete(session);
      await held.connection.giveBack();
    },
    async [Symbol.asyncDispose]() {
      const held = [...open.values()];
      open.clear();
      await Promise.all(held.map(({ connection }) => connection[Symbol.asyncDispose]()));
    },
  };
}

const startedAtText = 'extract(epoch from backend_start)::text';

/** The process that holds the snapshot; processes of the same role are always visible. */
const holderQuery = `
select true as found from pg_catalog.pg_stat_activity where pid::text = $1 and ${startedAtText} = $2`;

const sessionQuery = `
select pg_export_snapshot() || ' ' || pid || ' ' || ${startedAtText} as session
from pg_catalog.pg_stat_activity where pid = pg_backend_pid()`;

async function sessionOf({ client, awaiting }: LentConnection): Promise<string> {
  const [row] = await awaiting(ownQuery<{ session: string }>(client, sessionQuery));
  return row?.session ?? '';
}

/** Whether SET TRANSACTION SNAPSHOT failed because the snapshot does not exist any more, or its name is invalid. */
function isGone(error: unknown): boolean {
  const { details } = error as { readonly details?: { readonly serverCode?: unknown } };
  return ['22023', '42704', '55000', '58P01'].includes(String(details?.serverCode));
}
