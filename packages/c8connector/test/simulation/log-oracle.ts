import type { ConnectionState, Progress } from '../../src/index.ts';
import type { Database, Table } from './database.ts';
import { forgettable, type LogPosition, positionOf } from './log-position.ts';
import { changeOf, inSequence, loggedRows, sequenceOf } from './logged-rows.ts';
import type { ReadablePlace, StoredRow } from './place.ts';

/** Collects what must never be of the log, and of the tables that are read from it. */
export interface LogOracle {
  /** To be called when a stream is begun anew. */
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

  function compareWithTable(place: ReadablePlace, { id: stream, rows }: Table): void {
    const shown = loggedRows(place, stream);
    for (const id of new Set([...rows.keys(), ...shown.keys()])) {
      const { at, ...wanted } = rows.get(id) ?? { at: null };
      const row = shown.get(id);
      const stored = row && { ...row, at: Date.parse(String(row.at)) };
      const isSame = Object.entries({ ...wanted, at }).every(([column, value]) => stored?.[column as 'at'] === value);
      if ((stored !== undefined) !== rows.has(id) || (stored !== undefined && !isSame))
        faults.push(`at the end, ${stream}: row ${id} is ${textOf(stored)} and ought to be ${textOf(rows.get(id))}`);
    }
  }

  /** Of a table with `isOnce` each change stands there once. */
  function checkChanges(stored: readonly StoredRow[], { id: stream }: Table, since: number): void {
    const changes = log.history.flatMap((commit) => commit.changes);
    const wanted = changes.filter((change) => change.stream === stream && change.kind !== 'truncate');
    const counts = countOf(stored.map(changeOf).filter((change) => change !== 0));
    for (const { number } of wanted.filter((change) => change.number > since)) {
      const count = counts.get(number) ?? 0;
      if (count === 0) faults.push(`at the end, ${stream}: the change ${number} is missing`);
      if (count > 1 && isOnce) faults.push(`at the end, ${stream}: the change ${number} stands there ${count} times`);
      counts.delete(number);
    }
    for (const number of counts.keys())
      faults.push(`at the end, ${stream}: the change ${number} is older than the copy, which began at ${since}`);
  }

  function checkCopy(stored: readonly StoredRow[], { id: stream }: Table): void {
    const counts = countOf(stored.filter((row) => changeOf(row) === 0).map(({ id }) => id));
    for (const [id, count] of counts)
      if (isOnce && count > 1) faults.push(`at the end, ${stream}: row ${id} was copied ${count} times`);
  }

  /** In the order of their numbers, the operations of a key stand as they happened; where some come again, those of one attempt. */
  function checkSequence(stored: readonly StoredRow[], { id: stream }: Table): void {
    const last = new Map<string, number>();
    const numbers = new Set<bigint>();
    for (const row of inSequence(stored)) {
      const sequence = sequenceOf(row);
      if (numbers.has(sequence)) faults.push(`at the end, ${stream}: two rows have the number ${sequence}`);
      numbers.add(sequence);
      const key = isOnce ? `${row.id}` : `${row.id} of ${row.epoch}`;
      const before = last.get(key);
      if (before !== undefined && changeOf(row) <= before)
        faults.push(`at the end, ${stream}: of row ${row.id} the change ${changeOf(row)} comes after ${before}`);
      last.set(key, changeOf(row));
    }
  }

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
      compareWithTable(place, table);
      checkChanges(stored, table, since);
      checkCopy(stored, table);
      checkSequence(stored, table);
    },
  };
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
