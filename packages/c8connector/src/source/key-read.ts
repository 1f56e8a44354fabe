import type { Log } from '../interface/log.ts';
import type { Json } from '../interface/progress.ts';
import type { Bookmark } from '../interface/state.ts';
import type { StreamSchema } from '../interface/stream.ts';
import type { Value } from '../interface/value.ts';
import { plainValue } from '../jsonl/plain-value.ts';
import type { Reached, Start } from '../replication/method.ts';
import { ceilingOf } from './key-ceiling.ts';
import { keyProgress } from './key-progress.ts';
import { type ReplicationKey, replicationKeyOf } from './replication-key.ts';
import { sinceOf } from './since.ts';
import type { Page } from './source-definition.ts';

/** A read of the new rows by a replication key. */
export interface KeyRead {
  /** Rows are wanted if their key is not lower, or if they have none; undefined when all rows are wanted. */
  readonly since: Value | undefined;
  /** The highest key that is wanted, when only the source can compare keys; undefined when the runtime compares them. */
  readonly upTo: Value | undefined;
  /** The bookmark of the last durable page of an interrupted read, which this one resumes. */
  readonly bookmark: Bookmark | undefined;
  /** Whether each page is progress. */
  readonly isSorted: boolean;
  /** Rows so far that have no key. */
  nulls(): number;
  /** Takes the keys of a page into account. Throws a ConnectorError `contract_broken` when the stream is declared as sorted and is not. */
  take(page: Page): void;
  /** The progress so far, with the bookmark of a page after which the read can be resumed. */
  reached(bookmark?: Bookmark): Reached;
}

/** What a {@link KeyRead} begins with. */
export interface KeyReadRequest {
  readonly stream: string;
  /** The schema of the selected columns. */
  readonly schema: StreamSchema;
  readonly replicationKey: string;
  readonly isSorted: boolean;
  /** Whether only the source can compare keys. */
  readonly isOrdered: boolean;
  readonly start: Start;
  /** The config of the source: `start_date` and `lookback_seconds` apply if it declares them. */
  readonly config: object;
  /** Asks the source for its highest key, if it has that. */
  readonly highest: (() => Promise<Value | undefined>) | undefined;
  readonly log: Log;
}

/** Begins a read by the stream's replication key, or resumes an interrupted one. Rejects as `highest` does. */
export async function openKeyRead(request: KeyReadRequest): Promise<KeyRead> {
  const { stream, schema, replicationKey, isSorted, isOrdered, start } = request;
  const key = replicationKeyOf(stream, replicationKey, schema);
  const before = knownValue(key, start.value, request);
  const position = resumedFrom(start.bookmark);
  // The rest of an interrupted read keeps its lower bound: its bookmark may mean "the third page of these rows".
  const since = position === undefined ? sinceOf(key, before, request) : position.since;
  const ceiling = position === undefined ? await ceilingOf(key, request) : position.ceiling;
  const { take, value, nulls } = keyProgress({ stream, schema, key, value: before, ceiling, isSorted, isOrdered });
  const fromJson = (json: Json | undefined) => (json === undefined || json === null ? undefined : key.fromJson(json));
  return {
    since: fromJson(since),
    upTo: isOrdered ? fromJson(ceiling) : undefined,
    bookmark: position?.bookmark,
    isSorted,
    nulls,
    take,
    reached(bookmark) {
      const now = value();
      return {
        ...(now === undefined ? {} : { value: now }),
        ...(typeof now === 'string' && key.isNumber ? { isNumber: true } : {}),
        ...(bookmark === undefined ? {} : { position: positionOf({ bookmark, since, ceiling }) }),
      };
    },
  };
}

/** The value that was reached before; undefined when the type of the column has changed since then. */
function knownValue(key: ReplicationKey, value: Json | undefined, { stream, log }: KeyReadRequest): Json | undefined {
  if (value === undefined || key.toJson(value as Value) !== undefined) return value;
  const text = JSON.stringify(value);
  log.warn(`stream '${stream}': the bookmark ${text} is not a value of ${key.column}: it is read from its beginning`, {
    stream,
  });
  return undefined;
}

/** A position within one read. It is valid in that read only, and contains the bounds that the read began with. */
interface ReadPosition {
  readonly bookmark: Bookmark;
  readonly since: Json | undefined;
  readonly ceiling: Json | undefined;
}

function positionOf({ bookmark, since, ceiling }: ReadPosition): Bookmark {
  return { bookmark, ...(since === undefined ? {} : { since }), ...(ceiling === undefined ? {} : { ceiling }) };
}

function resumedFrom(position: Bookmark | undefined): ReadPosition | undefined {
  const { bookmark, since, ceiling } = (position ?? {}) as Readonly<Record<string, Json | undefined>>;
  const isObject = typeof bookmark === 'object' && bookmark !== null && !Array.isArray(bookmark);
  return isObject ? { bookmark: bookmark as Bookmark, since, ceiling } : undefined;
}

/** The pages, each with the progress after it as its bookmark; a page after which the read cannot be resumed has none. */
export async function* withProgress(pages: AsyncIterable<Page>, keys: KeyRead | undefined): AsyncGenerator<Page> {
  for await (const { bookmark: given, ...page } of pages) {
    const bookmark = given === undefined ? undefined : (plainValue(given) as Bookmark);
    keys?.take(page);
    if (keys === undefined) yield bookmark === undefined ? page : { ...page, bookmark: { position: bookmark } };
    // A later row may have a lower key: only the end of the read is progress.
    else if (!keys.isSorted) yield page;
    else yield { ...page, bookmark: { ...keys.reached(bookmark) } };
  }
}
