import type { Unit } from '../interface/progress.ts';
import { type EventBody, eventError, type PlannedStream, type StreamSummary } from './events.ts';
import type { UnitRequest } from './run-context.ts';

/** Progress of a stream is emitted this often at most. */
const progressMilliseconds = 100;

/** What is counted of a stream during a run. */
interface StreamCount {
  readonly summary: { -readonly [K in keyof StreamSummary]: StreamSummary[K] };
  /** Rows, estimated by the source. */
  readonly estimate: number | undefined;
}

/** By stream. */
export type RunCounts = ReadonlyMap<string, StreamCount>;

/** Nothing yet, of all streams of a plan. A stream counts as stopped until its unit has run. */
export function emptyCounts(streams: readonly PlannedStream[]): RunCounts {
  return new Map(
    streams.map(({ stream, action, estimate }) => {
      const status = action === 'skip' ? 'skipped' : 'stopped';
      return [
        stream,
        { summary: { stream, status, read: 0, written: 0, rejected: 0, bytes: 0, durationMs: 0 }, estimate },
      ];
    }),
  );
}

export function setStatus(counts: RunCounts, stream: string, status: StreamSummary['status']): void {
  const summary = counts.get(stream)?.summary;
  if (summary !== undefined) summary.status = status;
}

/** Counts what one unit does, and emits it. `end` is to be called once the unit is over: it emits the last progress of its streams. */
export function countUnit(
  unit: Unit,
  counts: RunCounts,
  emit: (event: EventBody) => void,
): Pick<UnitRequest, 'onRead' | 'onSchemaChanged' | 'onRejected' | 'onSaved' | 'onRetry'> & { end(): void } {
  const startedAt = performance.now();
  let emittedAt = 0;
  /** Rows by stream that were rejected since the last FLUSH: the target acknowledges them with the others. */
  const rejected = new Map<string, number>();
  /** What was read by stream since the last FLUSH: the next attempt reads it again. */
  const pending = new Map<string, { rows: number; bytes: number }>();
  const emitProgress = (stream: string): void => {
    emittedAt = performance.now();
    emit(progressOf(unit, stream, counts.get(stream)));
  };
  return {
    onRead(stream, rows, bytes) {
      const summary = counts.get(stream)?.summary;
      if (summary === undefined) return;
      summary.read += rows;
      summary.bytes += bytes;
      const before = pending.get(stream) ?? { rows: 0, bytes: 0 };
      pending.set(stream, { rows: before.rows + rows, bytes: before.bytes + bytes });
      summary.durationMs = since(startedAt);
      if (performance.now() - emittedAt >= progressMilliseconds) emitProgress(stream);
    },
    onSchemaChanged: (stream, change) => emit({ type: 'schema_changed', unit: unit.id, stream, ...change }),
    onRejected(rejection) {
      const summary = counts.get(rejection.stream)?.summary;
      if (summary !== undefined) summary.rejected += 1;
      rejected.set(rejection.stream, (rejected.get(rejection.stream) ?? 0) + 1);
      emit({ type: 'rejected', unit: unit.id, ...rejection });
    },
    onSaved(rows) {
      for (const [stream, added] of rows) {
        const summary = counts.get(stream)?.summary;
        if (summary !== undefined) summary.written += added - (rejected.get(stream) ?? 0);
        const open = pending.get(stream);
        // Some of it is read ahead, and stands behind the FLUSH.
        if (open !== undefined && open.rows > 0) {
          const left = Math.max(0, open.rows - added);
          pending.set(stream, { rows: left, bytes: Math.round((open.bytes * left) / open.rows) });
        }
      }
      rejected.clear();
      emit({ type: 'state_saved', unit: unit.id, written: writtenOf(unit, counts) });
    },
    onRetry({ attempt, delayMs, error }) {
      for (const [stream, { rows, bytes }] of pending) {
        const summary = counts.get(stream)?.summary;
        if (summary === undefined) continue;
        summary.read -= rows;
        summary.bytes -= bytes;
        summary.rejected -= rejected.get(stream) ?? 0;
      }
      pending.clear();
      rejected.clear();
      emit({ type: 'retry', unit: unit.id, streams: unit.streams, attempt, delayMs, error: eventError(error) });
    },
    end() {
      // The others read nothing.
      if (unit.kind === 'begin' || unit.kind === 'seal') return;
      for (const stream of unit.streams) {
        emitProgress(stream);
        const summary = counts.get(stream)?.summary;
        if (summary !== undefined) summary.durationMs = since(startedAt);
      }
    },
  };
}

function progressOf(unit: Unit, stream: string, count: StreamCount | undefined): EventBody {
  const { read: rows, bytes } = count?.summary ?? { read: 0, bytes: 0 };
  const estimate = count?.estimate === undefined ? {} : { estimate: count.estimate };
  return { type: 'progress', unit: unit.id, stream, rows, bytes, ...estimate };
}

function writtenOf(unit: Unit, counts: RunCounts): Readonly<Record<string, number>> {
  return Object.fromEntries(unit.streams.map((stream) => [stream, counts.get(stream)?.summary.written ?? 0]));
}

/** Whole milliseconds since a moment of `performance.now()`. */
export function since(startedAt: number): number {
  return Math.round(performance.now() - startedAt);
}
