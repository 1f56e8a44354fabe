import type { ConfigDeclaration, ConfigOf } from '../config/property.ts';
import { timedIterator, waitFor } from '../deadline.ts';
import type { CatalogEntry } from '../interface/catalog.ts';
import { ConnectorError } from '../interface/errors.ts';
import { silentLog } from '../interface/log.ts';
import type { Lag, SchemaMessage, SourceMessage, StateMessage } from '../interface/messages.ts';
import type { Patch, Progress } from '../interface/progress.ts';
import type { FollowRequest, UnitReadRequest } from '../interface/source-session.ts';
import type { Bookmark } from '../interface/state.ts';
import type { Stream, StreamSchema } from '../interface/stream.ts';
import { plainValue } from '../jsonl/plain-value.ts';
import { pagePatch, startOf } from '../replication/methods.ts';
import { extractedNow } from '../singer/extracted-at.ts';
import { columnCut } from './cut-columns.ts';
import { type LogBatches, logBatches } from './log-batches.ts';
import { completed, logColumns, rowNumbering, withColumns } from './log-columns.ts';
import type { Opened } from './read-unit.ts';
import { type SelectedStream, selectFrom } from './selection.ts';
import type { LogDefinition, LogPage, Page } from './source-definition.ts';

/** How long a read that is to end at its next position waits for one; less after a signal. */
const positionMilliseconds = 5000;
const stopMilliseconds = 1000;
/** How long a source may take to release what it holds. */
const releaseMilliseconds = 5000;

/** One stream of a log that is being read. */
interface Followed<S extends Stream> {
  item: SelectedStream<S>;
  /** The current schema of its rows. */
  schema: StreamSchema;
  /** The version of its rows. */
  version: number;
  progress: Progress;
  cut: (page: Page) => Page;
  isDescribed: boolean;
}

/**
 * The messages of the unit that follows the log: for each stream, a SCHEMA before its first rows and at each change, its rows, and ACTIVATE_VERSION where it was truncated; and STATE for all streams
 * after a position. Ends where the source does, at the signal, or at the next position once `ending` is aborted.
 */
export async function* readLog<P extends ConfigDeclaration, S extends Stream, R>(
  opened: Opened<P, S, R>,
  selected: Map<string, SelectedStream<S>>,
  request: UnitReadRequest,
): AsyncGenerator<SourceMessage> {
  const { definition } = opened;
  const { unit, signal, follow, epoch } = request;
  if (definition.log === undefined || follow === undefined) throw new Error('the source has no log');
  const numbering = rowNumbering(epoch);
  const columns = logColumns(definition.log.columns);
  const streams = new Map(unit.streams.map((id) => [id, followed(id, selected, request, columns)]));
  const patches = new Map<string, Patch>([...streams].map(([id, { progress }]) => [id, pagePatch(progress, unit, {})]));
  const of = (id: string): Followed<S> => streams.get(id) ?? foreign(opened, id);
  const completion = { columns, numbering, memory: [], isCopy: false };
  const batches = logBatches((id) => {
    const { schema, version } = of(id);
    return { stream: id, schema, version, extractedAt: extractedNow() };
  });
  let lag: Lag | undefined;
  const say = (): StateMessage => {
    const lastEpoch = numbering.lastEpoch();
    return {
      type: 'STATE',
      value: { patches: Object.fromEntries(patches), ...(lastEpoch === undefined ? {} : { lastEpoch }) },
      ...(lag === undefined ? {} : { lag }),
    };
  };

  async function* pass(): AsyncGenerator<SourceMessage> {
    for await (const message of batches.close()) {
      if (message.type === 'RECORDS') {
        yield* described(of(message.stream));
        yield message.with(request.exact);
        continue;
      }
      for (const [id, position] of message.bookmarks) {
        const { progress, version } = of(id);
        patches.set(id, pagePatch({ ...progress, version }, unit, { position }));
      }
      yield say();
    }
  }

  async function* take(page: LogPage): AsyncGenerator<SourceMessage> {
    if ('bookmark' in page || 'bookmarks' in page) {
      const bookmarks = bookmarksOf(page);
      for (const id of Object.keys(bookmarks)) of(id);
      batches.reach(bookmarks);
      lag = page.lag;
      if (request.statePerPage === true) yield* pass();
      return;
    }
    const stream = of(page.stream);
    if ('schema' in page) {
      yield* pass();
      change(stream, page, columns, request);
      selected.set(page.stream, stream.item);
    } else if ('truncated' in page) {
      yield* pass();
      yield* described(stream);
      stream.version = await request.version();
      yield { type: 'ACTIVATE_VERSION', stream: page.stream, version: stream.version };
    } else {
      batches.add(page.stream, completed(stream.cut(page), completion));
      if (batches.isFull()) yield* pass();
    }
  }

  const over = new AbortController();
  const pages = readPages(opened, definition.log, streams, request, AbortSignal.any([signal, over.signal]));
  try {
    for await (const page of untilEnding(pages, batches, { ending: follow.ending, signal, over })) {
      if (page === undefined) yield* pass();
      else yield* take(page);
    }
  } catch (error) {
    // The rows before the failure are valid.
    yield* pass();
    // A source that throws after it was asked to stop has stopped.
    if (!signal.aborted) throw error;
  }
  yield* pass();
}

/** By the id of the stream. */
function bookmarksOf(page: Extract<LogPage, { readonly lag?: Lag }>): Readonly<Record<string, Bookmark>> {
  if ('bookmarks' in page) return plainValue(page.bookmarks) as Readonly<Record<string, Bookmark>>;
  const bookmark = plainValue(page.bookmark) as Bookmark;
  return Object.fromEntries(page.streams.map((stream) => [stream, bookmark]));
}

