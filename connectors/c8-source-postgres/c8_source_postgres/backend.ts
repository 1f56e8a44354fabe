import { isC8Error } from 'c8connector';
import { type Activity, invalidAnswer } from 'c8connector-sql';
import type { QueryResult } from 'pg';
import type { Connection } from './connection.ts';
import { ownQuery } from './own-query.ts';

/** The server process of a connection, also behind a pooler. */
export interface Backend {
  readonly pid: number;
  /** When the server started, in seconds since 1970: distinguishes the process from one of another server behind the same address. */
  readonly serverStartedAt: string;
}

const serverStartedAt = `extract(epoch from pg_catalog.pg_postmaster_start_time())::pg_catalog.text as "serverStartedAt"`;

/** The query for the {@link Backend} of its connection. */
export const backendText = `select pg_catalog.pg_backend_pid() as pid, ${serverStartedAt}`;

/** The backend, when `backendText` was the last of several statements. */
export function backendOf(results: unknown): Backend {
  const last = Array.isArray(results) ? (results.at(-1) as QueryResult<Backend> | undefined) : undefined;
  const [backend] = last?.rows ?? [];
  if (typeof backend?.pid !== 'number') throw invalidAnswer('it does not report the process of this connection');
  return backend;
}

interface ActivityRow {
  readonly serverStartedAt: string;
  readonly state: string | null;
  readonly event: string | null;
  readonly isFound: boolean;
}

/** Milliseconds for the login of the second connection, and again for its query. */
export const probeTimeout = 7000;

/** Asks the server through a second connection what the backend is doing. Never rejects. */
export async function activityOf(backend: Backend, open: () => Promise<Connection>): Promise<Activity> {
  try {
    await using connection = await open();
    const row = await Promise.race([rowOf(connection, backend), nothingAfter(probeTimeout)]);
    // A pooler may have no second connection left while the first one works.
    if (row === undefined || row.serverStartedAt !== backend.serverStartedAt) return 'unknown';
    if (!row.isFound || row.state?.startsWith('idle') === true) return 'ended';
    if (row.state !== 'active') return 'unknown';
    return row.event === 'ClientWrite' ? 'ended' : 'works';
  } catch (error) {
    return isC8Error(error) && error.code === 'connection_timeout' ? 'unreachable' : 'unknown';
  }
}

/** All names are qualified, because no search path was set on the second connection. */
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
