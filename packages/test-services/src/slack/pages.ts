import { type Arguments, text } from './arguments.ts';
import { SlackError } from './slack-error.ts';

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Empty at the end, as Slack ends its lists. */
  readonly nextCursor: string;
}

/**
 * One page of `items`, from the item that the cursor names. `kind` is what Slack puts into its cursors (`user`, `team`,
 * `next_ts`), `keyOf` says how an item is found again: a cursor stays good when items come or go before it.
 */
export function pageOf<Item>(
  items: readonly Item[],
  args: Arguments,
  limit: number,
  kind: string,
  keyOf: (item: Item) => string,
): Page<Item> {
  const cursor = text(args, 'cursor');
  const start = cursor === undefined ? 0 : placeOf(items, readCursor(cursor, kind), keyOf);
  const next = items[start + limit];
  const nextCursor = next === undefined ? '' : Buffer.from(`${kind}:${keyOf(next)}`).toString('base64');
  return { items: items.slice(start, start + limit), nextCursor };
}

function readCursor(cursor: string, kind: string): string {
  const decoded = Buffer.from(cursor, 'base64').toString();
  const isWhole = Buffer.from(decoded).toString('base64') === cursor;
  if (!isWhole || !decoded.startsWith(`${kind}:`)) throw new SlackError('invalid_cursor');
  return decoded.slice(kind.length + 1);
}

function placeOf<Item>(items: readonly Item[], key: string, keyOf: (item: Item) => string): number {
  const place = items.findIndex((item) => keyOf(item) === key);
  if (place < 0) throw new SlackError('invalid_cursor');
  return place;
}
