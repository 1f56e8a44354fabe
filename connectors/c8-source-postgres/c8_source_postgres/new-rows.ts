import { type Bookmark, Decimal, type ReadContext, type Value } from 'c8connector';
import type { PostgresConfig } from './config.ts';
import type { PostgresStream } from './discover.ts';
import { compareText, type KeyColumn, keyColumns } from './key-columns.ts';
import { quoteIdentifier } from './quote.ts';
import type { WantedRows } from './select-text.ts';

type Wanted = Pick<ReadContext<PostgresConfig>, 'since' | 'upTo' | 'bookmark' | 'limit'>;

/** The position of a read by a replication key: the value of that key, null among the rows without one, and the values of the stream's own key. */
type After = Readonly<Record<string, string | null>>;

/**
 * The rows without a replication key, which every read returns, and then those from `since` on, in the order of the replication key and the stream's own key, which distinguishes rows with the same replication key.
 * Without a key of its own, a stream has no position: a resumed read begins at the last replication key, and repeats its rows.
 */
export function newRows(stream: PostgresStream, replicationKey: string, wanted: Wanted): readonly WantedRows[] {
  const [column] = keyColumns(stream, [replicationKey]) ?? [];
  if (column === undefined) throw new Error(`the column ${replicationKey} of ${stream.id} has no order`);
  const others = (stream.keyProperties ?? []).filter((name) => name !== replicationKey);
  const own = keyColumns(stream, others) ?? [];
  const hasKey = (stream.keyProperties ?? []).length > 0 && own.length === others.length;
  const names = [column, ...own].map(({ name }) => name);
  const shared = { limit: wanted.limit, ...(hasKey && { position: names }) };
  const after = hasKey ? afterOf(wanted.bookmark, names) : undefined;
  const isAfterNulls = typeof after?.[replicationKey] === 'string';
  const keyed = { ...shared, orderBy: names, where: keyedConditions(column, own, wanted, isAfterNulls ? after : {}) };
  const isNullable = stream.columns.some(({ name, isNullable }) => name === replicationKey && isNullable);
  if (!isNullable || isAfterNulls) return [keyed];
  const afterPosition = after === undefined ? [] : [compareText(own, 'after', textsOf(after))];
  const where = [`${quoteIdentifier(replicationKey)} is null`, ...afterPosition];
  return [{ ...shared, orderBy: own.map(({ name }) => name), where }, keyed];
}

function keyedConditions(
  column: KeyColumn,
  own: readonly KeyColumn[],
  { since, upTo }: Wanted,
  after: After,
): readonly string[] {
  const { name } = column;
  const isResumed = typeof after[name] === 'string';
  return [
    ...(isResumed ? [compareText([column, ...own], 'after', textsOf(after))] : []),
    ...(since === undefined ? [] : [compareText([column], 'from', { [name]: literalOf(since) })]),
    ...(upTo === undefined ? [] : [compareText([column], 'upTo', { [name]: literalOf(upTo) })]),
    ...(isResumed || since !== undefined || upTo !== undefined ? [] : [`${quoteIdentifier(name)} is not null`]),
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
