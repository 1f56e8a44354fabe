import type { CheckResult } from 'c8connector';
import { listed, type TableName } from './names.ts';

/** What a step of `check` warns of, and its fix. */
export type Finding = readonly [message: string, remedy: string];

/** A warning with all findings, or `good` if there are none. */
function findingsResult(findings: readonly Finding[], good: string): CheckResult {
  if (findings.length === 0) return good;
  return {
    status: 'warning',
    message: findings.map(([message]) => message).join(' '),
    remedy: findings.map(([, remedy]) => remedy).join(' '),
  };
}

/** The result of the step about rows that INCREMENTAL could miss: `findings` of the server, and the tables without a column that holds a time. */
export function missedRowsResult(findings: readonly Finding[], untimed: readonly TableName[]): CheckResult {
  const ofTables: readonly Finding[] =
    untimed.length === 0
      ? []
      : [
          [
            `No column of ${listed(untimed)} holds a time: with any other key, a row is missed if it is committed after a row with a higher key was read.`,
            'Choose a key that only one transaction at a time assigns, or copy these tables with FULL_TABLE.',
          ],
        ];
  return findingsResult([...findings, ...ofTables], 'Rows of transactions that are still open are not missed.');
}
