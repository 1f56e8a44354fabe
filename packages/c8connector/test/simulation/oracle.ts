import { isDeepStrictEqual } from 'node:util';
import type { ConnectionState, Progress, RunEvent, State } from '../../src/index.ts';
import { type Database, type Table, valuesBetween } from './database.ts';
import { type LogOracle, logOracleOf } from './log-oracle.ts';
import { loggedRows } from './logged-rows.ts';
import { type ReadablePlace, type StoredRow, shownRows } from './place.ts';

/** Collects what must never be. */
export interface Oracle {
  readonly faults: string[];
  readonly log: Pick<LogOracle, 'onConfirmed'>;
  /** To be called when a stream is started over, before anything of the copy is read. */
  onBegun(stream: string, progress: Progress): void;
  /** To be called when a version hides the ones before: all that it must hold has to be there. */
  onActivated(place: ReadablePlace, stream: string, version: number): void;
  /** To be called when a state was stored. */
  onStored(unit: string, stored: State, committed: State | undefined): void;
  /** To be called after each run: nothing that was committed is gone. */
  afterRun(place: ReadablePlace): void;
  /** To be called after each run that no other host went over: a stream is done when its progress says so. */
  afterSummary(events: readonly RunEvent[], state: ConnectionState | undefined): void;
  /** Compares what a reader sees with the tables, once nobody writes to them any more and a whole run is over. */
  atEnd(place: ReadablePlace, state: ConnectionState, streams: readonly string[]): void;
}

/** `isOnce`: whether the target stores each row of a copy exactly once. */
export function oracleOf(database: Database, { isOnce }: { readonly isOnce: boolean }): Oracle {
  const faults: string[] = [];
  const begunAt = new Map<string, number>();
  const log = logOracleOf(database, { isOnce, faults });

  /** Whether what is there of a version is what the table held at some moment since the version was begun. */
  function compare(place: ReadablePlace, table: Table, version: number, when: string): void {
    const from = begunAt.get(`${table.id}@${version}`) ?? 0;
    const shown = shownRows(place, table.id, version);
    for (const id of new Set([...table.history.keys(), ...shown.keys()])) {
      const rows = shown.get(id) ?? [];
      const allowed = valuesBetween(table, id, from, database.step);
      if (!allowed.has(rows[0]?.value))
        faults.push(`${when}, ${table.id}: row ${id} is ${nameOf(rows[0])}, ${[...allowed]}`);
      if (isOnce && table.kind.method === 'FULL_TABLE' && rows.length > 1)
        faults.push(`${when}, ${table.id}: row ${id} twice`);
    }
  }

  /** The same of a copy whose table is followed from now on. */
  function compareCopy(place: ReadablePlace, table: Table, version: number): void {
    const from = begunAt.get(`${table.id}@${version}`) ?? 0;
    const shown = loggedRows(place, table.id, version);
    for (const id of new Set([...table.history.keys(), ...shown.keys()])) {
      const value = shown.get(id)?.value;
      const allowed: ReadonlySet<unknown> = valuesBetween(table, id, from, database.step);
      if (!allowed.has(value)) faults.push(`when it was copied, ${table.id}: row ${id} is ${value}, ${[...allowed]}`);
    }
  }

  function compareWithTable(place: ReadablePlace, table: Table, copy: number): void {
    const shown = shownRows(place, table.id);
    const begun = begunAt.get(`${table.id}@${copy}`) ?? 0;
    for (const id of new Set([...table.rows.keys(), ...shown.keys()])) {
      const [row] = shown.get(id) ?? [];
      const value = table.rows.get(id)?.value;
      if (row?.value === value) continue;
      // What was deleted since the stream was begun is not seen.
      if (table.kind.method === 'INCREMENTAL' && value === undefined && existed(table, id, begun)) continue;
      faults.push(`at the end, ${table.id}: row ${id} is ${nameOf(row)} and ought to be ${value}`);
    }
  }

  const existed = (table: Table, id: number, since: number): boolean =>
    [...valuesBetween(table, id, since, database.step)].some((value) => value !== undefined);

  return {
    faults,
    log,
    onBegun(stream, progress) {
      begunAt.set(`${stream}@${progress.copy}`, database.step);
      log.onBegun(stream, progress);
    },
    onActivated(place, stream, version) {
      const table = database.tables.get(stream);
      if (table === undefined) return;
      if (table.kind.method !== 'LOG_BASED') compare(place, table, version, 'when it was activated');
      // A version that no copy has is that of a table which was truncated, and was empty for a moment.
      else if (begunAt.has(`${stream}@${version}`)) compareCopy(place, table, version);
    },
    onStored(unit, stored, committed) {
      if (!isDeepStrictEqual(stored, committed))
        faults.push(`${unit}: the stored state is not what the target committed`);
    },
    afterRun(place) {
      for (const name of place.missing()) faults.push(`${name} is committed, and gone`);
    },
    afterSummary(events, state) {
      const finished = events.findLast((event) => event.type === 'finished');
      for (const { stream, status } of finished?.streams ?? []) {
        const progress = state?.streams[stream];
        if (status === 'done' && progress !== undefined && 'phase' in progress && progress.phase === 'copying')
          faults.push(`${stream} is done, and not copied`);
      }
    },
    atEnd(place, state, streams) {
      for (const stream of streams) {
        const table = database.tables.get(stream);
        if (table === undefined) continue;
        const { copy = 0, version = 0 } = state.streams[stream] ?? {};
        if (place.activeVersion(stream) !== version) faults.push(`at the end, ${stream}: ${version} is not active`);
        if (table.kind.method === 'FULL_TABLE') compare(place, table, version, 'at the end');
        if (table.kind.method === 'LOG_BASED') log.atEnd(place, table, copy);
        else compareWithTable(place, table, copy);
      }
    },
  };
}

function nameOf(row: StoredRow | undefined): string {
  return row === undefined ? 'missing' : `${row.value} (version ${row.version}, epoch ${row.epoch})`;
}
