import { type Bookmark, Decimal, type ReadContext, type Value } from 'c8connector';
import type { KeyDialect, OrderedColumn } from './key.ts';
import type { WantedRows } from './select-text.ts';

type Wanted = Pick<ReadContext<object>, 'since' | 'upTo' | 'bookmark' | 'limit'>;

/** The columns by which a stream is read for INCREMENTAL. */
export interface ReplicationColumns<K extends OrderedColumn> {
  /** The replication key, and whether rows may have none. Values that are null in rows count as none. */
  readonly column: K;
  readonly isNullable: boolean;
  /** The columns of the stream's own key but the replication key. */
  readonly own: readonly K[];
  /** Whether `own` and the replication key identify a row. */
  readonly hasKey: boolean;
}

/** The position of a read by a replication key: the value of that key, null among the rows without one, and the values of the stream's own key. */
type After = Readonly<Record<string, string | null>>;

/**
 * The rows without a replication key, which every read returns, and then those from `since` on, in the order of the replication key and the stream's own key, which distinguishes rows with the same replication key.
 * Without a key of its own, a stream has no position: a resumed read begins at the last replication key, and repeats its rows.
 */
export function newRows<K extends OrderedColumn>(
  columns: ReplicationColumns<K>,
  wanted: Wanted,
  dialect: KeyDialect<K>,
): readonly WantedRows[] {
  const { column, own, hasKey, isNullable } = columns;
  const names = [column, ...own].map(({ name }) => name);
  const shared = { limit: wanted.limit, ...(hasKey && { position: names }) };
  const after = hasKey ? afterOf(wanted.bookmark, names) : undefined;
  const last = after?.[column.name];
  const isAfterNulls = typeof last === 'string' && dialect.missing?.includes(column, last) !== true;
  const where = keyedConditions(columns, wanted, isAfterNulls && after !== undefined ? after : {}, dialect);
  const keyed = { ...shared, orderBy: names, where };
  if (!isNullable || isAfterNulls) return [keyed];
  const missing = dialect.missing?.conditions(column);
  // Several values may be missing, so that only both columns identify a row.
  const order = missing === undefined ? own : [...own, column];
  const afterPosition = after && [dialect.compare(last === null ? own : order, 'after', textsOf(after))];
  const without = missing?.without ?? `${dialect.quote(column.name)} is null`;
  const withoutKey = [without, ...(afterPosition ?? [])];
  return [{ ...shared, orderBy: order.map(({ name }) => name), where: withoutKey }, keyed];
}

function keyedConditions<K extends OrderedColumn>(
  { column, own }: ReplicationColumns<K>,
  { since, upTo }: Wanted,
  after: After,
  { quote, compare, missing }: KeyDialect<K>,
): readonly string[] {
  const { name } = column;
  const isResumed = typeof after[name] === 'string';
  const having = missing?.conditions(column)?.having;
  const isBounded = isResumed || since !== undefined || (upTo !== undefined && having === undefined);
  return [
    ...(isResumed ? [compare([column, ...own], 'after', textsOf(after))] : []),
    ...(since === undefined ? [] : [compare([column], 'from', { [name]: literalOf(since) })]),
    ...(upTo === undefined ? [] : [compare([column], 'upTo', { [name]: literalOf(upTo) })]),
    ...(isBounded ? [] : [having ?? `${quote(name)} is not null`]),
  ];
}

/** Undefined when the bookmark is not for these columns, as when the table has another key now: the read then begins at `since`. */
function afterOf(bookmark: Bookmark | undefined, names: readonly string[]): After | undefined {
  const after = bookmark?.after;
  if (typeof after !== 'object' || after === null) return undefined;
  const values = after as Readonly<Record<string, unknown>>;
  const [first, ...others] = names;
  const isWhole =
    Object.keys(values).length === names.length &&
    names.every((name) => typeof values[name] === 'string' || (name === first && values[name] === null)) &&
    (values[first ?? ''] !== null || others.length > 0);
  return isWhole ? (values as After) : undefined;
}

function textsOf(after: After): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(after).map(([name, value]) => [name, value ?? '']));
}

function literalOf(value: Value): string {
  return value instanceof Decimal ? value.text : String(value);
}
