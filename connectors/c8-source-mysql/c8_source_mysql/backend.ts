import { isC8Error } from 'c8connector';
import { type Activity, invalidAnswer } from 'c8connector-sql';
import type { Connection } from './connection.ts';
import { execute, ownQuery } from './own-query.ts';
import { processList, type Thread } from './process-list.ts';

/** The thread of the server that serves a connection, also behind a proxy. */
export interface Backend {
  readonly thread: number;
  /** Distinguishes the server from another one behind the same address. */
  readonly host: string;
}

/** The thread of this connection. Errors are those of mysql2. */
export async function backendOf({ client }: Pick<Connection, 'client'>): Promise<Backend> {
  const [backend] = await ownQuery<Backend>(
    client,
    `select connection_id() as thread, concat(@@hostname, ':', @@port, ' ', @@datadir) as host`,
  );
  if (backend === undefined) throw invalidAnswer('it does not report the thread of this connection');
  return backend;
}

/** Milliseconds for the login of the second connection, and again for its query. */
export const probeTimeout = 7000;

/** Asks the server through a second connection what the thread is doing. Never rejects. */
export async function activityOf(backend: Backend, open: () => Promise<Connection>): Promise<Activity> {
  try {
    await using connection = await open();
    const row = await Promise.race([rowOf(connection, backend), nothingAfter(probeTimeout)]);
    if (row === 'unknown') return 'unknown';
    if (row === undefined || row.command === 'Sleep') return 'ended';
    // Of the rows of a query, or of the events of the log.
    return /Writing to net|Sending to client/i.test(row.state) ? 'ended' : 'works';
  } catch (error) {
    return isC8Error(error) && error.code === 'connection_timeout' ? 'unreachable' : 'unknown';
  }
}

/** Milliseconds for ending a thread, from the login on. */
export const killTimeout = 2000;

/** Ends the thread through a second connection, which `open` opens and which breaks when its signal is aborted. Never rejects. */
export async function endThread(backend: Backend, open: (signal: AbortSignal) => Promise<Connection>): Promise<void> {
  try {
    await using connection = await open(AbortSignal.timeout(killTimeout));
    // Threads of other servers have the same numbers.
    if ((await backendOf(connection)).host === backend.host) await execute(connection.client, `kill ${backend.thread}`);
  } catch {
    // It may have ended, and nobody waits for it any more.
  }
}

/** What the server lists about the thread: its user sees it without the privilege PROCESS. */
async function rowOf(connection: Connection, { thread, host }: Backend): Promise<Thread | 'unknown' | undefined> {
  if ((await backendOf(connection)).host !== host) return 'unknown';
  return (await processList(connection.client)).find(({ id }) => id === thread);
}

function nothingAfter(milliseconds: number): Promise<'unknown'> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds, 'unknown' as const).unref());
}
