import type { ConfigDeclaration, ConfigOf } from '../config/property.ts';
import type { Catalog } from '../interface/catalog.ts';
import { isC8Error } from '../interface/errors.ts';
import type { Log } from '../interface/log.ts';
import type { SourceMessage } from '../interface/messages.ts';
import type { OpenRequest, OpenStream, SourceSession } from '../interface/source-session.ts';
import type { Stream } from '../interface/stream.ts';
import { hasLog } from '../replication/methods.ts';
import { catalogOf } from '../singer/catalog.ts';
import { discoverSorted } from './discover.ts';
import { logColumns } from './log-columns.ts';
import { checkLogged, logOf } from './logged.ts';
import { partitionsOf } from './partitions.ts';
import { readLog } from './read-log.ts';
import { type Opened, readUnit, type StreamReadRequest } from './read-unit.ts';
import { type SelectedStream, selectFrom } from './selection.ts';
import type { SourceDefinition } from './source-definition.ts';

/** What a source has opened for a run or another call, and the discovered streams. */
export interface OpenedStreams<P extends ConfigDeclaration, S extends Stream, R>
  extends Opened<P, S, R>,
    AsyncDisposable {
  readonly streams: readonly S[];
}

/** Opens what the streams of a source share, and discovers them, by id. */
export async function openStreams<P extends ConfigDeclaration, S extends Stream, R>(
  definition: SourceDefinition<P, S, R>,
  config: ConfigOf<P>,
  { streams: only, signal, log }: Pick<OpenRequest, 'streams' | 'signal' | 'log'>,
): Promise<OpenedStreams<P, S, R>> {
  const resource = definition.open?.({ config, log });
  const dispose = async () => await resource?.[Symbol.asyncDispose]();
  try {
    const opened = { definition, config, resource: resource as R };
    const streams = await discoverSorted(opened, { only, signal, log });
    return { ...opened, streams, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** Opens a source for a run. */
export async function openSource<P extends ConfigDeclaration, S extends Stream, R>(
  definition: SourceDefinition<P, S, R>,
  config: ConfigOf<P>,
  request: OpenRequest,
): Promise<SourceSession> {
  const opened = await openStreams(definition, config, request);
  let selected = new Map<string, SelectedStream<S>>();
  return {
    catalog: catalogOf(opened.streams),
    select(catalog) {
      const items = selectFrom(opened.streams, catalog, request.log);
      checkLogged(definition, items);
      selected = new Map(items.map((item) => [item.stream.id, item]));
      return items.map((item) => openStreamOf(item, definition));
    },
    async partitions(id, { signal, log }) {
      const item = selected.get(id);
      if (item === undefined) throw new Error(`the stream ${id} is not selected`);
      return await partitionsOf(opened, item, { signal, log });
    },
    log: logOf(opened, () => [...selected.values()]),
    async *read(unitRequest) {
      const { progress, unit } = unitRequest;
      if (unit.kind === 'log') {
        yield* readLog(opened, selected, unitRequest);
        return;
      }
      for (const id of unit.streams) {
        const own = progress[id];
        if (own === undefined) throw new Error(`the stream ${id} was not begun`);
        yield* readCurrent(opened, selected, id, { ...unitRequest, progress: own });
      }
    },
    [Symbol.asyncDispose]: opened[Symbol.asyncDispose],
  };
}

function openStreamOf<P extends ConfigDeclaration, S extends Stream, R>(
  { stream, replication, columns }: SelectedStream<S>,
  { log }: SourceDefinition<P, S, R>,
): OpenStream {
  const added = hasLog(replication.method) ? Object.keys(logColumns(log?.columns)) : [];
  return { id: stream.id, replication, columns: [...columns, ...added] };
}

/**
 * Reads a unit. When the columns of its stream change between SCHEMA and the first row, the stream is discovered again, once. The result replaces it among the selected streams, also for
 * later units.
 */
export async function* readCurrent<P extends ConfigDeclaration, S extends Stream, R>(
  opened: Opened<P, S, R>,
  selected: Map<string, SelectedStream<S>>,
  id: string,
  request: StreamReadRequest,
): AsyncGenerator<SourceMessage> {
  const item = selected.get(id);
  if (item === undefined) throw new Error(`the stream ${id} is not selected`);
  let hasRows = false;
  try {
    for await (const message of readUnit(opened, item, request)) {
      hasRows ||= message.type === 'RECORDS';
      yield message;
    }
    return;
  } catch (error) {
    const isChanged = isC8Error(error) && error.code === 'stream_changed' && error.details.stream === id;
    if (!isChanged || hasRows) throw error;
    request.log.warn(`${error.message} It is discovered again.`, { stream: id });
  }
  const fresh = await rediscovered(opened, item, request);
  selected.set(id, fresh);
  yield* readUnit(opened, fresh, request);
}

async function rediscovered<P extends ConfigDeclaration, S extends Stream, R>(
  opened: Opened<P, S, R>,
  { stream, entry }: SelectedStream<S>,
  { signal, log }: { readonly signal: AbortSignal; readonly log: Log },
): Promise<SelectedStream<S>> {
  const streams = await discoverSorted(opened, { only: [stream.id], signal, log });
  const catalog: Catalog = { streams: [entry] };
  const [fresh] = selectFrom(streams, catalog, log);
  if (fresh === undefined) throw new Error(`the stream ${stream.id} is not selected`);
  return fresh;
}
