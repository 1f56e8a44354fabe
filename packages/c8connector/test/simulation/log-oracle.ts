import type { ConnectionState, Progress } from '../../src/index.ts';
import type { Database, Table } from './database.ts';
import type { LogChange } from './database-log.ts';
import { forgettable, type LogPosition, positionOf } from './log-position.ts';
import { changeOf, inSequence, loggedRows, sequenceOf } from './logged-rows.ts';
import type { ReadablePlace, StoredRow } from './place.ts';

/** Collects what must never be of the log, and of the tables that are read from it. */
export interface LogOracle {
  /** To be called when a stream is started over. */
  onBegun(stream: string, progress: Progress): void;
  /** To be called before the server forgets its log up to `lsn`; `state` is what is durable. */
  onConfirmed(lsn: number, state: ConnectionState | undefined): void;
  /** Compares what is stored of a table with what happened to it since its copy was begun. */
  atEnd(place: ReadablePlace, table: Table, copy: number): void;
}

export function logOracleOf(
  { log }: Database,
  { isOnce, faults }: { readonly isOnce: boolean; readonly faults: string[] },
): LogOracle {
  const begunAt = new Map<string, LogPosition>();
  return {
    onBegun(stream, progress) {
      if ('logPosition' in progress) begunAt.set(`${stream}@${progress.copy}`, positionOf(progress.logPosition));
    },
    onConfirmed(lsn, state) {
      for (const [stream, progress] of Object.entries(state?.streams ?? {})) {
        if (!('logPosition' in progress)) continue;
        const durable = forgettable(positionOf(progress.logPosition));
        if (lsn > durable) faults.push(`the log was confirmed up to ${lsn}, and ${stream} is durable up to ${durable}`);
      }
    },
    atEnd(place, table, copy) {
      const stored = place.rowsOf(table.id).filter(({ version }) => version >= copy);
      const since = begunAt.get(`${table.id}@${copy}`)?.lsn ?? 0;
      const changes = log.history.flatMap((commit) => commit.changes);
      const wanted = changes.filter(
        ({ stream, kind, number }) => stream === table.id && kind !== 'truncate' && number > since,
      );
      const found = [
        ...wrongRows(loggedRows(place, table.id), table),
        ...wrongChanges(stored, wanted, isOnce),
        ...(isOnce ? copiedTwice(stored) : []),
        ...wrongSequence(stored, isOnce),
      ];
      faults.push(...found.map((fault) => `at the end, ${table.id}: ${fault}`));
    },
  };
}

/** What a reader sees and the table does not hold, or the other way round. */
function wrongRows(shown: ReturnType<typeof loggedRows>, { rows }: Table): readonly string[] {
  return [...new Set([...rows.keys(), ...shown.keys()])].flatMap((id) => {
    const { at, ...wanted } = rows.get(id) ?? { at: null };
    const row = shown.get(id);
    const stored = row && { ...row, at: Date.parse(String(row.at)) };
    const isSame = Object.entries({ ...wanted, at }).every(([column, value]) => stored?.[column as 'at'] === value);
    const isRight = stored === undefined ? !rows.has(id) : rows.has(id) && isSame;
    return isRight ? [] : [`row ${id} is ${textOf(stored)} and ought to be ${textOf(rows.get(id))}`];
  });
}

/** Each change since the copy was begun stands there, once where the target stores each once, and no older one. */
function wrongChanges(stored: readonly StoredRow[], wanted: readonly LogChange[], isOnce: boolean): readonly string[] {
  const counts = countOf(stored.map(changeOf).filter((change) => change !== 0));
  const wrong = wanted.flatMap(({ number }) => {
    const count = counts.get(number) ?? 0;
    counts.delete(number);
    if (count === 0) return [`the change ${number} is missing`];
    return count > 1 && isOnce ? [`the change ${number} stands there ${count} times`] : [];
  });
  return [...wrong, ...[...counts.keys()].map((number) => `the change ${number} is older than the copy`)];
}

function copiedTwice(stored: readonly StoredRow[]): readonly string[] {
  const counts = countOf(stored.filter((row) => changeOf(row) === 0).map(({ id }) => id));
  return [...counts].flatMap(([id, count]) => (count > 1 ? [`row ${id} was copied ${count} times`] : []));
}

/** In the order of their numbers, the operations of a key stand as they happened; where some come again, those of one attempt do. */
function wrongSequence(stored: readonly StoredRow[], isOnce: boolean): readonly string[] {
  const last = new Map<string, number>();
  const wrong: string[] = [];
  for (const row of inSequence(stored)) {
    const key = isOnce ? `${row.id}` : `${row.id} of ${row.epoch}`;
    const before = last.get(key);
    if (before !== undefined && changeOf(row) <= before)
      wrong.push(`of row ${row.id} the change ${changeOf(row)} comes after ${before}`);
    last.set(key, changeOf(row));
  }
  const numbers = countOf(stored.map(sequenceOf));
  return [
    ...wrong,
    ...[...numbers].flatMap(([number, count]) => (count > 1 ? [`${count} rows have the number ${number}`] : [])),
  ];
}

function countOf<T>(items: readonly T[]): Map<T, number> {
  const counts = new Map<T, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return counts;
}

function textOf(row: object | undefined): string {
  return row === undefined
    ? 'missing'
    : JSON.stringify(row, (_key, value) => (typeof value === 'bigint' ? String(value) : value));
}
