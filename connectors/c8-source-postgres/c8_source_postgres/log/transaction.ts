import type { Tails } from './log-table.ts';
import type { Begin } from './pgoutput.ts';
import type { Reached } from './reached.ts';
import { tailsOf } from './tails.ts';

/** A transaction that is being read. */
export interface Transaction {
  readonly begin: Begin;
  readonly tails: Tails;
  /** Changes of it that came already, of all tables. */
  changes: number;
  /** Whether the change that came last is one that the stream of its table does not have yet. */
  isNew(oid: string, stream: string): boolean;
}

export function openTransaction(begin: Begin, reached: Reached): Transaction {
  const given = new Map<string, number>();
  const transaction: Transaction = {
    begin,
    tails: tailsOf(begin),
    changes: 0,
    isNew(oid, stream) {
      let count = given.get(oid);
      if (count === undefined) {
        count = reached.given(stream, begin.lsn);
        given.set(oid, count);
      }
      return transaction.changes > count;
    },
  };
  return transaction;
}
