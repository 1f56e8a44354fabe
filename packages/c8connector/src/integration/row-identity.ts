import { createHash } from 'node:crypto';
import type { Row } from '../interface/value.ts';
import { stringifyValue } from '../jsonl/values.ts';

/** Names each row of a stream for the ledger. */
export interface RowIdentity {
  /** The key as JSON; without a key the row's hash, and how often this row came since the last border. */
  of(row: Row): string;
  /** Counting begins anew: what came before will not come again. */
  border(): void;
}

export function rowIdentity(keyProperties: readonly string[]): RowIdentity {
  if (keyProperties.length > 0) {
    return {
      of: (row) => stringifyValue(keyProperties.map((name) => row[name] ?? null)),
      border: () => undefined,
    };
  }
  const seen = new Map<string, number>();
  return {
    of(row) {
      const hash = createHash('sha256').update(stringifyValue(row)).digest('hex').slice(0, 32);
      const ordinal = (seen.get(hash) ?? 0) + 1;
      seen.set(hash, ordinal);
      return `${hash}#${ordinal}`;
    },
    border: () => seen.clear(),
  };
}
