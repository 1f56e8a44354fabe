import type { ColumnComparison } from 'c8connector-sql';
import type { ServerTypes, TypeRow } from './types.ts';

/** How the server compares the values of a column: with the operators of the order that indexes and ORDER BY use. */
export interface Order {
  /** The type to cast a value to, with its schema and in quotes; without a length, which would truncate it. */
  readonly type: string;
  /** The operators in SQL, with their schema: `<`, `<=`, `=`, `>=`, `>`. */
  readonly operators: readonly string[];
}

/** The index of each comparison among the operators of an {@link Order}. */
export const comparisons: Readonly<Record<ColumnComparison, number>> = {
  before: 0,
  upTo: 1,
  equal: 2,
  from: 3,
  after: 4,
};

/** The order of the values of a type; a domain has that of its base type. Undefined for a type without an order. */
export function orderOf(types: ServerTypes, oid: string): Order | undefined {
  const row: TypeRow | undefined = types.rows.get(oid);
  if (row === undefined) return undefined;
  if (row.base !== null) return orderOf(types, row.base);
  const { quotedName: type, operators } = row;
  return operators.length === 5 ? { type, operators } : undefined;
}
