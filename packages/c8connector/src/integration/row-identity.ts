import { createHash } from 'node:crypto';
import type { Row } from '../interface/value.ts';
import { sequenceColumn } from '../jsonl/log-columns.ts';
import { stringifyValue } from '../jsonl/values.ts';

/** Identifies each row of a stream in the ledger. */
export interface RowIdentity {
  /**
   * The key as JSON. Without a key, the row's hash and how many equal rows came since the last boundary. In a stream that is read from a log, several rows can have one key, so they are
   * counted too.
   */
  of(row: Row): string;
  /** Restarts the counts: the rows before the boundary are not read again. */
  markBoundary(): void;
}

/** Names the rows of a stream with this key; `isLog` when they are read from a log. */
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

/** The hash of all columns except the row's number, which differs when the row is read again. */
function hashOf({ [sequenceColumn]: _, ...row }: Row): string {
  return createHash('sha256').update(stringifyValue(row)).digest('hex').slice(0, 32);
}
