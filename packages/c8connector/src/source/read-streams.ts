import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { ConfigDeclaration, ConfigOf } from '../config/property.ts';
import type { ReadRequest } from '../interface/connector.ts';
import type { SourceMessage, StateMessage } from '../interface/messages.ts';
import type { Stream } from '../interface/stream.ts';
import { hasLog, isEnd, isUnitState } from '../replication/methods.ts';
import { selectStreams } from '../singer/selection.ts';
import { countFailures, isGeneralFailure } from './failures.ts';
import { checkLogged, logOf } from './logged.ts';
import { openStreams, readCurrent } from './open-source.ts';
import { readProgramLog } from './program-log.ts';
import { type ProgramProgress, programProgress } from './program-progress.ts';
import type { Opened } from './read-unit.ts';
import { type SelectedStream, selectFrom } from './selection.ts';
import type { SourceDefinition } from './source-definition.ts';

/**
 * All messages of a Singer program: the selected streams one after another, unit by unit, beginning with the one that an interrupted run was reading, and then the log of all streams that follow it. The selection
 * is the catalog's. Its schemas are discovered again, so an added or dropped column is not an error unless it was selected by name. With several streams, a STATE comes after a page with a
 * bookmark or at the end of a stream, but not before 10,000 rows or 10 s have passed since the last one. Progress that is not in a STATE yet is emitted at the very end, also when the read is stopped or
 * fails. A stream that fails does not stop the others: the first failure is thrown at the end, the others are logged.
 */
export async function* readStreams<P extends ConfigDeclaration, S extends Stream, R>(
  definition: SourceDefinition<P, S, R>,
  config: ConfigOf<P>,
  request: ReadRequest,
): AsyncGenerator<SourceMessage> {
  const { catalog, signal, log } = request;
  const streams = selectStreams(catalog).map((entry) => entry.tap_stream_id);
  if (streams.length === 0) return;
  await using opened = await openStreams(definition, config, { streams, signal, log });
  const items = selectFrom(opened.streams, catalog, log);
  checkLogged(definition, items);
  const selected = new Map(items.map((item) => [item.stream.id, item]));
  const isEager = request.statePerPage === true || items.length === 1;
  const progress = programProgress(request.state ?? {}, { run: randomUUID(), isEager, log });
  const failures = countFailures();
  let failure: { readonly error: unknown } | undefined;

  for (const item of progress.ordered(items)) {
    if (signal.aborted) break;
    try {
      yield* readStream(opened, selected, item, request, progress);
      failures.clear();
    } catch (error) {
      if (signal.aborted) break;
      if (failure !== undefined) log.error(`stream '${item.stream.id}': ${textOf(error)}`, { stream: item.stream.id });
      failure ??= { error };
      yield* given(progress.due());
      if (!failures.concernsAll(isGeneralFailure(error) ? error : undefined)) continue;
      yield* given(progress.rest());
      throw failure.error;
    }
  }
  const failed = yield* readProgramLog(opened, selected, request, progress);
  if (failure !== undefined && failed !== undefined) log.error(`the log: ${textOf(failed.error)}`);
  failure ??= failed;
  if (!signal.aborted) progress.end();
  yield* given(progress.rest());
  if (failure !== undefined) throw failure.error;
}

function* given(state: StateMessage | undefined): Generator<StateMessage> {
  if (state !== undefined) yield state;
}

/** Reads all units of a stream. Its SCHEMA comes once, unless it changes. */
async function* readStream<P extends ConfigDeclaration, S extends Stream, R>(
  opened: Opened<P, S, R>,
  selected: Map<string, SelectedStream<S>>,
  item: SelectedStream<S>,
  request: ReadRequest,
  progress: ProgramProgress,
): AsyncGenerator<SourceMessage> {
  const { id } = item.stream;
  let schema: SourceMessage | undefined;
  for (let unit = progress.next(item); unit !== undefined; unit = progress.next(item)) {
    if (unit.kind === 'begin') {
      const isLogged = hasLog(item.replication.method);
      const log = isLogged ? logOf(opened, () => [...selected.values()]) : undefined;
      progress.begin(item, await log?.begin({ ...request, stream: id }));
      continue;
    }
    const { run } = progress;
    const unitRequest = { ...request, unit, run, progress: progress.of(id), epoch: progress.epoch() };
    for await (const message of readCurrent(opened, selected, id, unitRequest)) {
      if (message.type === 'STATE') progress.take(message);
      else if (message.type !== 'SCHEMA' || !isDeepStrictEqual(message, schema)) yield message;
      if (message.type === 'SCHEMA') schema = message;
      if (message.type === 'RECORDS') progress.addRows(message.count);
      // At the end of a unit a later state may contain more.
      if (message.type === 'STATE' && !isEndOf(message, id)) yield* given(progress.due());
    }
    if (request.signal.aborted) return;
  }
  yield* given(progress.due());
}

function isEndOf({ value }: StateMessage, stream: string): boolean {
  const patch = isUnitState(value) ? value.patches[stream] : undefined;
  return patch !== undefined && isEnd(patch);
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
