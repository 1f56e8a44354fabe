import type { CheckResult, CheckStep } from 'c8connector';
import type { MysqlConfig } from '../config.ts';
import type { Connection } from '../connection.ts';
import { translateError } from '../errors.ts';
import { ownQuery } from '../own-query.ts';
import { fileCreated } from './file-created.ts';
import { findRetention, retentionResult } from './log-retention.ts';
import { filterGap, persist, refuseSilentReplica, refuseWithoutLog } from './refuse-without-log.ts';
import { findServerLog, findSettings, type ServerSettings } from './server-log.ts';

/** What the earlier steps of `validate` have opened. */
export interface CheckedDatabase {
  readonly login: Connection;
  readonly signal: AbortSignal;
}

/** Seconds of difference between two clocks that need no warning. */
const clockTolerance = 5;

const filterRemedy =
  'Remove the filter from the configuration of the server and restart it, or run such statements in the database of their table.';

/** Whether the config asks for the log for streams without a replication method of their own. */
export function followsLog({ replication_method, server_id }: MysqlConfig): boolean {
  return replication_method === 'LOG_BASED' || server_id !== undefined;
}

/** The steps of `validate` for a source that follows the log. They change nothing. */
export function* logSteps(config: MysqlConfig, opened: () => CheckedDatabase): Generator<CheckStep> {
  const asked = (ask: (connection: Connection) => Promise<CheckResult>) => async (): Promise<CheckResult> => {
    const { login } = opened();
    return await login.awaiting(ask(login)).catch((error: unknown) => {
      throw translateError(error, config);
    });
  };
  yield {
    id: 'log',
    label: 'Check the settings of the log',
    property: 'replication_method',
    run: asked(async (connection) => {
      const settings = await findSettings(connection);
      refuseWithoutLog(settings);
      await refuseSilentReplica(connection, settings);
      return metadataResult(settings);
    }),
  };
  yield {
    id: 'log_privileges',
    label: 'Check the privileges for the log',
    property: 'user',
    run: asked(async (connection) => {
      const server = await findServerLog(connection);
      await fileCreated(config, server.end, opened().signal);
      const gap = filterGap(server);
      if (gap !== undefined) return { status: 'warning', message: gap, remedy: filterRemedy };
      return `The user ${config.user} may read the log.`;
    }),
  };
  yield {
    id: 'retention',
    label: 'Check how long the log is kept',
    property: 'replication_method',
    run: asked(async (connection) => retentionResult(await findRetention(connection, config, opened().signal))),
  };
  yield {
    id: 'server_id',
    label: 'Check the server ID',
    property: 'server_id',
    run: asked(async (connection) => await serverIdResult(connection, config)),
  };
  yield {
    id: 'clock',
    label: 'Compare the clocks',
    property: 'host',
    run: asked(async (connection) => await clockResult(connection)),
  };
}

function metadataResult(settings: ServerSettings): CheckResult {
  const { binlog_row_metadata: metadata = 'NO_LOG' } = settings;
  if (metadata.toUpperCase() === 'FULL') return 'The log can be followed, and names its columns.';
  return {
    status: 'warning',
    message: `The log does not name its columns (binlog_row_metadata is ${metadata}): after each alteration of a table it must be copied again.`,
    remedy: persist('binlog_row_metadata', 'FULL', settings),
  };
}

async function serverIdResult(connection: Connection, { server_id }: MysqlConfig): Promise<CheckResult> {
  if (server_id === undefined) return 'Each connection has a server ID above 1,000,000,000 of its own.';
  const { flavour, version } = connection.server;
  const text = flavour === 'MySQL' && version >= 8.04 ? 'show replicas' : 'show slave hosts';
  // Whoever may not see the replicas learns of a collision from the first run.
  const rows = await ownQuery<{ Server_id?: number; Server_Id?: number }>(connection.client, text).catch(() => []);
  const settings = await findSettings(connection);
  const taken = [settings.server_id, ...rows.map((row) => String(row.Server_id ?? row.Server_Id))];
  if (!taken.includes(String(server_id))) return `No known replica has the server ID ${server_id}.`;
  return {
    status: 'warning',
    message: `The server ID ${server_id} belongs to the server or to one of its replicas: they would end each other's reading of the log.`,
    remedy: 'Set server_id to a number that no other has, or leave it out.',
  };
}

async function clockResult({ client }: Connection): Promise<CheckResult> {
  const before = Date.now();
  const [row] = await ownQuery<{ now: string; zone: string }>(
    client,
    'select unix_timestamp(now(6)) as now, @@system_time_zone as zone',
  );
  const difference = (Number(row?.now) - (before + Date.now()) / 2000).toFixed(1);
  if (Math.abs(Number(difference)) <= clockTolerance)
    return `The clocks agree. The time zone of the server is ${row?.zone}; the log has all timestamps in UTC.`;
  return {
    status: 'warning',
    message: `The clock of the server differs from that of this machine by ${difference} s: the times of deletions and the shown lag differ as well.`,
    remedy: 'Synchronise both with NTP.',
  };
}
