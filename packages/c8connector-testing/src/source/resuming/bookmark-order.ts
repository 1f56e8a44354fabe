import type { Bookmark } from 'c8connector';
import { shown } from '../../check.ts';
import { compareNumbers, isNumeric } from '../../values/exact-number.ts';
import { momentOf } from '../../values/moment.ts';

/** Members that determine the meaning of a bookmark: when one changes, the others cannot be compared. */
const kinds = ['last_replication_method', 'replication_method', 'replication_key', 'version'];

/**
 * What decreased from one bookmark of a stream to the next; undefined when nothing did, or when they cannot be compared. When there are several values, any of them may be the most significant, so
 * they have decreased only when no other changed value could have increased.
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

/** Whether one value is less than the other; undefined when they cannot be compared. */
export function isBefore(one: unknown, other: unknown): boolean | undefined {
  const order = compareValues(one, other);
  return order === undefined ? undefined : order < 0;
}

/** The order of two numbers, two texts of digits or two moments; undefined for everything else. */
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
  const [before, after] = [left.fraction.padEnd(length, '0'), right.fraction.padEnd(length, '0')];
  return before < after ? -1 : Number(before > after);
}

/** The moment this many seconds before another one, as a day when that is a day; other values unchanged. */
export function lookedBack(value: unknown, seconds: number): unknown {
  const moment = typeof value === 'string' ? momentOf(value) : undefined;
  if (typeof value !== 'string' || moment === undefined || seconds <= 0) return value;
  const before = new Date(moment.milliseconds - seconds * 1000).toISOString();
  return value.length === 10 ? before.slice(0, 10) : before;
}
