import {
  type ColumnComparison,
  type Comparison,
  compareColumns,
  type KeyValues,
  type MissingValues,
  type OrderedColumn,
} from 'c8connector-sql';
import type { MysqlStream } from './discover.ts';
import { keyLiteral } from './key-text.ts';
import { isOrdered } from './order.ts';
import { quoteIdentifier } from './quote.ts';
import type { MysqlType } from './types.ts';

/** A column by which rows are ordered. */
export interface KeyColumn extends OrderedColumn {
  readonly kind: MysqlType['kind'];
  /** The id of its stream, for errors. */
  readonly stream: string;
}

/** These columns as parts of an order; undefined when one of them has no order. */
export function keyColumns({ id, columns }: MysqlStream, names: readonly string[]): readonly KeyColumn[] | undefined {
  const byName = new Map(columns.map((column) => [column.name, column]));
  const key = names.flatMap((name): KeyColumn[] => {
    const column = byName.get(name);
    return column === undefined || !isOrdered(column) ? [] : [{ name, kind: column.type.kind, stream: id }];
  });
  return key.length === names.length ? key : undefined;
}

/** The columns of the stream's own key, as parts of an order; undefined for a stream without a key, or with a key without an order. */
export function ownKey(stream: MysqlStream): readonly KeyColumn[] | undefined {
  const { keyProperties = [] } = stream;
  return keyProperties.length === 0 ? undefined : keyColumns(stream, keyProperties);
}

const operators: Readonly<Record<ColumnComparison, string>> = {
  before: '<',
  upTo: '<=',
  equal: '=',
  from: '>=',
  after: '>',
};

/** The condition that compares the key of a row with these values, column by column: the server uses no index to compare them as rows. */
export function compareText(key: readonly KeyColumn[], comparison: Comparison, values: KeyValues): string {
  return compareColumns(
    key,
    comparison,
    ({ name, kind, stream }, each) =>
      `${quoteIdentifier(name)} ${operators[each]} ${keyLiteral(kind, values[name] ?? '', stream)}`,
  );
}

/** Zero dates are null in rows. They are below all others, but for dates such as 2023-02-00, whose rows come at their place. */
export const missingDates: MissingValues<KeyColumn> = {
  conditions({ name, kind }) {
    const column = quoteIdentifier(name);
    // The server does not compare a TIMESTAMP with a literal that none can be.
    if (kind === 'timestamptz') {
      const zero = `'0000-00-00 00:00:00'`;
      return { without: `(${column} is null or ${column} = ${zero})`, having: `${column} > ${zero}` };
    }
    if (kind !== 'date' && kind !== 'timestamp') return undefined;
    return { without: `(${column} is null or ${column} < '0001-01-01')`, having: `${column} >= '0001-01-01'` };
  },
  includes: ({ kind }, value) =>
    (kind === 'date' || kind === 'timestamp' || kind === 'timestamptz') && value.startsWith('0000-'),
};
