import type { ConfigDeclaration, ConfigOf } from '../config/property.ts';
import type { ReadRequest } from '../interface/connector.ts';
import { isC8Error } from '../interface/errors.ts';
import type { SourceMessage } from '../interface/messages.ts';
import type { Bookmark, State } from '../interface/state.ts';
import type { Stream } from '../interface/stream.ts';
import { beginCopy, beginRun, completeBookmark, copyBookmark, isCopied } from '../replication/full-table.ts';
import { extractedNow } from '../singer/extracted-at.ts';
import { bookmarkOf, withBookmark } from '../singer/state.ts';
import { batchPages } from './batch-pages.ts';
import { type SelectedStream, selectFresh } from './selection.ts';
import type { Page, ReadContext, SourceDefinition } from './source-definition.ts';

/**
 * All messages of a source's run: the selected streams one after the other, the one that an unfinished run was reading first. The catalog's selection counts,
 * its schemas are read anew, so a column that came or went since the discovery is no error unless it was selected by name.
 */
export async function* readStreams<P extends ConfigDeclaration, S extends Stream>(
  definition: SourceDefinition<P, S>,
  config: ConfigOf<P>,
  request: ReadRequest,
): AsyncGenerator<SourceMessage> {
  const selected = await selectFresh(definition, config, request);
  const begun = beginRun(
    request.state ?? {},
    selected.map(({ stream }) => stream.id),
  );
  const current = begun.currently_syncing;
  const waiting = selected
    .filter(({ stream }) => !isCopied(begun, stream.id))
    .sort((a, b) => Number(b.stream.id === current) - Number(a.stream.id === current));

  let state = begun;
  for (const [index, item] of waiting.entries()) {
    if (request.signal.aborted) return;
    const next = waiting[index + 1]?.stream.id ?? null;
    for await (const message of readCurrent(definition, config, request, item, state, next)) {
      if (message.type === 'STATE') state = message.value;
      yield message;
    }
  }
  // Every stream was copied already: clear the marker of the unfinished run.
  if (waiting.length === 0 && typeof current === 'string')
    yield { type: 'STATE', value: { ...state, currently_syncing: null } };
}

/** Reads a stream, and discovers it anew, once, when its columns changed between its SCHEMA and its first row. */
async function* readCurrent<P extends ConfigDeclaration, S extends Stream>(
  definition: SourceDefinition<P, S>,
  config: ConfigOf<P>,
  request: ReadRequest,
  item: SelectedStream<S>,
  before: State,
  next: string | null,
): AsyncGenerator<SourceMessage> {
  const { id } = item.stream;
  let state = before;
  let hasRows = false;
  try {
    for await (const message of readCopy(definition, config, request, item, before, next)) {
      if (message.type === 'STATE') state = message.value;
      hasRows ||= message.type === 'RECORDS';
      yield message;
    }
    return;
  } catch (error) {
    const isChanged = isC8Error(error) && error.code === 'stream_changed' && error.details.stream === id;
    if (!isChanged || hasRows) throw error;
    request.log.warn(`${error.message} It is discovered again.`, { stream: id });
  }
  const streams = request.catalog.streams.filter((entry) => entry.tap_stream_id === id);
  const [fresh] = await selectFresh(definition, config, { ...request, catalog: { ...request.catalog, streams } });
  if (fresh !== undefined) yield* readCopy(definition, config, request, fresh, state, next);
}

async function* readCopy<P extends ConfigDeclaration, S extends Stream>(
  definition: SourceDefinition<P, S>,
  config: ConfigOf<P>,
  request: ReadRequest,
  item: SelectedStream<S>,
  before: State,
  next: string | null,
): AsyncGenerator<SourceMessage> {
  const { stream, keyProperties, schema } = item;
  const copy = beginCopy(bookmarkOf(before, stream.id), Date.now());
  const stateWith = (bookmark: ReturnType<typeof copyBookmark>, syncing: string | null): SourceMessage => ({
    type: 'STATE',
    value: { ...withBookmark(before, stream.id, bookmark), currently_syncing: syncing },
  });

  yield {
    type: 'SCHEMA',
    stream: stream.id,
    schema,
    keyProperties,
    bookmarkProperties: [],
  };
  yield stateWith(copyBookmark(stream.id, copy.version, copy.position), stream.id);
  if (copy.isFirst) yield { type: 'ACTIVATE_VERSION', stream: stream.id, version: copy.version };

  const pages = pagesOf(definition, config, request, item, copy.position);
  const header = () => ({ stream: stream.id, schema, version: copy.version, extractedAt: extractedNow() });
  try {
    for await (const { batch, bookmark } of batchPages(pages, header, request.statePerPage !== true)) {
      if (batch !== undefined) yield batch.with(request.exact);
      if (bookmark !== undefined) yield stateWith(copyBookmark(stream.id, copy.version, bookmark), stream.id);
      // A source need not look at the signal between its pages; we do.
      if (request.signal.aborted) return;
    }
  } catch (error) {
    // A source that throws once it was asked to stop has stopped.
    if (!request.signal.aborted) throw error;
  }
  // Stopped: what was read counts, but the copy is not complete.
  if (request.signal.aborted) return;

  yield { type: 'ACTIVATE_VERSION', stream: stream.id, version: copy.version };
  yield stateWith(completeBookmark(copy.version), next);
}

/** The author's pages of one stream, from a bookmark on, with the selected columns alone. */
function pagesOf<P extends ConfigDeclaration, S extends Stream>(
  definition: SourceDefinition<P, S>,
  config: ConfigOf<P>,
  request: ReadRequest,
  { stream, columns, schema }: SelectedStream<S>,
  bookmark: Bookmark | undefined,
): AsyncIterable<Page> | Iterable<Page> {
  const context: ReadContext<ConfigOf<P>> = {
    config,
    columns,
    schema,
    exact: request.exact,
    signal: request.signal,
    log: request.log,
    ...(bookmark === undefined ? {} : { bookmark }),
  };
  const kept = new Set(columns);
  const deselected = new Set(Object.keys(stream.schema.properties).filter((name) => !kept.has(name)));
  const given = definition.read(stream, context);
  return deselected.size === 0 ? given : leaveOutColumns(given, deselected);
}

/** The same pages without the columns that were deselected: an author may give whole rows. Lines hold the selected columns alone anyway. */
async function* leaveOutColumns(
  pages: AsyncIterable<Page> | Iterable<Page>,
  deselected: ReadonlySet<string>,
): AsyncGenerator<Page> {
  for await (const page of pages) {
    if ('lines' in page) {
      yield page;
      continue;
    }
    const rows = page.rows.map((row) =>
      Object.fromEntries(Object.entries(row).filter(([name]) => !deselected.has(name))),
    );
    yield { ...page, rows };
  }
}
