import type { LogPage, Row, Stream } from '../../src/index.ts';
import type { Commit, LogChange } from './database-log.ts';
import { comparePositions } from './log-position.ts';
import type { LogChunk, LogReading } from './log-reading.ts';
import type { Random } from './random.ts';
import { schemaOf } from './table-schema.ts';

/** The columns that a log has beside those of the tables: the number of the change. */
export const logColumns = { _sdc_lsn: { type: ['integer', 'null'] } } as const;

/** Those changes of a chunk that a stream wants, which lie after its own position. */
export function wantedChanges({ positions }: LogReading, { commit, from, to }: LogChunk): readonly LogChange[] {
  return commit.changes.slice(from, to).filter(({ stream }, index) => {
    const position = positions.get(stream);
    return position !== undefined && comparePositions(position, { lsn: commit.lsn, change: from + index + 1 }) < 0;
  });
}

/**
 * Changes as the pages of a log. The columns of a stream come before its first row that has other ones than `described` says, as a server sends them that describes each table once. Successive rows
 * of a stream are a page.
 */
export function* pagesOf(
  changes: readonly LogChange[],
  { at }: Commit,
  described: Map<string, Stream['schema']>,
  random: Random,
): Generator<LogPage> {
  let rows: Row[] = [];
  for (const [index, { stream, kind, row, number, hasExtraColumn }] of changes.entries()) {
    if ('extra' in (described.get(stream)?.properties ?? {}) !== hasExtraColumn) {
      const schema = schemaOf('LOG_BASED', hasExtraColumn);
      described.set(stream, schema);
      yield { stream, schema };
    }
    if (kind === 'truncate') yield { stream, truncated: true };
    else rows.push({ ...valuesOf(row), _sdc_deleted_at: kind === 'delete' ? textOf(at) : null, _sdc_lsn: number });
    const next = changes[index + 1];
    const isLast = next?.stream !== stream || next.kind === 'truncate' || next.hasExtraColumn !== hasExtraColumn;
    if (rows.length > 0 && isLast) yield { stream, ...rowsOrLines(rows, random) };
    if (isLast) rows = [];
  }
}

function valuesOf({ at, ...row }: LogChange['row']): Row {
  return at === undefined ? row : { id: row.id ?? null, at: textOf(at), ...row };
}

function textOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

function rowsOrLines(rows: readonly Row[], random: Random) {
  if (random.chance(0.5)) return { rows };
  const text = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  return { lines: new TextEncoder().encode(text), count: rows.length };
}
