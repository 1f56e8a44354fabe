import type { Json, Progress, RangeProgress } from '../interface/progress.ts';
import type { Bookmark } from '../interface/state.ts';
import type { ReplicationMethod } from '../interface/stream.ts';
import { Decimal } from '../interface/value.ts';
import { plainValue } from '../jsonl/plain-value.ts';
import { bookmarkKeys, copyKeys } from './bookmark.ts';
import { isCount, isJsonObject } from './document.ts';

/** The context of a bookmark in its state. */
interface Around {
  /** The run that is to be resumed, in which completed streams count as copied. */
  readonly run: string | undefined;
  /** Whether the run that left the state was reading this stream. */
  readonly isSyncing: boolean;
}

type Begun = Pick<Progress, 'copy' | 'version'>;

/** The progress in a bookmark of ours or of another tap; undefined when nothing can be resumed. */
export function progressFrom(bookmark: Bookmark, around: Around): Progress | undefined {
  const { version = 0, copy = version } = bookmark;
  if (!isCount(version) || !isCount(copy)) return undefined;
  const begun = { copy, version };
  const method = methodOf(bookmark);
  if (method === 'FULL_TABLE') return readCopy(bookmark, begun, around.run);
  if (method === 'INCREMENTAL') return readIncrement(bookmark, begun);
  if (method === 'LOG_BASED') return readLog(bookmark, begun, around.isSyncing);
  return undefined;
}

/** Whether a bookmark has no position: taps write such bookmarks before they begin. */
export function saysNothing(bookmark: Bookmark): boolean {
  const beginnings = ['last_replication_method', 'starting_replication_value'];
  return Object.entries(bookmark).every(([key, value]) => value === null || beginnings.includes(key));
}

/** Some taps do not name the method. */
function methodOf(bookmark: Bookmark): ReplicationMethod | undefined {
  const named = bookmark.last_replication_method;
  if (named === 'FULL_TABLE' || named === 'INCREMENTAL' || named === 'LOG_BASED') return named;
  if (named !== undefined && named !== null) return undefined;
  if ('replication_key' in bookmark) return 'INCREMENTAL';
  if (['lsn', 'log_file', 'gtid'].some((key) => key in bookmark)) return 'LOG_BASED';
  const isCopy = Object.keys(bookmark).every((key) => bookmarkKeys.has(key) || copyKeys.has(key));
  return isCopy ? 'FULL_TABLE' : undefined;
}

function readCopy(bookmark: Bookmark, begun: Begun, run: string | undefined): Progress | undefined {
  const mine = ['last_replication_method', 'version', 'copy', 'is_complete', 'ranges', 'session'];
  if (hasOther(bookmark, bookmarkKeys, [...mine, 'initial_full_table_complete', 'starting_replication_value']))
    return undefined;
  const method = 'FULL_TABLE';
  const copying = (ranges: readonly RangeProgress[]): Progress => ({
    method,
    phase: 'copying',
    ...begun,
    ...sessionIn(bookmark),
    ranges,
  });
  if ('ranges' in bookmark) {
    const ranges = rangesIn(bookmark);
    return ranges === undefined ? undefined : copying(ranges);
  }
  const position = positionIn(bookmark);
  const isComplete = bookmark.is_complete === true;
  if (!isComplete && position !== undefined) return copying([{ from: null, to: null, position }]);
  if (!isComplete && 'session' in bookmark) return copying([{ from: null, to: null }]);
  return { method, phase: 'copied', ...begun, run: isComplete && run !== undefined ? run : '' };
}

