import { createHash } from 'node:crypto';
import type { Row } from '../interface/value.ts';
import { sequenceColumn } from '../jsonl/log-columns.ts';
import { stringifyValue } from '../jsonl/values.ts';

/** Names each row of a stream for the ledger. */
export interface RowIdentity {
  /**
   * The key as JSON; without a key the row's hash, and how often this row came since the last boundary. In a stream that is read from a log rows of one key come again and again: there they are
   * counted too.
   */
  of(row: Row): string;
  /** Counting starts over: what came before will not come again. */
  markBoundary(): void;
}

export function rowIdentity(
  keyProperties: readonly string[],
  { isLog = false }: { isLog?: boolean } = {},
): RowIdentity {
  const keyOf = (row: Row): string => stringifyValue(keyProperties.map((name) => row[name] ?? null));
  if (keyProperties.length > 0 && !isLog) return { of: keyOf, markBoundary: () => undefined };
  const seen = new Map<string, number>();
  return {
    of(row) {
      const name = keyProperties.length > 0 ? `key ${keyOf(row)}` : hashOf(row);
      const ordinal = (seen.get(name) ?? 0) + 1;
      seen.set(name, ordinal);
      return `${name}#${ordinal}`;
    },
    markBoundary: () => seen.clear(),
  };
}

/** Of all but its number, which is another one when the row comes again. */
function hashOf({ [sequenceColumn]: _, ...row }: Row): string {
  return createHash('sha256').update(stringifyValue(row)).digest('hex').slice(0, 32);
}
