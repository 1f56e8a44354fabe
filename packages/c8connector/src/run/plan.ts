import type { Catalog, CatalogEntry } from '../interface/catalog.ts';
import type { State } from '../interface/state.ts';
import type { ReplicationMethod } from '../interface/stream.ts';
import { beginRun, isCopied, isUnfinished } from '../replication/full-table.ts';
import { replicationMethods, selectStreams, streamMetadata } from '../singer/selection.ts';
import { bookmarkOf } from '../singer/state.ts';
import type { PlannedStream } from './events.ts';

/** A part of the work with its own `read()`, `write()` and epoch. A stream of FULL_TABLE is one. */
export interface Unit {
  /** Unique within the connection, and the same in every run. */
  readonly id: string;
  readonly streams: readonly string[];
  /** The catalog with the unit's streams only. */
  readonly catalog: Catalog;
}

/** What a run is going to do. */
export interface Plan {
  /** Whether an unfinished run goes on. */
  readonly isResumed: boolean;
  /** The connection's state to begin with. */
  readonly state: State;
  readonly units: readonly Unit[];
  /** All selected streams, those that are skipped too. */
  readonly streams: readonly PlannedStream[];
}

/** Cuts the selected streams of a catalog into units. Streams that the unfinished run completed are skipped. */
export function plan(request: { readonly catalog: Catalog; readonly state: State }): Plan {
  const entries = selectStreams(request.catalog);
  const state = beginRun(
    request.state,
    entries.map((entry) => entry.tap_stream_id),
  );
  const waiting = entries.filter((entry) => !isCopied(state, entry.tap_stream_id));
  return {
    isResumed: isUnfinished(request.state),
    state,
    units: waiting.map((entry) => ({
      id: entry.tap_stream_id,
      streams: [entry.tap_stream_id],
      catalog: { streams: [entry] },
    })),
    streams: entries.map((entry) => plannedStream(entry, state)),
  };
}

function plannedStream(entry: CatalogEntry, state: State): PlannedStream {
  const estimate = streamMetadata(entry)['row-count'];
  const bookmark = bookmarkOf(state, entry.tap_stream_id);
  const hasPosition = Object.keys(bookmark ?? {}).some((key) => !['last_replication_method', 'version'].includes(key));
  return {
    stream: entry.tap_stream_id,
    method: (replicationMethods(entry)[0]?.method as ReplicationMethod | undefined) ?? 'FULL_TABLE',
    action: isCopied(state, entry.tap_stream_id) ? 'skip' : hasPosition ? 'resume' : 'copy',
    ...(typeof estimate === 'number' && estimate >= 0 ? { estimate } : {}),
  };
}
