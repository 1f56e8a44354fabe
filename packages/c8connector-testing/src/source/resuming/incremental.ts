import type { Catalog, CatalogEntry, Row, SourceMessage, Value, ValueSchema } from 'c8connector';
import { type Bookmark, bookmarkOf, Decimal, parseValue, type State, selectStreams, withBookmark } from 'c8connector';
import { type Check, Finding, NotRunnable, shown } from '../../check.ts';
import { lastState, linesOf } from '../recording/recording.ts';
import { replicationKey } from '../recording/selected-catalog.ts';
import type { SourceContext } from '../source-context.ts';
import { compareValues, isBefore, lookedBack } from './bookmark-order.ts';

const notOffered = 'no stream of the catalog offers INCREMENTAL by valid-replication-keys or its replication method';

/** 44 */
export const futureState: Check<SourceContext> = {
  number: 44,
  title: 'an incremental read from a state far in the future returns no records',
  where: 'how read uses its bookmark, and types in which it is compared',
  async run(context) {
    const { catalog, state, streams } = await firstRun(context);
    let future = state;
    const moved: string[] = [];
    for (const { entry, newest } of streams) {
      const stream = entry.tap_stream_id;
      const schema = entry.schema.properties[replicationKey(entry) ?? ''] ?? {};
      const bookmark = replaced(bookmarkOf(state, stream) ?? {}, newest, farFuture(newest, schema));
      if (bookmark === undefined) continue;
      moved.push(stream);
      future = withBookmark(future, stream, bookmark);
    }
    if (moved.length === 0)
      throw new NotRunnable('no bookmark holds its replication key as a number or a moment that stands in the records');
    const { messages } = await context.readWith(catalog, future);
    for (const { entry } of streams.filter(({ entry: { tap_stream_id: id } }) => moved.includes(id))) {
      const stream = entry.tap_stream_id;
      // Each read contains the rows without a key.
      const found = [...valuesOf(messages, stream, replicationKey(entry) ?? '')].filter(({ value }) => value !== null);
      const [first] = found;
      if (first !== undefined)
        throw new Finding(
          `no record of '${stream}' from the bookmark ${shown(bookmarkOf(future, stream))}`,
          `${found.length}, such as ${shown(first.line)}`,
        );
    }
  },
};

/** 45 */
export const secondRun: Check<SourceContext> = {
  number: 45,
  title: 'a second incremental run starts at the bookmark of the first',
  where: 'the bookmark of the last page, and where read begins: at since itself, not after it',
  async run(context) {
    const { catalog, state, streams, capped } = await firstRun(context);
    const { messages } = await context.readWith(catalog, state);
    const lookback = await lookbackOf(context);
    for (const { entry, newest, last } of streams) {
      const stream = entry.tap_stream_id;
      const key = replicationKey(entry) ?? '';
      const bookmark = bookmarkOf(state, stream);
      if (bookmark === undefined)
        throw new Finding(`a bookmark of '${stream}' at the end of an incremental run`, 'none');
      const bound = bookmark.replication_key_value ?? newest;
      const start = lookedBack(bound, lookback);
      const second = [...valuesOf(messages, stream, key)];
      for (const { value, line } of second) {
        if (isBefore(value, start) === true)
          throw new Finding(`records of '${stream}' with ${key} from ${shown(start)} in a second run`, shown(line));
      }
      // A source that the runtime reads unit by unit reads the last key again: more rows with it may have been inserted.
      if (context.connector.open === undefined || capped.has(stream) || compareValues(newest, bound) !== 0) continue;
      const lines = new Set(second.map(({ line }) => line));
      const lost = last.find((line) => !lines.has(line));
      if (lost !== undefined)
        throw new Finding(`records of '${stream}' with ${key} ${shown(bound)} again in a second run`, `no ${lost}`);
    }
  },
};

