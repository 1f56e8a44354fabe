import type { Rejection } from '../interface/ledger.ts';
import type { Lag } from '../interface/messages.ts';
import type { Unit } from '../interface/progress.ts';
import type { State } from '../interface/state.ts';
import type { SchemaChange } from '../state/schema-change.ts';
import { countUnit, isRead, type UnitCount } from './count-unit.ts';
import { eventError } from './event-error.ts';
import type { EventBody } from './events.ts';
import { reportPositions } from './report-positions.ts';
import type { Retry } from './retry.ts';
import type { UnitFailure, UnitSummary } from './summaries.ts';

/** A unit emits the progress of one stream at most this often: of the one that has waited longest. */
const progressMilliseconds = 100;

/** What happens in a unit, counted and emitted. */
export interface UnitReport {
  onRead(stream: string, rows: number, bytes: number): void;
  onLag(lag: Lag | undefined): void;
  onSchemaChanged(stream: string, change: SchemaChange): void;
  onRejected(rejection: Rejection): void;
  /** To be called when rows became durable, after the state that came with them was stored; with the newest stored state. */
  onSaved(rows: ReadonlyMap<string, number>, state: State | undefined): void;
  onRetry(retry: Retry): void;
  /** To be called once, when the unit is over. */
  onEnd(status: UnitSummary['status'], failure?: UnitFailure): UnitSummary;
}

/** Begins the report of a unit: emits the phase of its streams. */
export function reportUnit(unit: Unit, emit: (event: EventBody) => void): UnitReport {
  const startedAt = performance.now();
  const count = countUnit(unit);
  const progress = reportProgress(unit, count, emit);
  const positions = reportPositions(unit, emit);
  return {
    onRead(stream, rows, bytes) {
      count.read(stream, rows, bytes);
      progress.onRead(stream);
    },
    onLag: positions.onLag,
    onSchemaChanged: (stream, change) => emit({ type: 'schema_changed', unit: unit.id, stream, ...change }),
    onRejected(rejection) {
      count.reject(rejection.stream);
      emit({ type: 'rejected', unit: unit.id, ...rejection });
    },
    onSaved(rows, state) {
      count.save(rows);
      const written = [...rows.keys()].map((stream) => [stream, count.of(stream).written] as const);
      emit({ type: 'state_saved', unit: unit.id, written: Object.fromEntries(written) });
      if (state !== undefined) positions.onSaved(state);
    },
    onRetry({ attempt, delayMs, error }) {
      for (const stream of count.undo()) progress.emit(stream);
      emit({ type: 'retry', unit: unit.id, streams: unit.streams, attempt, delayMs, error: eventError(error) });
    },
    onEnd(status, failure) {
      progress.onEnd();
      positions.onEnd(failure);
      return {
        unit: unit.id,
        status,
        ...(failure === undefined ? {} : { failure }),
        durationMs: since(startedAt),
        streams: count.all(),
      };
    },
  };
}

/** Emits the progress of the streams of a unit. */
function reportProgress(unit: Unit, count: UnitCount, emit: (event: EventBody) => void) {
  /** Streams with progress that was not emitted yet, the one that has waited longest first. */
  const waiting = new Set<string>();
  const emitted = new Set<string>();
  let emittedAt = Number.NEGATIVE_INFINITY;

  const emitProgress = (stream: string): void => {
    const { read: rows, bytes } = count.of(stream);
    waiting.delete(stream);
    emitted.add(stream);
    emittedAt = performance.now();
    emit({ type: 'progress', unit: unit.id, stream, rows, bytes });
  };
  return {
    emit: emitProgress,
    onRead(stream: string): void {
      waiting.add(stream);
      const [first] = waiting;
      if (first !== undefined && performance.now() - emittedAt >= progressMilliseconds) emitProgress(first);
    },
    onEnd(): void {
      for (const stream of isRead(unit) ? unit.streams : [])
        if (waiting.has(stream) || !emitted.has(stream)) emitProgress(stream);
    },
  };
}

/** Whole milliseconds since a moment of `performance.now()`. */
export function since(startedAt: number): number {
  return Math.round(performance.now() - startedAt);
}
