import type { ConfigDeclaration, ConfigOf } from '../config/property.ts';
import type { SourceMessage, StateMessage } from '../interface/messages.ts';
import type { Patch, Progress } from '../interface/progress.ts';
import type { UnitReadRequest } from '../interface/source-session.ts';
import type { Stream } from '../interface/stream.ts';
import type { PageMemory } from '../jsonl/page-memory.ts';
import { endPatch, hasLog, isWhole, pagePatch, startOf } from '../replication/methods.ts';
import { extractedNow } from '../singer/extracted-at.ts';
import { batchPages } from './batch-pages.ts';
import { cutColumns } from './cut-columns.ts';
import { type KeyRead, openKeyRead, withProgress } from './key-read.ts';
import { completed, logColumns, type RowNumbering, rowNumbering, withColumns } from './log-columns.ts';
import type { SelectedStream } from './selection.ts';
import type { Page, ReadContext, SourceDefinition } from './source-definition.ts';

/** An opened source. */
export interface Opened<P extends ConfigDeclaration, S extends Stream, R> {
  readonly definition: SourceDefinition<P, S, R>;
  readonly config: ConfigOf<P>;
  readonly resource: R;
}

/** What one unit of one stream reads. */
export interface StreamReadRequest extends Omit<UnitReadRequest, 'progress' | 'version' | 'follow'> {
  readonly progress: Progress;
}

/**
 * The messages of one unit: SCHEMA, then its records, with a STATE after each page that has a bookmark, and one at the end, unless it was stopped before. Before that last STATE, all units except those that
 * copy a range send ACTIVATE_VERSION.
 */
export async function* readUnit<P extends ConfigDeclaration, S extends Stream, R>(
  opened: Opened<P, S, R>,
  item: SelectedStream<S>,
  request: StreamReadRequest,
): AsyncGenerator<SourceMessage> {
  const { stream, keyProperties, replication } = item;
  const { unit, progress, run, signal } = request;
  const { replicationKey } = replication;
  const bookmarkProperties = replicationKey === undefined ? [] : [replicationKey];
  const numbering = hasLog(replication.method) ? rowNumbering(request.epoch) : undefined;
  const schema =
    numbering === undefined ? item.schema : withColumns(item.schema, logColumns(opened.definition.log?.columns));
  yield { type: 'SCHEMA', stream: stream.id, schema, keyProperties, bookmarkProperties };
  const say = (patch: Patch): StateMessage => {
    const lastEpoch = numbering?.lastEpoch();
    return {
      type: 'STATE',
      value: { patches: { [stream.id]: patch }, ...(lastEpoch === undefined ? {} : { lastEpoch }) },
    };
  };

  const keys = unit.kind === 'increment' ? await keysOf(opened, item, request) : undefined;
  if (unit.kind !== 'seal') {
    const header = () => ({ stream: stream.id, schema, version: progress.version, extractedAt: extractedNow() });
    const own = withProgress(pagesOf(opened, item, request, keys), keys);
    const pages = numbering === undefined ? own : numbered(own, opened, numbering);
    try {
      for await (const { batch, bookmark } of batchPages(pages, header, request.statePerPage !== true)) {
        if (batch !== undefined) yield batch.with(request.exact);
        if (bookmark !== undefined) yield say(pagePatch(progress, unit, bookmark));
        // A source need not check the signal between pages, so it is checked here.
        if (signal.aborted) return;
      }
    } catch (error) {
      // A source that throws after it was asked to stop has stopped.
      if (!signal.aborted) throw error;
    }
    // The rows so far count, but the unit is not complete.
    if (signal.aborted) return;
  }
  if (keys !== undefined && keys.nulls() > 0)
    request.log.info(`stream '${stream.id}': rows without ${replicationKey}, which come in each read: ${keys.nulls()}`);
  if (unit.kind !== 'copy') yield { type: 'ACTIVATE_VERSION', stream: stream.id, version: progress.version };
  yield say(endPatch(progress, unit, keys?.reached() ?? {}, run));
}

/** The read of a unit by the replication key. */
async function keysOf<P extends ConfigDeclaration, S extends Stream, R>(
  { definition, config, resource }: Opened<P, S, R>,
  { stream, schema, replication: { replicationKey = '' } }: SelectedStream<S>,
  { unit, progress, signal, log }: StreamReadRequest,
): Promise<KeyRead> {
  const highest =
    definition.highest === undefined
      ? undefined
      : async () => await definition.highest?.(stream, { config, resource, replicationKey, signal, log });
  const { isSorted = false, ordered = [] } = stream.replication ?? {};
  const isOrdered = isSorted && ordered.includes(replicationKey);
  const start = startOf(progress, unit);
  const own = { stream: stream.id, schema, replicationKey, isSorted, isOrdered, start };
  return await openKeyRead({ ...own, config, highest, log });
}

/** The author's pages of one stream, from where the unit continues, with only the selected columns. */
function pagesOf<P extends ConfigDeclaration, S extends Stream, R>(
  { definition, config, resource }: Opened<P, S, R>,
  { stream, columns, schema, replication }: SelectedStream<S>,
  { unit, progress, exact, face, signal, log }: StreamReadRequest,
  keys: KeyRead | undefined,
): AsyncIterable<Page> {
  const { range, session, ...start } = startOf(progress, unit);
  const { bookmark } = keys ?? start;
  const context: ReadContext<ConfigOf<P>, R> = {
    config,
    resource,
    ...replication,
    columns,
    schema,
    exact,
    ...(face === undefined ? {} : { face }),
    signal,
    log,
    ...(bookmark === undefined ? {} : { bookmark }),
    ...(range === undefined || isWhole(range) ? {} : { partition: { from: range.from, to: range.to } }),
    ...(session === undefined ? {} : { session }),
    ...(keys?.since === undefined ? {} : { since: keys.since }),
    ...(keys?.upTo === undefined ? {} : { upTo: keys.upTo }),
  };
  return cutColumns(definition.read(stream, context), { stream: stream.id, declared: stream.schema, columns, log });
}

/** The pages of a copy, with the columns of a log for a stream whose changes are read from one. */
async function* numbered<P extends ConfigDeclaration, S extends Stream, R>(
  pages: AsyncIterable<Page>,
  { definition }: Opened<P, S, R>,
  numbering: RowNumbering,
): AsyncGenerator<Page> {
  const columns = logColumns(definition.log?.columns);
  const memory: PageMemory = [];
  for await (const page of pages) yield completed(page, { columns, numbering, memory, isCopy: true });
}
