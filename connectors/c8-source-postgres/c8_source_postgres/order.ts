import type { ServerTypes, TypeRow } from './types.ts';

/** How the server compares the values of a column: by the operators of the order that an index and ORDER BY have. */
export interface Order {
  /** The type to read a value as, with its schema and in quotes; without a length, which would cut it. */
  readonly type: string;
  /** As SQL has them, with their schema: `<`, `<=`, `=`, `>=`, `>`. */
  readonly operators: readonly string[];
}

/** The place of each comparison among the operators of an {@link Order}. */
export const comparisons = { before: 0, upTo: 1, equal: 2, from: 3, behind: 4 } as const;

export type Comparison = keyof typeof comparisons;

/** The order of the values of a type, a domain as that of its base type; undefined for a type that has none. */
export function orderOf(types: ServerTypes, oid: string): Order | undefined {
  const row: TypeRow | undefined = types.rows.get(oid);
  if (row === undefined) return undefined;
  if (row.base !== null) return orderOf(types, row.base);
  const { quotedName: type, operators } = row;
  return operators.length === 5 ? { type, operators } : undefined;
}
