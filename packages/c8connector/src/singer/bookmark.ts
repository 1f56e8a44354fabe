import type { Json, Progress, RangeProgress } from '../interface/progress.ts';
import type { Bookmark } from '../interface/state.ts';
import { exactNumber } from '../jsonl/plain-value.ts';
import { isNumberText, numberOf } from '../jsonl/values.ts';

/** Keys of a bookmark with a meaning of their own. The members of a position are written directly into the bookmark unless one of them uses such a key. */
export const bookmarkKeys: ReadonlySet<string> = new Set([
  // Ours.
  ...['last_replication_method', 'version', 'copy', 'is_complete', 'ranges', 'session', 'log_position'],
  // Those of other taps.
  ...['replication_key', 'replication_key_value', 'starting_replication_value', 'replication_key_signpost'],
  ...['progress_markers', 'partitions', 'xmin', 'initial_full_table_complete'],
]);

/** The position of the MySQL taps in a copy; these keys are directly in the bookmark, also beside the position of the log. */
export const copyKeys: ReadonlySet<string> = new Set(['max_pk_values', 'last_pk_fetched']);

/** Members of a log position that are integers in every tap. */
const logNumbers = ['lsn', 'log_pos'];

/**
 * The bookmark of a stream. Only what the current run has copied is complete. While a stream is copied in one range, the position of the last page is written directly into the bookmark;
 * with several ranges it is in its range. The position of a log is written directly into the bookmark only once the log is followed. While the stream is being copied it is nested, so that a tap
 * that does not know ranges starts the copy over instead of leaving out the rest of it.
 */
export function bookmarkFrom(progress: Progress, run: string | undefined): Bookmark {
  const { method, copy, version } = progress;
  const begun = {
    last_replication_method: method,
    ...(version === 0 ? {} : { version }),
    ...(copy === version ? {} : { copy }),
  };
  if (method === 'INCREMENTAL') return { ...begun, ...incrementOf(progress) };
  if (method === 'LOG_BASED') return { ...begun, ...logOf(progress) };
  if (progress.phase === 'copied') return progress.run === run ? { ...begun, is_complete: true } : begun;
  return { ...begun, ...sessionOf(progress), ...copyOf(progress.ranges) };
}

function incrementOf(progress: Extract<Progress, { method: 'INCREMENTAL' }>): Bookmark {
  const { replicationKey, value, isNumber, position } = progress;
  return {
    replication_key: replicationKey,
    ...(value === undefined ? {} : { replication_key_value: isNumber === true ? numberIn(value) : value }),
    ...(position === undefined ? {} : { c8_position: position }),
  };
}

function numberIn(value: Json): unknown {
  return typeof value === 'string' && isNumberText(value) ? numberOf(value) : value;
}

function copyOf(ranges: readonly RangeProgress[]): Bookmark {
  const [only] = ranges;
  const isWhole = ranges.length === 1 && only?.from === null && only.to === null && only.isDone !== true;
  if (!isWhole) return { ranges };
  const { position } = only;
  if (position === undefined) return {};
  return canStandFlat(position) ? position : { ranges };
}

function logOf(progress: Extract<Progress, { method: 'LOG_BASED' }>): Bookmark {
  const position = withLogNumbers(progress.logPosition);
  if (progress.phase === 'copying') return { log_position: position, ...sessionOf(progress), ranges: progress.ranges };
  const isFlat = canStandFlat(position) && !Object.keys(position).some((key) => copyKeys.has(key));
  return isFlat ? position : { log_position: position };
}

function sessionOf({ session }: { readonly session?: string }): Bookmark {
  return session === undefined ? {} : { session };
}

function canStandFlat(position: Bookmark): boolean {
  const keys = Object.keys(position);
  return keys.length > 0 && !keys.some((key) => bookmarkKeys.has(key));
}

function withLogNumbers(position: Bookmark): Bookmark {
  const numbers = logNumbers
    .filter((key) => Object.hasOwn(position, key))
    .map((key) => [key, exactNumber(position[key])] as const);
  return { ...position, ...Object.fromEntries(numbers) };
}
