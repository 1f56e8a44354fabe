import type { ConfigDeclaration, ConfigOf } from '../config/property.ts';
import type { UnitReadRequest } from '../interface/connector.ts';
import type { SourceMessage, StateMessage } from '../interface/messages.ts';
import type { Json, Patch, Progress } from '../interface/progress.ts';
import type { Bookmark } from '../interface/state.ts';
import type { Stream } from '../interface/stream.ts';
import { plainValue } from '../jsonl/plain-value.ts';
import { endPatch, isWhole, pagePatch, startOf } from '../replication/methods.ts';
import { extractedNow } from '../singer/extracted-at.ts';
import { batchPages } from './batch-pages.ts';
import { cutColumns } from './cut-columns.ts';
import { type KeyProgress, keyProgress } from './key-progress.ts';
import { type ReplicationKey, replicationKeyOf } from './replication-key.ts';
import type { SelectedStream } from './selection.ts';
import type { Page, ReadContext, SourceDefinition } from './source-definition.ts';

/** A source that was opened. */
export interface Opened<P extends ConfigDeclaration, S extends Stream, R> {
  readonly definition: SourceDefinition<P, S, R>;
  readonly config: ConfigOf<P>;
  readonly resource: R;
}

/** What one unit of one stream reads. */
export interface StreamReadRequest extends Omit<UnitReadRequest, 'progress'> {
  readonly progress: Progress;
}

/**
 * The messages of one unit: SCHEMA, then its records, with a STATE after each page that has a bookmark, and one at the end, unless it was stopped before. All units but those that copy a range
 * end with ACTIVATE_VERSION before that.
 */
export async function* readUnit<P extends ConfigDeclaration, S extends Stream, R>(
  opened: Opened<P, S, R>,
  item: SelectedStream<S>,
  request: StreamReadRequest,
): AsyncGenerator<SourceMessage> {
  const { stream, keyProperties, schema, replication } = item;
  const { unit, progress, run, signal } = request;
  const { replicationKey } = replication;
  const bookmarkProperties = replicationKey === undefined ? [] : [replicationKey];
  yield { type: 'SCHEMA', stream: stream.id, schema, keyProperties, bookmarkProperties };
  const say = (patch: Patch): StateMessage => ({ type: 'STATE', value: { patches: { [stream.id]: patch } } });

  const keys = unit.kind === 'increment' ? await openKeys(opened, item, request) : undefined;
  if (unit.kind !== 'seal') {
    const header = () => ({ stream: stream.id, schema, version: progress.version, extractedAt: extractedNow() });
    const pages = followed(pagesOf(opened, item, request, keys), keys, item);
    try {
      for await (const { batch, bookmark } of batchPages(pages, header, request.statePerPage !== true)) {
        if (batch !== undefined) yield batch.with(request.exact);
        if (bookmark !== undefined) yield say(pagePatch(progress, unit, bookmark));
        // A source need not look at the signal between its pages; we do.
        if (signal.aborted) return;
      }
    } catch (error) {
      // A source that throws once it was asked to stop has stopped.
      if (!signal.aborted) throw error;
    }
    // What was read counts, but the unit is not complete.
    if (signal.aborted) return;
  }
  if (keys !== undefined && keys.progress.nulls > 0)
    request.log.info(
      `stream '${stream.id}': ${keys.progress.nulls} rows have no ${replicationKey}; they come in each read`,
    );
  if (unit.kind !== 'copy') yield { type: 'ACTIVATE_VERSION', stream: stream.id, version: progress.version };
  yield say(endPatch(progress, unit, keys === undefined ? {} : reachedBy(keys), run));
}

interface Keys {
  readonly key: ReplicationKey;
  readonly progress: KeyProgress;
  readonly since: Json | undefined;
}

/** The replication key of a unit that reads what is new, and how far it may go. */
async function openKeys<P extends ConfigDeclaration, S extends Stream, R>(
  { definition, config, resource }: Opened<P, S, R>,
  { stream, schema, replication }: SelectedStream<S>,
  { unit, progress, signal, log }: StreamReadRequest,
): Promise<Keys> {
  const { replicationKey = '' } = replication;
  const key = replicationKeyOf(stream.id, replicationKey, schema);
  const { value } = startOf(progress, unit);
  const asked =
    definition.highest === undefined
      ? undefined
      : ((await definition.highest(stream, { config, resource, replicationKey, signal, log })) ?? null);
  const ceiling = asked === undefined ? key.at(Date.now()) : asked === null ? 'none' : (key.toJson(asked) ?? 'none');
  const { isSorted = false } = stream.replication ?? {};
  const start = { stream: stream.id, schema, key, value, ceiling, isSorted };
  return { key, progress: keyProgress(start), since: sinceOf(key, value, config) };
}

/** From which key on rows are wanted: the last one less `lookback_seconds`, or `start_date` when there was none. Both are settings that a source may declare. */
function sinceOf(key: ReplicationKey, value: Json | undefined, config: object): Json | undefined {
  const { start_date: startDate, lookback_seconds: lookback } = config as Record<string, unknown>;
  if (value === undefined)
    return typeof startDate === 'string' && key.at(0) !== undefined ? key.earlier(startDate, 0) : undefined;
  return typeof lookback === 'number' ? (key.earlier(value, lookback) ?? value) : value;
}

/** What is reached after a page, in place of its bookmark. */
interface Reached {
  readonly position?: Bookmark;
  readonly value?: Json;
  readonly isNumber?: true;
}

function reachedBy({ key, progress: { value } }: Keys, position?: Bookmark): Reached {
  return {
    ...(value === undefined ? {} : { value }),
    ...(typeof value === 'string' && key.isNumber ? { isNumber: true } : {}),
    ...(position === undefined ? {} : { position }),
  };
}

/** The pages with what is reached after each as its bookmark; a page that nothing can be gone on behind has none. */
async function* followed<S extends Stream>(
  pages: AsyncIterable<Page>,
  keys: Keys | undefined,
  { stream }: SelectedStream<S>,
): AsyncGenerator<Page> {
  for await (const { bookmark: given, ...page } of pages) {
    const bookmark = given === undefined ? undefined : (plainValue(given) as Bookmark);
    keys?.progress.take(page);
    if (keys === undefined) yield bookmark === undefined ? page : { ...page, bookmark: { position: bookmark } };
    // What comes later may have a lower key: only the end of the read says how far it is.
    else if (stream.replication?.isSorted !== true) yield page;
    else yield { ...page, bookmark: { ...reachedBy(keys, bookmark) } };
  }
}

/** The author's pages of one stream, from where the unit goes on, with the selected columns alone. */
function pagesOf<P extends ConfigDeclaration, S extends Stream, R>(
  { definition, config, resource }: Opened<P, S, R>,
  { stream, columns, schema, replication }: SelectedStream<S>,
  { unit, progress, exact, signal, log }: StreamReadRequest,
  keys: Keys | undefined,
): AsyncIterable<Page> {
  const { bookmark, range } = startOf(progress, unit);
  const context: ReadContext<ConfigOf<P>, R> = {
    config,
    resource,
    ...replication,
    columns,
    schema,
    exact,
    signal,
    log,
    ...(bookmark === undefined ? {} : { bookmark }),
    ...(range === undefined || isWhole(range) ? {} : { partition: { from: range.from, to: range.to } }),
    ...(keys?.since === undefined ? {} : { since: keys.key.fromJson(keys.since) }),
  };
  return cutColumns(definition.read(stream, context), { stream: stream.id, declared: stream.schema, columns, log });
}
