import type { Bookmark, LogPage, Row } from 'c8connector';
import type { Fault } from './fault.ts';
import type { Commit, Logged } from './logged-service.ts';
import { streamOf } from './table-stream.ts';

/** A position in the log: after a commit, or, inside one, behind this many of its changes. */
export interface Position {
  readonly lsn: number;
  readonly change?: number;
}

/** How pages are made. */
export interface PageHabits {
  readonly fault: Fault | undefined;
  /** Changes of a transaction between two positions. */
  readonly pageChanges: number;
  readonly isLines: boolean;
}

/** What the log gives of a commit: of each stream what lies after its own position. */
export function* pagesOf(
  commit: Commit,
  positions: ReadonlyMap<string, Position>,
  habits: PageHabits,
): Generator<LogPage> {
  const { fault, pageChanges } = habits;
  const { lsn } = commit;
  const isBehind = (table: string, index: number): boolean => {
    const position = positions.get(table);
    if (position === undefined) return false;
    if (lsn !== position.lsn) return lsn > position.lsn;
    const isAgain = fault === 'a transaction comes again as a whole';
    return position.change !== undefined && (isAgain || index >= position.change);
  };
  const position = (bookmark: Bookmark, index: number): LogPage => ({
    bookmark,
    streams: [...positions.keys()].filter((table) => isBehind(table, index)),
  });
  const isReversed = fault === 'the changes of a transaction come in another order';
  const entries = isReversed ? commit.entries.toReversed() : commit.entries;
  if (fault === 'positions come before their rows') yield position({ lsn }, entries.length);
  let rows = 0;
  for (const [index, entry] of entries.entries()) {
    const pages = isBehind(entry.table, index) ? changesOf(entry, commit, habits) : [];
    rows += pages.length;
    yield* pages;
    const isLast = index + 1 === entries.length;
    if ((index + 1) % pageChanges === 0 && !isLast) yield position({ lsn, change: index + 1 }, index);
  }
  const isQuiet = fault === 'a quiet stream has no positions' && rows === 0;
  if (!isQuiet) yield position({ lsn }, entries.length);
}

function changesOf(entry: Logged, { at }: Commit, { fault, isLines }: PageHabits): LogPage[] {
  const { table: stream, columns } = entry;
  if (entry.kind === 'truncate') return fault === 'truncates are left out' ? [] : [{ stream, truncated: true }];
  if (entry.kind === 'columns') {
    return fault === 'new columns are left out' ? [] : [{ stream, schema: streamOf(stream, entry.columns).schema }];
  }
  const { schema } = streamOf(stream, columns);
  const before: LogPage[] = fault === 'each row has its SCHEMA' ? [{ stream, schema }] : [];
  return [...before, ...rowsOf(entry, at, fault).map((row) => pageOf(stream, row, isLines))];
}

function rowsOf(
  entry: Exclude<Logged, { readonly kind: 'truncate' | 'columns' }>,
  at: string,
  fault: Fault | undefined,
): Row[] {
  const deletion = (id: number): Row => ({
    ...(fault === 'deletes have no key' ? {} : { id }),
    _sdc_deleted_at: fault === 'deletes have the time of the clock' ? new Date().toISOString() : at,
  });
  if (entry.kind === 'insert') return [entry.row];
  if (entry.kind === 'delete') return [deletion(entry.id)];
  const { id, set } = entry;
  const row = { id, ...set };
  if (row.id !== id) return fault === 'a change of a key has no delete' ? [row] : [deletion(id), row];
  if (fault === 'columns that are absent are null') return [{ name: null, note: null, ...row }];
  const present = Object.entries(row).filter(([, value]) => value !== null);
  return [fault === 'columns that are null are absent' ? Object.fromEntries(present) : row];
}

function pageOf(stream: string, row: Row, isLines: boolean): LogPage {
  if (!isLines) return { stream, rows: [row] };
  const line = JSON.stringify({ _sdc_deleted_at: null, ...row });
  return { stream, lines: Buffer.from(`${line}\n`), count: 1 };
}
