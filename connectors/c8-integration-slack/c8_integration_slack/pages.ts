import { ConnectionError, isC8Error } from 'c8connector';
import { objectOf, objectsOf, type SlackAnswer } from './answer.ts';
import type { Slack } from './client.ts';
import { slackCodeOf } from './errors.ts';
import { methodOf, type WebMethod } from './methods.ts';

/** Items per page: as Slack recommends, and the most that apps with the restricted rate get. */
const usualSize = 200;
const restrictedSize = 15;

/** A list of Slack, to be read page by page. */
export interface Pages {
  readonly method: WebMethod;
  readonly args: Readonly<Record<string, unknown>>;
  /** The field of the answer that holds the items. */
  readonly items: string;
  readonly channel?: string;
}

/** Yields the items of a method page by page, to the last one. Each page respects the rate of the method, and has its own retries. */
export async function* pagesOf(
  slack: Slack,
  { method, args, items, channel }: Pages,
): AsyncGenerator<Readonly<Record<string, unknown>>[]> {
  const options = channel === undefined ? {} : { channel };
  const seen = new Set<string>();
  let cursor = '';
  do {
    seen.add(cursor);
    const place = cursor === '' ? {} : { cursor };
    const page = await onePage(slack, method, (limit) => slack.call(method, { ...args, ...place, limit }, options));
    yield objectsOf(page[items]);
    cursor = nextCursor(page, method);
    // The list would never end, and ending here would look like its real end.
    if (cursor !== '' && seen.has(cursor)) throw brokenList(method, 'a cursor that it already returned');
  } while (cursor !== '');
}

/** Empty at the end of the list. */
function nextCursor({ response_metadata, has_more }: SlackAnswer, method: WebMethod): string {
  const { next_cursor: next } = objectOf(response_metadata);
  if (typeof next === 'string' && next !== '') return next;
  if (has_more === true) throw brokenList(method, 'has_more but no cursor');
  return '';
}

function brokenList(method: WebMethod, what: string): ConnectionError {
  return new ConnectionError(`Slack answered ${method} with ${what}: the list is incomplete.`, {
    code: 'server_answer_invalid',
    details: { method },
  });
}

/** Some apps get pages of 15 only, which shows in a refusal of more. */
async function onePage<T>(slack: Slack, method: WebMethod, call: (limit: number) => Promise<T>): Promise<T> {
  if (slack.isRestricted(method)) return await call(restrictedSize);
  try {
    return await call(usualSize);
  } catch (error) {
    const isAboutSize =
      slackCodeOf(error) === 'invalid_arguments' && isC8Error(error) && /\blimit\b/.test(error.message);
    if (!methodOf(method).mayBeRestricted || !isAboutSize) throw error;
    slack.restrict(method);
    return await call(restrictedSize);
  }
}

/** All items at once. */
export async function allItems(slack: Slack, pages: Pages): Promise<Readonly<Record<string, unknown>>[]> {
  const all: Readonly<Record<string, unknown>>[] = [];
  for await (const page of pagesOf(slack, pages)) all.push(...page);
  return all;
}
