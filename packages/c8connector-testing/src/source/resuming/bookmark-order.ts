import type { Bookmark } from 'c8connector';
import { shown } from '../../check.ts';
import { compareNumbers, isNumeric } from '../../values/exact-number.ts';
import { momentOf } from '../../values/moment.ts';

/** Members that say how a bookmark is to be understood: where one changes, the others start over. */
const kinds = ['last_replication_method', 'replication_method', 'replication_key', 'version'];

/**
 * What went back from one bookmark of a stream to the next; undefined when nothing did, or when they cannot be compared. Of several values the first that counts may be any, so
 * they have gone back only when no other that changed could have gone on.
 */
export function wentBack(before: Bookmark, now: Bookmark): string | undefined {
  if (before.version !== undefined && isBefore(now.version, before.version) === true)
    return `version ${shown(before.version)}, then ${shown(now.version)}`;
  if (kinds.some((kind) => String(before[kind]) !== String(now[kind]))) return undefined;
  const one = new Map(leaves(before, ''));
  const back: string[] = [];
  for (const [path, value] of leaves(now, '')) {
    const older = one.get(path);
    if (older === undefined || isSame(older, value)) continue;
    if (isBefore(value, older) !== true) return undefined;
    back.push(`${path} ${shown(older)}, then ${shown(value)}`);
  }
  return back[0];
}

function* leaves(value: unknown, path: string): Generator<readonly [string, unknown]> {
  if (typeof value !== 'object' || value === null || isNumeric(value)) {
    yield [path, value];
    return;
  }
  for (const [key, member] of Object.entries(value)) yield* leaves(member, path === '' ? key : `${path}.${key}`);
}

function isSame(one: unknown, other: unknown): boolean {
  return one === other || (isNumeric(one) && isNumeric(other) && compareNumbers(one, other) === 0);
}

/** Whether one value comes before the other; undefined when they cannot be compared. */
export function isBefore(one: unknown, other: unknown): boolean | undefined {
  const order = compareValues(one, other);
  return order === undefined ? undefined : order < 0;
}

/** The order of two numbers, two texts of digits or two moments; undefined for all else. */
export function compareValues(one: unknown, other: unknown): number | undefined {
  if (isNumeric(one) && isNumeric(other)) return compareNumbers(one, other);
  if (typeof one !== 'string' || typeof other !== 'string') return undefined;
  if (/^\d+$/.test(one) && /^\d+$/.test(other))
    return Number(BigInt(one) > BigInt(other)) - Number(BigInt(one) < BigInt(other));
  const [left, right] = [momentOf(one), momentOf(other)];
  if (left === undefined || right === undefined) return undefined;
  if (left.milliseconds !== right.milliseconds) return left.milliseconds - right.milliseconds;
  // '5' and '50' are the same fraction.
  const length = Math.max(left.fraction.length, right.fraction.length);
  const [before, behind] = [left.fraction.padEnd(length, '0'), right.fraction.padEnd(length, '0')];
  return before < behind ? -1 : Number(before > behind);
}

/** So many seconds before a moment, or the day that it is then where the moment is a day; what is not a moment as it is. */
export function lookedBack(value: unknown, seconds: number): unknown {
  const moment = typeof value === 'string' ? momentOf(value) : undefined;
  if (typeof value !== 'string' || moment === undefined || seconds <= 0) return value;
  const before = new Date(moment.milliseconds - seconds * 1000).toISOString();
  return value.length === 10 ? before.slice(0, 10) : before;
}
