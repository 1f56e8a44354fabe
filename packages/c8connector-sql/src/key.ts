/** A column by which rows are ordered. */
export interface OrderedColumn {
  readonly name: string;
}

/** The values of some key columns of one row, by name, in the server's own text. */
export type KeyValues = Readonly<Record<string, string>>;

/** How the key of a row compares with given values: below them, at most, at least, above them. */
export type Comparison = 'before' | 'upTo' | 'from' | 'after';

/** The same for one column of a key. */
export type ColumnComparison = Comparison | 'equal';

/** How a database compares the keys of rows, in its own SQL. `K` is what it must know about a column. */
export interface KeyDialect<K extends OrderedColumn> {
  /** A name as an identifier, whatever characters it contains. */
  quote(name: string): string;
  /** The condition that compares the key of a row with these values. */
  compare(key: readonly K[], comparison: Comparison, values: KeyValues): string;
  /** Values besides NULL that are null in rows, if the database has such values. */
  readonly missing?: MissingValues<K>;
}

/** Values of a replication key that are null in rows: their rows are without a key, so they come in each read. */
export interface MissingValues<K extends OrderedColumn> {
  /** The conditions for rows without and with a value; undefined for a column in which only NULL is missing. */
  conditions(column: K): { readonly without: string; readonly having: string } | undefined;
  /** Whether this value, from a position, is one of them. */
  includes(column: K, value: string): boolean;
}

/** Whether a stored value, which may have been edited, has a text for each column of the key and nothing else. */
export function isOfKey(value: unknown, key: readonly OrderedColumn[]): value is KeyValues {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const values: Readonly<Record<string, unknown>> = { ...value };
  return Object.keys(values).length === key.length && key.every(({ name }) => typeof values[name] === 'string');
}

/**
 * The comparison of a key column by column, for databases that cannot compare all of them at once, or have no index for that. `one` is the condition that compares one column with its value.
 */
export function compareColumns<K extends OrderedColumn>(
  key: readonly K[],
  comparison: Comparison,
  one: (column: K, comparison: ColumnComparison) => string,
): string {
  const [first] = key;
  if (first === undefined) return 'true';
  const isLower = comparison === 'from' || comparison === 'after';
  const strict = isLower ? 'after' : 'before';
  // An index can be used for the bound of the first column, and not for alternatives.
  return `(${one(first, isLower ? 'from' : 'upTo')} and ${alternatives(key, { comparison, strict }, one)})`;
}

function alternatives<K extends OrderedColumn>(
  [first, ...rest]: readonly K[],
  how: { readonly comparison: Comparison; readonly strict: Comparison },
  one: (column: K, comparison: ColumnComparison) => string,
): string {
  if (first === undefined) return 'true';
  if (rest.length === 0) return one(first, how.comparison);
  return `(${one(first, how.strict)} or (${one(first, 'equal')} and ${alternatives(rest, how, one)}))`;
}
