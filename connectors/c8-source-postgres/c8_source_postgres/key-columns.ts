import {
  type ColumnComparison,
  type Comparison,
  compareColumns,
  type KeyValues,
  type OrderedColumn,
} from 'c8connector-sql';
import type { PostgresStream } from './discover.ts';
import { comparisons, type Order } from './order.ts';
import { quoteIdentifier, quoteLiteral } from './quote.ts';

/** A column by which rows are ordered. */
export interface KeyColumn extends OrderedColumn {
  readonly order: Order;
}

/** These columns as parts of an order; undefined when one of them has no order. */
export function keyColumns({ columns }: PostgresStream, names: readonly string[]): readonly KeyColumn[] | undefined {
  const byName = new Map(columns.map((column) => [column.name, column]));
  const key = names.flatMap((name): KeyColumn[] => {
    const order = byName.get(name)?.order;
    return order === undefined ? [] : [{ name, order }];
  });
  return key.length === names.length ? key : undefined;
}

/** The columns of the stream's own key, as parts of an order; undefined for a stream without a key, or with a key without an order. */
export function ownKey(stream: PostgresStream): readonly KeyColumn[] | undefined {
  const { keyProperties = [] } = stream;
  return keyProperties.length === 0 ? undefined : keyColumns(stream, keyProperties);
}

/** The condition that compares the key of a row with these values: `("a", "b") >= ('1', 'x')`. */
export function compareText(key: readonly KeyColumn[], comparison: Comparison, values: KeyValues): string {
  if (key.length === 0) return 'true';
  const operators = new Set(key.map(({ order }) => operatorOf(order, comparison)));
  // The form that can use an index over all columns.
  if (operators.size === 1) {
    const columns = key.map(({ name }) => quoteIdentifier(name)).join(', ');
    const literals = key.map((column) => literalOf(column, values)).join(', ');
    return `(${columns}) ${[...operators][0]} (${literals})`;
  }
  return compareColumns(key, comparison, (column, each) => oneText(column, each, values));
}

function oneText(column: KeyColumn, comparison: ColumnComparison, values: KeyValues): string {
  return `${quoteIdentifier(column.name)} ${operatorOf(column.order, comparison)} ${literalOf(column, values)}`;
}

function operatorOf({ operators }: Order, comparison: ColumnComparison): string {
  return operators[comparisons[comparison]] ?? '';
}

function literalOf({ name, order }: KeyColumn, values: KeyValues): string {
  return `${quoteLiteral(values[name] ?? '')}::${order.type}`;
}