function followed<S extends Stream>(
  id: string,
  selected: ReadonlyMap<string, SelectedStream<S>>,
  { progress: all, log }: UnitReadRequest,
  columns: ReturnType<typeof logColumns>,
): Followed<S> {
  const item = selected.get(id);
  const progress = all[id];
  if (item === undefined || progress === undefined) throw new Error(`the stream ${id} was not begun`);
  const { version } = progress;
  return { item, version, progress, isDescribed: false, ...shapeOf(item, columns, log) };
}

/** What is derived from the columns of a stream. */
function shapeOf<S extends Stream>(
  { stream, schema, columns: names }: SelectedStream<S>,
  columns: ReturnType<typeof logColumns>,
  log: UnitReadRequest['log'],
): Pick<Followed<S>, 'schema' | 'cut'> {
  const declared = withColumns(stream.schema, columns);
  return {
    schema: withColumns(schema, columns),
    cut: columnCut({ stream: stream.id, declared, columns: [...names, ...Object.keys(columns)], log }),
  };
}

/** Applies the columns that the stream has from here on; columns that the user did not select stay out. */
function change<S extends Stream>(
  followed: Followed<S>,
  { schema, keyProperties }: Extract<LogPage, { readonly schema: StreamSchema }>,
  columns: ReturnType<typeof logColumns>,
  { log }: UnitReadRequest,
): void {
  const item = changedItem(followed.item, { schema, keyProperties }, log);
  if (item === undefined) return;
  Object.assign(followed, { item, isDescribed: false, ...shapeOf(item, columns, log) });
}

/** The stream with other columns than it was discovered with. */
function changedItem<S extends Stream>(
  { stream, entry }: SelectedStream<S>,
  { schema, keyProperties }: { readonly schema: StreamSchema; readonly keyProperties?: readonly string[] | undefined },
  log: UnitReadRequest['log'],
): SelectedStream<S> | undefined {
  const now = { ...stream, schema, ...(keyProperties === undefined ? {} : { keyProperties }) };
  return selectFrom([now], { streams: [entryWithin(entry, schema)] }, log)[0];
}

/** The catalog entry reduced to the existing columns: one that was added or dropped later is not a mistake of the user. */
function entryWithin(entry: CatalogEntry, { properties }: StreamSchema): CatalogEntry {
  const isThere = (column: string | undefined): boolean => column === undefined || Object.hasOwn(properties, column);
  const own = Object.entries(entry.schema.properties).filter(([column]) => isThere(column));
  return {
    ...entry,
    schema: { ...entry.schema, properties: Object.fromEntries(own) },
    metadata: entry.metadata.filter(({ breadcrumb: [, column] }) => isThere(column)),
  };
}

function* described<S extends Stream>(followed: Followed<S>): Generator<SchemaMessage> {
  if (followed.isDescribed) return;
  followed.isDescribed = true;
  const { stream, keyProperties } = followed.item;
  yield { type: 'SCHEMA', stream: stream.id, schema: followed.schema, keyProperties, bookmarkProperties: [] };
}

function foreign<P extends ConfigDeclaration, S extends Stream, R>({ definition }: Opened<P, S, R>, id: string): never {
  throw new ConnectorError(
    `${definition.package.name}: its log yielded something for the stream '${id}', which is not read`,
    {
      code: 'contract_broken',
    },
  );
}

function readPages<P extends ConfigDeclaration, S extends Stream, R>(
  { config, resource }: Opened<P, S, R>,
  definition: LogDefinition<ConfigOf<P>, S, R>,
  streams: ReadonlyMap<string, Followed<S>>,
  { unit, connection, follow, exact, log }: UnitReadRequest,
  signal: AbortSignal,
): AsyncIterable<LogPage> {
  const { until, durable } = follow as FollowRequest;
  const wanted = [...streams.values()].map(({ item, progress }) => ({
    stream: item.stream,
    columns: item.columns,
    schema: item.schema,
    bookmark: startOf(progress, unit).bookmark ?? {},
    // Problems of the key are logged when the columns change.
    select: (schema: StreamSchema) => changedItem(item, { schema }, silentLog)?.columns ?? [],
  }));
  return definition.read(wanted, { config, resource, connection, until, durable, exact, signal, log });
}

interface Ends {
  /** Asks for an end at the next position. */
  readonly ending: AbortSignal | undefined;
  readonly signal: AbortSignal;
  /** Aborted when nothing more is wanted. */
  readonly over: AbortController;
}

/** The pages of a log, and undefined whenever held rows are due to be passed on. Ends with the log, or at a position once an end is requested. */
async function* untilEnding(
  pages: AsyncIterable<LogPage>,
  batches: LogBatches,
  { ending, signal, over }: Ends,
): AsyncGenerator<LogPage | undefined> {
  const input = timedIterator(pages);
  const asked = ending === undefined ? signal : AbortSignal.any([ending, signal]);
  let endsAt = Number.POSITIVE_INFINITY;
  try {
    for (;;) {
      if (asked.aborted) {
        endsAt = Math.min(endsAt, Date.now() + (signal.aborted ? stopMilliseconds : positionMilliseconds));
        if (!batches.isBehindPosition() || Date.now() >= endsAt) return;
      }
      const dueAt = batches.dueAt() ?? Number.POSITIVE_INFINITY;
      const milliseconds = Math.min(dueAt, endsAt) - Date.now();
      const next = await input.next({ milliseconds, signal: asked.aborted ? undefined : asked });
      if (next?.done === true) return;
      if (next !== undefined) yield next.value;
      if (Date.now() >= dueAt) yield undefined;
    }
  } finally {
    over.abort();
    await waitFor(input.return(), { milliseconds: releaseMilliseconds });
  }
}
