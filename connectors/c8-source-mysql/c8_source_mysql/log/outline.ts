import { eventTypes as e } from './binlog/event-types.ts';
import type { LogEvent } from './binlog/events.ts';
import { statementOf } from './statement.ts';

/** Which rows events of a transaction of MariaDB count: it logs also those that were undone, if temporary tables or tables without transactions were changed as well. */
export interface Outline {
  /** Takes an event; `decode` is called for statements only. Returns whether it ends the transaction. */
  take(type: number, decode: () => LogEvent | undefined): boolean;
  /** Whether the rows event with this index, from 0 on, was undone. */
  isUndone(index: number): boolean;
}

const ends: ReadonlySet<number> = new Set([e.xid, e.xaPrepare]);
const statements: ReadonlySet<number> = new Set([e.query, e.queryCompressed]);
const rows: ReadonlySet<number> = new Set([
  ...[e.writeRowsV1, e.updateRowsV1, e.deleteRowsV1, e.writeRows, e.updateRows, e.deleteRows],
  ...[e.writeRowsCompressedV1, e.updateRowsCompressedV1, e.deleteRowsCompressedV1],
  ...[e.writeRowsCompressed, e.updateRowsCompressed, e.deleteRowsCompressed],
]);

/** Whether an event of this type has rows. */
export function isRows(type: number): boolean {
  return rows.has(type);
}

/** An outline for the events of one transaction, from its beginning on. */
export function transactionOutline(): Outline {
  const savepoints = new Map<string, number>();
  const undone: { readonly from: number; readonly to: number }[] = [];
  let count = 0;

  function takeStatement(event: LogEvent | undefined): boolean {
    if (event?.kind !== 'query') return false;
    const { kind, savepoint = '' } = statementOf(event);
    if (kind === 'savepoint') savepoints.set(savepoint, count);
    else if (kind === 'rollback to') undone.push({ from: savepoints.get(savepoint) ?? 0, to: count });
    else if (kind === 'rollback') undone.push({ from: 0, to: count });
    return kind === 'rollback' || kind === 'commit';
  }

  return {
    take(type, decode) {
      if (rows.has(type)) count += 1;
      return ends.has(type) || (statements.has(type) && takeStatement(decode()));
    },
    isUndone: (index) => undone.some(({ from, to }) => from <= index && index < to),
  };
}
