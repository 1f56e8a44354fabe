import type { RowEndings } from './log-table.ts';
import type { Begin } from './pgoutput.ts';
import { rowEndingsOf } from './row-endings.ts';
import type { StreamPositions } from './stream-positions.ts';

/** A transaction that is being read. */
export interface Transaction {
  readonly begin: Begin;
  readonly endings: RowEndings;
  /** How many of its changes have arrived, for all tables. */
  changes: number;
  /** Whether the stream of this table does not have the latest change yet. */
  isNew(oid: number, stream: string): boolean;
}

export function openTransaction(begin: Begin, progress: StreamPositions): Transaction {
  const readBefore = new Map<number, number>();
  const transaction: Transaction = {
    begin,
    endings: rowEndingsOf(begin),
    changes: 0,
    isNew(oid, stream) {
      let count = readBefore.get(oid);
      if (count === undefined) {
        count = progress.changesRead(stream, begin.lsn);
        readBefore.set(oid, count);
      }
      return transaction.changes > count;
    },
  };
  return transaction;
}
