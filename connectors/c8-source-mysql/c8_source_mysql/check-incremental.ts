import type { CheckResult } from 'c8connector';
import { type Finding, missedRowsResult } from 'c8connector-sql';
import { findColumns, type Table } from './catalog.ts';
import type { MysqlConfig } from './config.ts';
import type { Connection } from './connection.ts';
import { hiddenRemedy, holdsServerTime, replicaRemedy } from './highest.ts';
import { openTransactions } from './open-transactions.ts';
import { localFrom } from './zone.ts';

/**
 * Checks whether reads by a replication key see each row, even though transactions do not commit in the order in which they begin. Throws errors of mysql2, and a ConfigError when `timestamp_zone` is not a time zone.
 */
export async function checkIncremental(
  connection: Connection,
  config: MysqlConfig,
  tables: readonly Table[],
): Promise<CheckResult> {
  const { awaiting } = connection;
  localFrom(0, config.timestamp_zone);
  const { isHidden, prepared, isReplica } = await awaiting(openTransactions(connection));
  const columns = await awaiting(findColumns(connection, tables, config));
  const untimed = tables.filter((table) => columns.get(table)?.some(holdsServerTime) !== true);
  const findings: Finding[] = [];
  if (isReplica) findings.push(['A replica cannot see the open transactions of its primary.', replicaRemedy]);
  if (isHidden) findings.push(['The user may not see when transactions of other users began.', hiddenRemedy]);
  if (prepared > 0)
    findings.push([
      `Prepared transactions (${prepared}) are not committed yet. Until they are, each run reads the same rows again.`,
      'Commit them or roll them back: XA RECOVER lists them.',
    ]);
  return missedRowsResult(findings, untimed);
}
