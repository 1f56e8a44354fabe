import type { CheckResult } from 'c8connector';
import { findColumns, type Table } from './catalog.ts';
import type { MysqlConfig } from './config.ts';
import type { Connection } from './connection.ts';
import { hiddenRemedy, holdsServerTime, replicaRemedy } from './highest.ts';
import { openTransactions } from './open-transactions.ts';
import { localFrom } from './zone.ts';

/**
 * Checks whether reads by a replication key see each row, even though transactions do not commit in the order in which they begin. Throws errors of mysql2, and a ConfigError when there is no time zone `timestamp_zone`.
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
  const findings: [message: string, remedy: string][] = [];
  if (isReplica) findings.push(['A replica cannot see the open transactions of its primary.', replicaRemedy]);
  if (isHidden) findings.push(['The user may not see when transactions of other users began.', hiddenRemedy]);
  if (prepared > 0)
    findings.push([
      `Prepared transactions (${prepared}) are not committed yet. Until they are, each run reads the same rows again.`,
      'Commit them or roll them back: XA RECOVER lists them.',
    ]);
  if (untimed.length > 0) {
    const names = untimed.slice(0, 5).map(({ schema, name }) => `${schema}.${name}`);
    findings.push([
      `No column of ${names.join(', ')}${untimed.length > names.length ? ', …' : ''} holds a time: with any other key, a row is missed if it is committed after a row with a higher key was read.`,
      'Choose a key that only one transaction at a time assigns, or copy these tables with FULL_TABLE.',
    ]);
  }
  if (findings.length === 0) return 'Rows of transactions that are still open are not missed.';
  const [message, remedy] = [0, 1].map((part) => findings.map((finding) => finding[part]).join(' '));
  return { status: 'warning', message: message ?? '', remedy: remedy ?? '' };
}
