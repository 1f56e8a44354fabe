import type { Host } from './host.ts';

/** One change of a table, as the log has it. */
export interface LogChange {
  /** Rises with each change of any table. */
  readonly number: number;
  readonly stream: string;
  readonly kind: 'row' | 'delete' | 'truncate';
  /** Of an insert all columns, of an update those that it has written, of a delete the key. */
  readonly row: Readonly<Record<string, number>>;
  /** The columns that the table had then. */
  readonly hasExtraColumn: boolean;
}

/** What became visible at once. */
export interface Commit {
  /** That of its last change. */
  readonly lsn: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly changes: readonly LogChange[];
}

/** A connection that the log is sent to. */
export interface LogReader {
  readonly host: Host;
}

/** What the server keeps for whoever follows its log: one slot, with one reader at a time. */
interface Slot {
  /** Commits up to here are forgotten. */
  confirmed: number;
  reader: LogReader | undefined;
}

/** The log of a database. */
export interface DatabaseLog {
  /** The position of the last commit. */
  lsn: number;
  /** Those that are kept. */
  commits: readonly Commit[];
  /** All that ever were. */
  readonly history: Commit[];
  /** Undefined while nobody asked for the log to be kept. */
  slot: Slot | undefined;
}

export function newDatabaseLog(): DatabaseLog {
  return { lsn: 0, commits: [], history: [], slot: undefined };
}

/** Writes a commit to the log, which is kept if somebody asked for it. */
export function appendCommit(log: DatabaseLog, changes: readonly Omit<LogChange, 'number'>[]): void {
  const numbered = changes.map((change, index) => ({ ...change, number: log.lsn + 1 + index }));
  log.lsn += Math.max(1, changes.length);
  const commit = { lsn: log.lsn, at: Date.now(), changes: numbered };
  log.history.push(commit);
  if (log.slot !== undefined) log.commits = [...log.commits, commit];
}

/** Confirms to the server that it can remove the log up to a position. */
export function confirmLog(log: DatabaseLog, lsn: number): void {
  if (log.slot === undefined || log.slot.confirmed >= lsn) return;
  log.slot.confirmed = lsn;
  log.commits = log.commits.filter((commit) => commit.lsn > lsn);
}
