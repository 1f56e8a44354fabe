import type { Catalog } from '../interface/catalog.ts';
import type { ConnectionState, Progress, Unit } from '../interface/progress.ts';
import type { OpenStream } from '../interface/source-session.ts';
import { defaultMethod, type ReplicationMethod } from '../interface/stream.ts';
import { startOf, unitsOf } from '../replication/methods.ts';
import { replicationMethods, selectStreams, streamMetadata } from '../singer/selection.ts';
import type { PlannedStream } from './events.ts';

/** The one unit of a source that keeps its own state. */
export const tapUnit = 'tap';

/** The units of one stream that can be worked on now, according to its progress. Called again after every unit. */
export function streamUnits(stream: OpenStream, state: ConnectionState, run: string): readonly Unit[] {
  return unitsOf(stream.id, progressOf(state, stream.id), stream.replication, run);
}

/** Whether a unit is still to be done. */
export function isPlanned(
  unit: Unit,
  streams: ReadonlyMap<string, OpenStream>,
  state: ConnectionState,
  run: string,
): boolean {
  if (unit.kind === tapUnit) return true;
  return unit.streams.some((id) => {
    const stream = streams.get(id);
    return stream !== undefined && streamUnits(stream, state, run).some((planned) => planned.id === unit.id);
  });
}

/** The unit reduced to the streams for which it is still to be done; undefined when there are none. */
export function leftOf(
  unit: Unit,
  streams: ReadonlyMap<string, OpenStream>,
  state: ConnectionState,
  run: string,
): Unit | undefined {
  if (unit.kind === tapUnit) return unit;
  const left = unit.streams.filter((id) => isPlanned({ ...unit, streams: [id] }, streams, state, run));
  return left.length === 0 ? undefined : { ...unit, streams: left };
}

/** The name of one copy of a stream, unique within the connection. */
export function copyName(stream: string, { copy }: Progress): string {
  return `${copy} ${stream}`;
}

/** The progress of a stream; undefined when it was never begun. */
export function progressOf(state: ConnectionState, stream: string): Progress | undefined {
  return Object.hasOwn(state.streams, stream) ? state.streams[stream] : undefined;
}

/** What a run is about to do with each stream that the catalog selects. `streams` is undefined for a source that keeps its own state. */
export function plannedStreams(
  catalog: Catalog,
  streams: readonly OpenStream[] | undefined,
  state: ConnectionState,
  run: string,
): readonly PlannedStream[] {
  const open = new Map(streams?.map((stream) => [stream.id, stream]));
  return selectStreams(catalog).map((entry) => {
    const id = entry.tap_stream_id;
    const stream = open.get(id);
    const estimate = streamMetadata(entry)['row-count'];
    const [chosen] = replicationMethods(entry);
    return {
      stream: id,
      method: stream?.replication.method ?? ((chosen?.method ?? defaultMethod) as ReplicationMethod),
      action: stream === undefined ? tapAction(state, id) : actionOf(stream, state, run),
      ...(typeof estimate === 'number' && estimate >= 0 ? { estimate } : {}),
    };
  });
}

function actionOf(stream: OpenStream, state: ConnectionState, run: string): PlannedStream['action'] {
  const [unit] = streamUnits(stream, state, run);
  const progress = progressOf(state, stream.id);
  if (unit === undefined) return 'skip';
  if (unit.kind === 'begin' || progress === undefined) return 'copy';
  const { bookmark, value } = startOf(progress, unit);
  return unit.kind === 'seal' || bookmark !== undefined || value !== undefined ? 'resume' : 'copy';
}

function tapAction({ rest }: ConnectionState, stream: string): PlannedStream['action'] {
  return Object.hasOwn(rest.bookmarks ?? {}, stream) ? 'resume' : 'copy';
}