function readIncrement(bookmark: Bookmark, begun: Begun): Progress | undefined {
  const { replication_key: replicationKey, replication_key_value: value, c8_position: position } = bookmark;
  const mine = ['last_replication_method', 'version', 'copy', 'replication_key', 'replication_key_value'];
  const markers = ['starting_replication_value', 'replication_key_signpost', 'progress_markers'];
  if (hasOther(bookmark, undefined, [...mine, 'c8_position', ...markers])) return undefined;
  if (typeof replicationKey !== 'string' || (position !== undefined && !isJsonObject(position))) return undefined;
  const hasValue = value !== undefined && value !== null;
  // In a stream that is not sorted, the progress of a tap means nothing before the end of its read.
  if (!hasValue && !isEmpty(bookmark.progress_markers)) return undefined;
  // Not 1234.5 for 1234.50: the text is what other taps compare with.
  const plain = value instanceof Decimal ? value.text : plainValue(value);
  const isNumber = typeof plain === 'string' && typeof value !== 'string';
  return {
    method: 'INCREMENTAL',
    ...begun,
    replicationKey,
    ...(hasValue ? { value: plain } : {}),
    ...(isNumber ? { isNumber } : {}),
    ...(position === undefined ? {} : { position: plainBookmark(position) }),
  };
}

function readLog(bookmark: Bookmark, begun: Begun, isSyncing: boolean): Progress | undefined {
  const mine = ['last_replication_method', 'version', 'copy', 'ranges', 'session', 'log_position'];
  if (hasOther(bookmark, bookmarkKeys, mine)) return undefined;
  const nested = bookmark.log_position;
  if (nested !== undefined && !isJsonObject(nested)) return undefined;
  const logPosition = nested === undefined ? positionIn(bookmark, copyKeys) : plainBookmark(nested);
  if (logPosition === undefined) return undefined;
  const log = { method: 'LOG_BASED', ...begun, logPosition } as const;
  if (nested !== undefined) {
    if (!('ranges' in bookmark)) return { ...log, phase: 'following' };
    const ranges = rangesIn(bookmark);
    return ranges === undefined ? undefined : { ...log, phase: 'copying', ...sessionIn(bookmark), ranges };
  }
  const { last_replication_method: named, lsn, log_file: file, log_pos: offset, gtid } = bookmark;
  // MySQL taps, which do not name the method.
  if (named === undefined && isEmpty(gtid) && isEmpty(file) !== isEmpty(offset)) return undefined;
  // The PostgreSQL taps write an xmin of null once they have copied the stream.
  if (lsn !== undefined && isSyncing && !('xmin' in bookmark)) return undefined;
  const copied = Object.entries(bookmark).filter(([key]) => copyKeys.has(key));
  if (copied.length === 0) return { ...log, phase: 'following' };
  const position = plainBookmark(Object.fromEntries(copied));
  return { ...log, phase: 'copying', ranges: [{ from: null, to: null, position }] };
}

/** Whether a bookmark has a value under a key of `keys`, or under any key without `keys`, that is not among `allowed`. */
function hasOther(bookmark: Bookmark, keys: ReadonlySet<string> | undefined, allowed: readonly string[]): boolean {
  return Object.entries(bookmark).some(
    ([key, value]) => !allowed.includes(key) && keys?.has(key) !== false && !isEmpty(value),
  );
}

/** The members of the source's own position, beside our keys. */
function positionIn(bookmark: Bookmark, other: ReadonlySet<string> = new Set()): Bookmark | undefined {
  const own = Object.entries(bookmark).filter(([key]) => !bookmarkKeys.has(key) && !other.has(key));
  return own.length === 0 ? undefined : plainBookmark(Object.fromEntries(own));
}

function rangesIn({ ranges }: Bookmark): readonly RangeProgress[] | undefined {
  const plain = plainValue(ranges);
  return Array.isArray(plain) && plain.length > 0 && plain.every(isRange) ? plain : undefined;
}

function isRange(value: Json): value is Json & RangeProgress {
  if (!isJsonObject(value) || !('from' in value) || !('to' in value)) return false;
  const { position = {}, isDone = true } = value;
  return isJsonObject(position) && isDone === true;
}

function sessionIn({ session }: Bookmark): { readonly session?: string } {
  return typeof session === 'string' ? { session } : {};
}

function plainBookmark(bookmark: Bookmark): Bookmark {
  return plainValue(bookmark) as Bookmark;
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'object' && Object.keys(value).length === 0);
}
