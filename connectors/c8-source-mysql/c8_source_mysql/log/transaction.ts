import { type RowEndings, rowEndingsOf } from './row-endings.ts';
import type { StreamPositions, TransactionStart } from './stream-positions.ts';

/** A transaction that is being read. */
export interface Transaction {
  readonly start: TransactionStart;
  readonly endings: RowEndings;
  /** Microseconds since 1970. */
  readonly committedAt: bigint;
  /** How many of its rows events, truncations among them, have arrived, for all tables. */
  changes: number;
  /** Whether rows may follow; if not, the next statement is the whole transaction. */
  isOpen: boolean;
  /** Whether its rows are only prepared: they are held back until their commit. */
  isPrepared: boolean;
  /** Whether the stream does not have the latest change yet. */
  isNew(stream: string): boolean;
}

/** A transaction of which nothing was taken yet; `committedAt` in microseconds since 1970. */
export function beginTransaction(start: TransactionStart, committedAt: bigint, progress: StreamPositions): Transaction {
  const readBefore = new Map<string, number>();
  const transaction: Transaction = {
    start,
    endings: rowEndingsOf(committedAt),
    committedAt,
    changes: 0,
    isOpen: false,
    isPrepared: false,
    isNew(stream) {
      let count = readBefore.get(stream);
      if (count === undefined) {
        count = progress.changesRead(stream, start);
        readBefore.set(stream, count);
      }
      return transaction.changes > count;
    },
  };
  return transaction;
}