/** The lookback of the config, in seconds. */
async function lookbackOf({ connector, config }: SourceContext): Promise<number> {
  const name = 'lookback_seconds';
  const property = connector.config.find((one) => one.name === name);
  const given = ((await config()) as Readonly<Record<string, unknown>>)[name] ?? property?.defaultValue;
  return property === undefined || !Number.isFinite(Number(given)) ? 0 : Number(given);
}

interface FirstRun {
  readonly catalog: Catalog;
  /** Where the first run ended. */
  readonly state: State;
  /** The streams with a replication key that can be compared. */
  readonly streams: readonly KeyedStream[];
  /** Streams that have more rows than were read. */
  readonly capped: ReadonlySet<string>;
}

interface KeyedStream {
  readonly entry: CatalogEntry;
  readonly newest: Value;
  /** The records with that key. */
  readonly last: readonly string[];
}

async function firstRun(context: SourceContext): Promise<FirstRun> {
  const first = await context.incremental();
  if (first === undefined) throw new NotRunnable(notOffered);
  const { catalog, recording } = first;
  const streams = selectStreams(catalog).flatMap((entry) => {
    const values = [...valuesOf(recording.messages, entry.tap_stream_id, replicationKey(entry) ?? '')];
    const newest = values.reduce<Value>((most, { value }) => later(most, value), null);
    const last = values.filter(({ value }) => compareValues(value, newest) === 0).map(({ line }) => line);
    return newest === null ? [] : [{ entry, newest, last }];
  });
  if (streams.length === 0)
    throw new NotRunnable('no record has a replication key that is a number, a text of digits or a moment');
  const state = lastState(recording.messages);
  if (state === undefined) throw new Finding('a STATE of an incremental run', 'none');
  return { catalog, state, streams, capped: recording.capped };
}

function* valuesOf(messages: readonly SourceMessage[], stream: string, key: string) {
  for (const message of messages) {
    if (message.type !== 'RECORDS' || message.stream !== stream) continue;
    for (const line of linesOf(message)) yield { value: (parseValue(line) as Row)[key] ?? null, line };
  }
}

function later(most: Value, value: Value): Value {
  if (compareValues(value, value) === undefined) return most;
  if (most === null) return value;
  return (compareValues(value, most) ?? 0) > 0 ? value : most;
}

/** The bookmark with its newest value replaced by a future one wherever it occurs; undefined when it does not occur, or when there is no future value. */
function replaced(bookmark: Bookmark, newest: Value, future: Value | undefined): Bookmark | undefined {
  if (future === undefined) return undefined;
  let isFound = false;
  const walk = (value: unknown): unknown => {
    if (compareValues(value, newest) === 0) {
      isFound = true;
      return future;
    }
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, walk(member)]));
  };
  const moved = walk(bookmark) as Bookmark;
  return isFound ? moved : undefined;
}

/** A value above everything that a column will contain, in the same form: a moment in the year 9998, a number near the maximum of its type. Undefined when there is none. */
function farFuture(value: Value, schema: ValueSchema): Value | undefined {
  if (typeof value === 'string') {
    if (/^\d{4}-\d\d-\d\d/.test(value)) return `9998${value.slice(4)}`;
    return /^\d+$/.test(value) ? '9'.repeat(value.length) : undefined;
  }
  if (typeof value === 'number' || typeof value === 'bigint') {
    const most = schema.maximum === undefined ? BigInt(Number.MAX_SAFE_INTEGER) : largest(schema.maximum);
    return BigInt(Math.ceil(Number(value))) < most ? most : undefined;
  }
  return value instanceof Decimal
    ? new Decimal(`${value.text.startsWith('-') ? '' : '9'}${value.text.replace('-', '')}`)
    : undefined;
}

/** The largest value: a bound such as 2^63 is a double, and one above it. */
function largest(maximum: number | string): bigint {
  return typeof maximum === 'string'
    ? BigInt(maximum)
    : BigInt(Math.floor(maximum)) - (Number.isSafeInteger(maximum) ? 0n : 1n);
}
