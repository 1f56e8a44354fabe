import type { CheckResult } from 'c8connector';
import { type Finding, missedRowsResult } from 'c8connector-sql';
import { findColumns, type Relation } from './catalog.ts';
import type { PostgresConfig } from './config.ts';
import type { Connection } from './connection.ts';
import { hiddenRemedy, holdsServerTime, standbyRemedy } from './highest.ts';
import { openTransactions } from './open-transactions.ts';
import { ownQuery } from './own-query.ts';

/**
 * Checks whether reads by a replication key see each row, even though transactions do not commit in the order in which they begin. Throws errors of pg, and a ConfigError when the server does not know `timestamp_zone`.
 */
export async function checkIncremental(
  { client, awaiting }: Pick<Connection, 'client' | 'awaiting'>,
  config: PostgresConfig,
  relations: readonly Relation[],
): Promise<CheckResult> {
  const { prepared, isStandby } = await awaiting(openTransactions(client, config.timestamp_zone));
  const [right] = await awaiting(ownQuery<{ isGiven: boolean }>(client, rightQuery));
  const columns = await awaiting(findColumns(client, relations));
  const untimed = relations.filter(({ oid }) => columns.get(oid)?.some(holdsServerTime) !== true);
  const findings: Finding[] = [];
  if (isStandby) findings.push(['A standby cannot see the open transactions of its primary.', standbyRemedy]);
  if (right?.isGiven !== true)
    findings.push(['The role may not see when transactions of other roles began.', hiddenRemedy]);
  if (prepared > 0)
    findings.push([
      `Prepared transactions (${prepared}) are not committed yet. Until they are, each run reads the same rows again.`,
      'Commit them or roll them back: pg_prepared_xacts lists them.',
    ]);
  return missedRowsResult(findings, untimed);
}

const rightQuery = `select pg_has_role('pg_read_all_stats', 'USAGE') as "isGiven"`;
