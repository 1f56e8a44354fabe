import type { RunEvent } from 'c8connector';
import { changed, moved, read, rejected, type StreamView } from './stream-view.ts';

/** A stream of a run, with what is needed to add up its units. */
export interface StreamEntry {
  view: StreamView;
  /** The counts of its units so far, by unit. */
  readonly units: Map<string, UnitCounts>;
}

interface UnitCounts {
  readonly rows: number;
  readonly bytes: number;
  readonly written: number;
}

/** An event that concerns some streams, and not the run as a whole. */
export type StreamsEvent = Exclude<RunEvent, { readonly type: 'planned' | 'finished' }>;

const nothing: UnitCounts = { rows: 0, bytes: 0, written: 0 };

/** The streams that an event concerns. */
export function streamsOf(event: StreamsEvent): readonly string[] {
  if (event.type === 'state_saved') return Object.keys(event.written);
  return 'stream' in event ? [event.stream] : event.streams;
}

/** A stream after an event that concerns it. `before` is the time of the previous event. Updates the counts of the event's unit in `units`. */
export function reduceStream({ view, units }: StreamEntry, event: StreamsEvent, before: string): StreamView {
  switch (event.type) {
    case 'stream':
      return moved(view, event);
    case 'progress': {
      const { rows, bytes, at } = event;
      const counted = units.get(event.unit) ?? nothing;
      units.set(event.unit, { ...counted, rows, bytes });
      return read(view, { rows: rows - counted.rows, bytes: bytes - counted.bytes, at, before });
    }
    case 'state_saved': {
      const counted = units.get(event.unit) ?? nothing;
      const written = event.written[view.stream] ?? counted.written;
      units.set(event.unit, { ...counted, written });
      return { ...view, written: view.written + written - counted.written };
    }
    case 'schema_changed':
      return changed(view, event);
    case 'rejected':
      return rejected(view, event);
    case 'retry':
      return { ...view, retries: view.retries + 1 };
    case 'failed':
      return { ...view, status: 'failed', error: event.error };
  }
}
