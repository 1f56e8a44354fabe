import { isC8Error } from 'c8connector';
import type { QueryResult } from 'pg';
import type { Connection } from './connection.ts';
import { invalidAnswer } from './invalid-answer.ts';
import { ownQuery } from './own-query.ts';

/** The process of the server that works for a connection, also behind a pooler. */
export interface Backend {
  readonly pid: number;
  /** Tells it from a process of another server that an address may lead to: seconds since 1970. */
  readonly serverStartedAt: string;
}

const serverStartedAt = `extract(epoch from pg_catalog.pg_postmaster_start_time())::pg_catalog.text as "serverStartedAt"`;

/** The query that gives the {@link Backend} of its connection. */
export const backendText = `select pg_catalog.pg_backend_pid() as pid, ${serverStartedAt}`;

/** The backend, when `backendText` was the last of several statements. */
export function backendOf(results: unknown): Backend {
  const last = Array.isArray(results) ? (results.at(-1) as QueryResult<Backend> | undefined) : undefined;
  const [backend] = last?.rows ?? [];
  if (typeof backend?.pid !== 'number') throw invalidAnswer('it does not report the process of this connection');
  return backend;
}

/**
 * What another connection finds out. works: the query is under way. ended: the server has ended it, or waits for us, so that its answer was lost. unreachable: nobody
 * answered the other connection either. unknown: the server did not let it look.
 */
export type Activity = 'works' | 'ended' | 'unreachable' | 'unknown';

interface ActivityRow {
  readonly serverStartedAt: string;
  readonly state: string | null;
  readonly event: string | null;
  readonly isFound: boolean;
}

/** Milliseconds for the login of the other connection, and again for its query. */
export const probeTimeout = 7000;

/** Asks the server by another connection what the backend does. Never rejects. */
export async function activityOf(backend: Backend, open: () => Promise<Connection>): Promise<Activity> {
  try {
    await using connection = await open();
    const row = await Promise.race([rowOf(connection, backend), nothingAfter(probeTimeout)]);
    // A pooler may have no connection left for us while the first one works.
    if (row === undefined || row.serverStartedAt !== backend.serverStartedAt) return 'unknown';
    if (!row.isFound || row.state?.startsWith('idle') === true) return 'ended';
    if (row.state !== 'active') return 'unknown';
    return row.event === 'ClientWrite' ? 'ended' : 'works';
  } catch (error) {
    return isC8Error(error) && error.code === 'connection_timeout' ? 'unreachable' : 'unknown';
  }
}

/** No path was set on the other connection: all names are qualified. */
async function rowOf({ client }: Connection, { pid }: Backend): Promise<ActivityRow | undefined> {
  const [row] = await ownQuery<ActivityRow>(
    client,
    `select ${serverStartedAt}, a.state, a.wait_event as event, a.pid is not null as "isFound"
    from (select) one left join pg_catalog.pg_stat_activity a on a.pid operator(pg_catalog.=) ${pid}`,
  );
  return row;
}

function nothingAfter(milliseconds: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds, undefined).unref());
}
