import { ConnectionError, DataError } from '../../src/index.ts';
import type { Commit, DatabaseLog, LogReader } from './database-log.ts';
import { comparePositions, forgettable, type LogPosition } from './log-position.ts';

/** One read of the log: who it is for, from where on, and how far it is. */
export interface LogReading {
  readonly reader: LogReader;
  /** By stream: only what lies after its position is wanted. */
  readonly positions: ReadonlyMap<string, LogPosition>;
  /** Commits after it are not wanted. */
  readonly end: number;
  /** Up to here everything was given. */
  at: LogPosition;
}

/** Some changes of one commit, of which the streams may not want all. */
export interface LogChunk {
  readonly commit: Commit;
  /** The index of the first change, and of the one behind the last. */
  readonly from: number;
  readonly to: number;
}

/**
 * Takes the slot for a reader, and begins where the least of its streams is. Throws when another reader has it and is not thrown out, or when what is wanted is forgotten.
 */
export function openLog(
  log: DatabaseLog,
  reader: LogReader,
  positions: LogReading['positions'],
  { until, takesOver }: { readonly until: 'now' | 'forever'; readonly takesOver: boolean },
): LogReading {
  const { slot } = log;
  const isTaken = slot?.reader !== undefined && !slot.reader.host.isDead;
  if (isTaken && !takesOver)
    throw new ConnectionError('the slot is in use', { code: 'server_busy', isRetryable: true });
  const lost = [...positions].filter(([, position]) => slot === undefined || forgettable(position) < slot.confirmed);
  if (slot === undefined || lost.length > 0)
    throw new DataError('the log was forgotten', {
      code: 'log_position_lost',
      details: { streams: lost.map(([stream]) => stream), isResync: true },
    });
  slot.reader = reader;
  const [at = { lsn: log.lsn }] = [...positions.values()].sort(comparePositions);
  return { reader, positions, end: until === 'now' ? log.lsn : Number.POSITIVE_INFINITY, at };
}

/** Throws when the slot belongs to another reader now. */
function checkReader({ slot }: DatabaseLog, { reader }: LogReading): void {
  if (slot?.reader === reader) return;
  throw new ConnectionError('another reader took the slot', { code: 'connection_lost', isRetryable: true });
}

/** The next changes, at most this many; undefined when there are none yet, or none that are wanted. */
export function nextChunk(log: DatabaseLog, reading: LogReading, most: number): LogChunk | undefined {
  checkReader(log, reading);
  const { at, end } = reading;
  const commit = log.commits.find(({ lsn }) => lsn > at.lsn || (lsn === at.lsn && at.change !== undefined));
  if (commit === undefined || commit.lsn > end) return undefined;
  const { lsn, changes } = commit;
  const from = lsn === at.lsn ? (at.change ?? 0) : 0;
  const to = Math.min(changes.length, from + most);
  reading.at = to === changes.length ? { lsn } : { lsn, change: to };
  return { commit, from, to };
}

/** The streams that come before a position, and so are moved by it. */
export function movedBy({ positions }: LogReading, reached: LogPosition): readonly string[] {
  return [...positions].flatMap(([stream, position]) => (comparePositions(position, reached) < 0 ? [stream] : []));
}

/** Lets go of the slot. */
export function closeLog({ slot }: DatabaseLog, reader: LogReader): void {
  if (slot?.reader === reader) slot.reader = undefined;
}
