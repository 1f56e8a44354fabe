import {
  type ColumnComparison,
  type Comparison,
  compareColumns,
  type KeyValues,
  type OrderedColumn,
} from 'c8connector-sql';
import type { MysqlStream } from './discover.ts';
import { quoteIdentifier, quoteLiteral } from './quote.ts';
import type { MysqlType } from './types.ts';

/** A column by which rows are ordered. */
export interface KeyColumn extends OrderedColumn {
  readonly kind: MysqlType['kind'];
}

/** Types whose text identifies one value, and can be compared by the server. */
const ordered: readonly MysqlType['kind'][] = [
  'integer',
  'numeric',
  'string',
  'date',
  'time',
  'timestamp',
  'timestamptz',
  'year',
];

/** These columns as parts of an order; undefined when one of them has no order. */
export function keyColumns({ columns }: MysqlStream, names: readonly string[]): readonly KeyColumn[] | undefined {
  const byName = new Map(columns.map((column) => [column.name, column]));
  const key = names.flatMap((name): KeyColumn[] => {
    const kind = byName.get(name)?.type.kind;
    return kind === undefined || !ordered.includes(kind) ? [] : [{ name, kind }];
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
    ({ name, kind }, each) => `${quoteIdentifier(name)} ${operators[each]} ${literalOf(kind, values[name] ?? '')}`,
  );
}

function literalOf(kind: KeyColumn['kind'], value: string): string {
  return (kind === 'integer' || kind === 'numeric') && /^-?\d+(?:\.\d+)?$/.test(value) ? value : quoteLiteral(value);
}
