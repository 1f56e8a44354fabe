import { isC8Error } from 'c8connector';
import { objectOf, objectsOf } from './answer.ts';
import type { Slack } from './client.ts';
import { slackCodeOf } from './errors.ts';
import { methodOf, type WebMethod } from './methods.ts';

/** Items a page: what Slack advises, and what it gives to apps with the restricted rate. */
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

/** Yields the items of a method page by page, to the last one. Each page keeps to the rate of the method, and is repeated by itself. */
export async function* pagesOf(
  slack: Slack,
  { method, args, items, channel }: Pages,
): AsyncGenerator<Readonly<Record<string, unknown>>[]> {
  const options = channel === undefined ? {} : { channel };
  let cursor = '';
  do {
    const place = cursor === '' ? {} : { cursor };
    const page = await onePage(slack, method, (limit) => slack.call(method, { ...args, ...place, limit }, options));
    yield objectsOf(page[items]);
    const next = objectOf(page.response_metadata).next_cursor;
    // A cursor that leads to itself would never end.
    cursor = typeof next === 'string' && next !== cursor ? next : '';
  } while (cursor !== '');
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
