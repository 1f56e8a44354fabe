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

/** A read of what is new by a replication key. */
export interface KeyRead {
  /** Only rows whose key is not lower are wanted, and those without a key; undefined when all are. */
  readonly since: Value | undefined;
  /** The highest key that is wanted, where the source alone can compare; undefined where its rows are compared here. */
  readonly upTo: Value | undefined;
  /** The bookmark of the last durable page of an interrupted read, which this one goes on with. */
  readonly bookmark: Bookmark | undefined;
  /** Whether each page is progress. */
  readonly isSorted: boolean;
  /** Rows so far that have no key. */
  nulls(): number;
  /** Counts a page in. Throws a ConnectorError `contract_broken` when the stream is said to be sorted and is not. */
  take(page: Page): void;
  /** What is reached now, with the bookmark of a page that the read can be gone on behind. */
  reached(bookmark?: Bookmark): Reached;
}

/** What a {@link KeyRead} begins with. */
export interface KeyReadRequest {
  readonly stream: string;
  /** Of the selected columns. */
  readonly schema: StreamSchema;
  readonly replicationKey: string;
  readonly isSorted: boolean;
  /** Whether the order of the keys is the source's own. */
  readonly isOrdered: boolean;
  readonly start: Start;
  /** Of the source: `start_date` and `lookback_seconds` count where it declares them. */
  readonly config: object;
  /** Asks the source for its highest key, where it can be asked. */
  readonly highest: (() => Promise<Value | undefined>) | undefined;
  readonly log: Log;
}

/** Begins a read by the stream's replication key, or goes on with an interrupted one. Rejects with what `highest` rejects with. */
export async function openKeyRead(request: KeyReadRequest): Promise<KeyRead> {
  const { stream, schema, replicationKey, isSorted, isOrdered, start } = request;
  const key = replicationKeyOf(stream, replicationKey, schema);
  const before = knownValue(key, start.value, request);
  const place = placeIn(start.bookmark);
  // Where the interrupted read began counts for the rest of it: its bookmark may mean "the third page of these".
  const since = place === undefined ? sinceOf(key, before, request) : place.since;
  const ceiling = place === undefined ? await ceilingOf(key, request) : place.ceiling;
  const { take, value, nulls } = keyProgress({ stream, schema, key, value: before, ceiling, isSorted, isOrdered });
  const fromJson = (json: Json | undefined) => (json === undefined || json === null ? undefined : key.fromJson(json));
  return {
    since: fromJson(since),
    upTo: isOrdered ? fromJson(ceiling) : undefined,
    bookmark: place?.bookmark,
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

/** What was reached before; undefined when the column has had another type since then. */
function knownValue(key: ReplicationKey, value: Json | undefined, { stream, log }: KeyReadRequest): Json | undefined {
  if (value === undefined || key.toJson(value as Value) !== undefined) return value;
  const text = JSON.stringify(value);
  log.warn(`stream '${stream}': the bookmark ${text} is not a value of ${key.column}: it is read from its beginning`, {
    stream,
  });
  return undefined;
}

/** A place within one read. To another read it means nothing, so it keeps what its own began with. */
interface Place {
  readonly bookmark: Bookmark;
  readonly since: Json | undefined;
  readonly ceiling: Json | undefined;
}

function positionOf({ bookmark, since, ceiling }: Place): Bookmark {
  return { bookmark, ...(since === undefined ? {} : { since }), ...(ceiling === undefined ? {} : { ceiling }) };
}

function placeIn(position: Bookmark | undefined): Place | undefined {
  const { bookmark, since, ceiling } = (position ?? {}) as Readonly<Record<string, Json | undefined>>;
  const isObject = typeof bookmark === 'object' && bookmark !== null && !Array.isArray(bookmark);
  return isObject ? { bookmark: bookmark as Bookmark, since, ceiling } : undefined;
}

/** The pages with what is reached after each as its bookmark; a page that nothing can be gone on behind has none. */
export async function* withProgress(pages: AsyncIterable<Page>, keys: KeyRead | undefined): AsyncGenerator<Page> {
  for await (const { bookmark: given, ...page } of pages) {
    const bookmark = given === undefined ? undefined : (plainValue(given) as Bookmark);
    keys?.take(page);
    if (keys === undefined) yield bookmark === undefined ? page : { ...page, bookmark: { position: bookmark } };
    // What comes later may have a lower key: only the end of the read says how far it is.
    else if (!keys.isSorted) yield page;
    else yield { ...page, bookmark: { ...keys.reached(bookmark) } };
  }
}
