import type { CheckResult } from 'c8connector';
import { connect } from '../client.ts';
import type { MysqlConfig } from '../config.ts';
import type { Connection } from '../connection.ts';
import { findSettings } from './server-log.ts';

/** How long a server keeps its log. */
export interface Retention {
  /** Infinity if it removes nothing by itself; 0 if it removes each file as soon as it no longer needs it. */
  readonly hours: number;
  /** Whether Amazon RDS or Aurora removes the files. */
  readonly isManaged: boolean;
  /** Whether the server has only `expire_logs_days`, as MariaDB 10.5. */
  readonly isInDays?: boolean;
}

/** Queries how long the server keeps its log; errors are those of mysql2. */
export async function findRetention(
  connection: Connection,
  config: MysqlConfig,
  signal: AbortSignal,
): Promise<Retention> {
  const settings = await findSettings(connection);
  const { aurora_version, basedir = '', binlog_expire_logs_seconds = '0', expire_logs_days = '0' } = settings;
  if (aurora_version !== undefined || basedir.startsWith('/rdsdbbin')) {
    const hours = await managedHours(config, signal);
    if (hours !== undefined) return { hours, isManaged: true };
  }
  const seconds = Number(binlog_expire_logs_seconds) || Number(expire_logs_days) * 86_400;
  return {
    hours: seconds === 0 ? Number.POSITIVE_INFINITY : seconds / 3600,
    isManaged: false,
    isInDays: settings.binlog_expire_logs_seconds === undefined,
  };
}

/** Amazon's own setting, which is not a variable of the server. Undefined if the user may not see it. */
export async function managedHours(config: MysqlConfig, signal: AbortSignal): Promise<number | undefined> {
  // Its own connection, and the query of mysql2, since a procedure has more results than one.
  await using connection = await connect(config, signal);
  const results = await new Promise<unknown>((resolve) => {
    connection.client.query('call mysql.rds_show_configuration', (error, found) =>
      resolve(error === null ? found : undefined),
    );
  });
  const [rows] = Array.isArray(results) ? (results as unknown[]) : [];
  const settings = Array.isArray(rows) ? (rows as { readonly name?: unknown; readonly value?: unknown }[]) : [];
  const found = settings.find(({ name }) => name === 'binlog retention hours');
  return found && Number(found.value ?? 0);
}

/** Hours below which a day without a run loses the position. */
const fewHours = 24;

/** The result of `validate`: a warning with its fix if the log is kept for less than a day. */
export function retentionResult({ hours, isManaged, isInDays = false }: Retention): CheckResult {
  if (hours === Number.POSITIVE_INFINITY) return 'The server keeps its log until it is purged by hand.';
  if (hours >= fewHours) return `The server keeps its log for ${text(hours)}: no more time may pass between two runs.`;
  return {
    status: 'warning',
    message:
      hours === 0
        ? 'The server removes each file of its log as soon as it no longer needs it: the next run may not find its position.'
        : `The server keeps its log only for ${text(hours)}: after a longer time without a run, tables must be copied again.`,
    remedy: isManaged
      ? `Run CALL mysql.rds_set_configuration('binlog retention hours', 168).`
      : `Run SET GLOBAL ${isInDays ? 'expire_logs_days = 7' : 'binlog_expire_logs_seconds = 604800'}, and set it in the configuration of the server.`,
  };
}

function text(hours: number): string {
  if (hours >= 48) return `${Math.round(hours / 24)} days`;
  return hours === 1 ? 'one hour' : `${Number(hours.toFixed(1))} hours`;
}
