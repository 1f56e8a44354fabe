import type { Bookmark, Page, Partition } from '../../src/index.ts';
import type { Table, TableRow } from './database.ts';
import type { Random } from './random.ts';

/** From where on rows are read. */
export interface From {
  /** What the last page said; undefined at the beginning of the read. */
  readonly after: Bookmark | undefined;
  /** Milliseconds since 1970; rows with a lower key are not wanted. */
  readonly since: number;
  /** The ids that are wanted: from the first, which is among them, to the second. */
  readonly partition: Partition | undefined;
}

/** The next rows in the order of the table; undefined at its end. Those without a key are in the first page of a sorted one. */
export function rowsFrom(
  { kind, rows }: Table,
  { after, since, partition }: From,
  most: number,
): readonly TableRow[] | undefined {
  const { method, isSorted = false } = kind;
  const wanted = [...rows.values()].filter(
    ({ id, at }) => (method !== 'INCREMENTAL' || at === null || at >= since) && isWithin(id, partition),
  );
  if (!isSorted) {
    const behind = wanted.filter(({ id }) => after === undefined || id > Number(after.id));
    return unlessEmpty(behind.sort((one, other) => one.id - other.id).slice(0, most));
  }
  const keyed = wanted.filter((row) => row.at !== null && (after === undefined || compareKeys(row, after) > 0));
  const nulls = after === undefined ? wanted.filter(({ at }) => at === null) : [];
  return unlessEmpty([...nulls, ...keyed.sort(compareKeys).slice(0, most)]);
}

function isWithin(id: number, { from, to }: Partition = { from: null, to: null }): boolean {
  return (from === null || id >= Number(from)) && (to === null || id < Number(to));
}

function compareKeys(one: TableRow | Bookmark, other: TableRow | Bookmark): number {
  return Number(one.at) - Number(other.at) || Number(one.id) - Number(other.id);
}

function unlessEmpty(rows: readonly TableRow[]): readonly TableRow[] | undefined {
  return rows.length === 0 ? undefined : rows;
}

/** What is resumed after these rows. */
export function bookmarkBehind(rows: readonly TableRow[]): Bookmark {
  const last = rows.at(-1);
  return { at: last?.at ?? 0, id: last?.id ?? 0 };
}

/** Some rows as a page, of which the bookmark may be missing. */
export function pageOf(
  { kind, hasExtraColumn }: Table,
  rows: readonly TableRow[],
  columns: readonly string[],
  random: Random,
): Page {
  const whole = rows.map((stored) => {
    const { id, at, value, note = null } = stored;
    const extra = kind.method === 'LOG_BASED' ? (stored.extra ?? null) : hasExtraColumn ? value * 10 : null;
    const row = { id, at: at === null ? null : textOf(at), value, note, extra };
    return Object.fromEntries(Object.entries(row).filter(([column]) => columns.includes(column)));
  });
  const bookmark = bookmarkBehind(rows);
  const hasBookmark = kind.bookmarks === 'all' || (kind.bookmarks === 'some' && Number(bookmark.id) % 2 === 0);
  const end = hasBookmark ? { bookmark } : {};
  // Small pages of rows are joined to batches, and pages of lines are not.
  if (random.chance(0.2)) return { rows: whole, ...end };
  const lines = new TextEncoder().encode(whole.map((row) => `${JSON.stringify(row)}\n`).join(''));
  return { lines, count: rows.length, ...end };
}

/** The highest key that there is. */
export function highestOf({ rows }: Table): string | undefined {
  const keys = [...rows.values()].flatMap(({ at }) => (at === null ? [] : [at]));
  return keys.length === 0 ? undefined : textOf(Math.max(...keys));
}

function textOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
