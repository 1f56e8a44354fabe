import type { RowEndings } from './log-table.ts';
import type { Begin } from './pgoutput.ts';
import { rowEndingsOf } from './row-endings.ts';
import type { StreamPositions } from './stream-positions.ts';

/** A transaction that is being read. */
export interface Transaction {
  readonly begin: Begin;
  readonly endings: RowEndings;
  /** Changes of it that came already, of all tables. */
  changes: number;
  /** Whether the change that came last is one that the stream of its table does not have yet. */
  isNew(oid: number, stream: string): boolean;
}

export function openTransaction(begin: Begin, progress: StreamPositions): Transaction {
  const given = new Map<number, number>();
  const transaction: Transaction = {
    begin,
    endings: rowEndingsOf(begin),
    changes: 0,
    isNew(oid, stream) {
      let count = given.get(oid);
      if (count === undefined) {
        count = progress.changesRead(stream, begin.lsn);
        given.set(oid, count);
      }
      return transaction.changes > count;
    },
  };
  return transaction;
}
