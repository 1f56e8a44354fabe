import type { ConfigDeclaration, ConfigOf } from '../config/property.ts';
import type { ReadRequest } from '../interface/connector.ts';
import { isC8Error } from '../interface/errors.ts';
import type { SourceMessage, StateMessage } from '../interface/messages.ts';
import type { Bookmark } from '../interface/state.ts';
import type { Stream } from '../interface/stream.ts';
import { beginCopy, beginRun, completeBookmark, copyBookmark, isCopied } from '../replication/full-table.ts';
import { extractedNow } from '../singer/extracted-at.ts';
import { batchPages } from './batch-pages.ts';
import type { OpenSource } from './open-source.ts';
import { type ReadProgress, readProgress } from './read-progress.ts';
import { type SelectedStream, selectFresh } from './selection.ts';
import type { Page, ReadContext } from './source-definition.ts';

/**
 * All messages of a source's run: the selected streams one after the other, the one that an unfinished run was reading first. The catalog's selection counts,
 * its schemas are read anew, so a column that came or went since the discovery is no error unless it was selected by name. Of several streams a STATE comes after
 * a page with a bookmark, or at the end of a stream, at the earliest 10,000 rows or 10 s after the last one. What was read and is not in one yet comes in a STATE at the
 * very end, also when the read is stopped or fails.
 */
export async function* readStreams<P extends ConfigDeclaration, S extends Stream>(
  definition: OpenSource<P, S>,
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
  const progress = readProgress(begun, { isEager: request.statePerPage === true || selected.length === 1 });

  try {
    for (const [index, item] of waiting.entries()) {
      if (request.signal.aborted) break;
      yield* readCurrent(definition, config, request, item, progress, waiting[index + 1]?.stream.id ?? null);
    }
    // An unfinished run may have copied everything already: then only its mark is left to be removed.
    if (!request.signal.aborted) progress.end();
  } catch (error) {
    yield* given(progress.rest());
    throw error;
  }
  yield* given(progress.rest());
}

function* given(state: StateMessage | undefined): Generator<StateMessage> {
  if (state !== undefined) yield state;
}

/** Reads a stream, and discovers it anew, once, when its columns changed between its SCHEMA and its first row. */
async function* readCurrent<P extends ConfigDeclaration, S extends Stream>(
  definition: OpenSource<P, S>,
  config: ConfigOf<P>,
  request: ReadRequest,
  item: SelectedStream<S>,
  progress: ReadProgress,
  next: string | null,
): AsyncGenerator<SourceMessage> {
  const { id } = item.stream;
  let hasRows = false;
  try {
    for await (const message of readCopy(definition, config, request, item, progress, next)) {
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
  if (fresh !== undefined) yield* readCopy(definition, config, request, fresh, progress, next);
}

async function* readCopy<P extends ConfigDeclaration, S extends Stream>(
  definition: OpenSource<P, S>,
  config: ConfigOf<P>,
  request: ReadRequest,
  item: SelectedStream<S>,
  progress: ReadProgress,
  next: string | null,
): AsyncGenerator<SourceMessage> {
  const { stream, keyProperties, schema } = item;
  const copy = beginCopy(progress.bookmarkOf(stream.id), Date.now());
  yield {
    type: 'SCHEMA',
    stream: stream.id,
    schema,
    keyProperties,
    bookmarkProperties: [],
  };
  progress.note(stream.id, copyBookmark(stream.id, copy.version, copy.position), stream.id);
  yield* given(progress.due());
  if (copy.isFirst) yield { type: 'ACTIVATE_VERSION', stream: stream.id, version: copy.version };

  const pages = pagesOf(definition, config, request, item, copy.position);
  const header = () => ({ stream: stream.id, schema, version: copy.version, extractedAt: extractedNow() });
  try {
    for await (const { batch, bookmark } of batchPages(pages, header, request.statePerPage !== true)) {
      if (batch !== undefined) {
        progress.addRows(batch.count);
        yield batch.with(request.exact);
      }
      if (bookmark !== undefined) progress.note(stream.id, copyBookmark(stream.id, copy.version, bookmark), stream.id);
      yield* given(progress.due());
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
  progress.note(stream.id, completeBookmark(copy.version), next);
  yield* given(progress.due());
}

/** The author's pages of one stream, from a bookmark on, with the selected columns alone. */
function pagesOf<P extends ConfigDeclaration, S extends Stream>(
  definition: OpenSource<P, S>,
  config: ConfigOf<P>,
  request: ReadRequest,
  { stream, columns, schema }: SelectedStream<S>,
  bookmark: Bookmark | undefined,
): AsyncIterable<Page> | Iterable<Page> {
  const context: Omit<ReadContext<ConfigOf<P>>, 'resource'> = {
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
  const whole = definition.read(stream, context);
  return deselected.size === 0 ? whole : leaveOutColumns(whole, deselected);
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
