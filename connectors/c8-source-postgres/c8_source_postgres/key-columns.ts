import type { PostgresStream } from './discover.ts';
import { type Comparison, comparisons, type Order } from './order.ts';
import { quoteIdentifier, quoteLiteral } from './quote.ts';

/** A column by which rows are ordered. */
export interface KeyColumn {
  readonly name: string;
  readonly order: Order;
}

/** The values of some key columns of one row, by name, in the server's own text. */
export type KeyValues = Readonly<Record<string, string>>;

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

/** Whether a stored value, which may have been edited, has a text for each column of the key and nothing else. */
export function isOfKey(value: unknown, key: readonly KeyColumn[]): value is KeyValues {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const values: Readonly<Record<string, unknown>> = { ...value };
  return Object.keys(values).length === key.length && key.every(({ name }) => typeof values[name] === 'string');
}

/** The condition that compares the key of a row with these values: `("a", "b") >= ('1', 'x')`. */
export function compareText(key: readonly KeyColumn[], comparison: Comparison, values: KeyValues): string {
  const [first] = key;
  if (first === undefined) return 'true';
  const operators = new Set(key.map(({ order }) => operatorOf(order, comparison)));
  // The form that can use an index over all columns.
  if (operators.size === 1) {
    const columns = key.map(({ name }) => quoteIdentifier(name)).join(', ');
    const literals = key.map((column) => literalOf(column, values)).join(', ');
    return `(${columns}) ${[...operators][0]} (${literals})`;
  }
  const strict = comparison === 'from' || comparison === 'after' ? 'after' : 'before';
  const bound = comparison === 'from' || comparison === 'after' ? 'from' : 'upTo';
  return `(${oneText(first, bound, values)} and ${partsText(key, { comparison, strict }, values)})`;
}

/** The same column by column, for columns whose operators have different names. */
function partsText(
  [first, ...rest]: readonly KeyColumn[],
  how: { readonly comparison: Comparison; readonly strict: Comparison },
  values: KeyValues,
): string {
  if (first === undefined) return 'true';
  if (rest.length === 0) return oneText(first, how.comparison, values);
  const others = partsText(rest, how, values);
  return `(${oneText(first, how.strict, values)} or (${oneText(first, 'equal', values)} and ${others}))`;
}

function oneText(column: KeyColumn, comparison: Comparison, values: KeyValues): string {
  return `${quoteIdentifier(column.name)} ${operatorOf(column.order, comparison)} ${literalOf(column, values)}`;
}

function operatorOf({ operators }: Order, comparison: Comparison): string {
  return operators[comparisons[comparison]] ?? '';
}

function literalOf({ name, order }: KeyColumn, values: KeyValues): string {
  return `${quoteLiteral(values[name] ?? '')}::${order.type}`;
}
