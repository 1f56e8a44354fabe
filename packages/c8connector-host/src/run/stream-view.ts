import type {
  EventError,
  Json,
  Lag,
  PlannedStream,
  Rejection,
  SchemaChange,
  StreamEvent,
  StreamPhase,
  StreamSummary,
} from 'c8connector';

/** One stream of a run: its plan and its result so far. */
export interface StreamView extends PlannedStream, Omit<StreamSummary, 'status'> {
  /** `waiting` until its first unit begins. What was still waiting or running when the run ended was stopped. */
  readonly status: 'waiting' | 'running' | StreamSummary['status'];
  /** What is being done with it, or was done last. Absent while it waits. */
  readonly phase?: StreamPhase;
  /** Its position in the last event. */
  readonly position?: Json;
  /** How far its source is behind the end of the log. */
  readonly lag?: Lag;
  /** When it was first read; ISO 8601 in UTC. */
  readonly startedAt?: string;
  /** How often an attempt at it failed and another one followed. */
  readonly retries: number;
  /** Why it failed. */
  readonly error?: EventError;
  /** Columns that differ from the run before. */
  readonly schemaChange?: SchemaChange;
  /** The first ten rejected rows. */
  readonly rejections: readonly Omit<Rejection, 'stream'>[];
}

const mostRejections = 10;

/** A stream of which only the plan is known. */
export function plannedStream(planned: PlannedStream): StreamView {
  const status = planned.action === 'skip' ? 'skipped' : 'waiting';
  return { ...planned, status, read: 0, written: 0, rejected: 0, bytes: 0, durationMs: 0, retries: 0, rejections: [] };
}

/** The stream after an event with its phase. */
export function moved(
  stream: StreamView,
  { phase, position, lag, at }: StreamEvent & { readonly at: string },
): StreamView {
  if (phase === 'beginning') return begun(stream);
  // Other units of a failed stream may continue for a moment.
  if (stream.phase === 'failed') return stream;
  const { position: before, ...others } = stream;
  const isEnd = phase === 'done' || phase === 'failed';
  const now = position ?? (isEnd || phase === stream.phase ? before : undefined);
  return {
    ...others,
    phase,
    status: isEnd ? phase : 'running',
    ...(now === undefined ? {} : { position: now }),
    ...(lag === undefined ? {} : { lag }),
    startedAt: stream.startedAt ?? at,
  };
}

/** The stream when it starts over: it may have failed before, when the server had lost its log. */
function begun({ position: _, lag: __, error: ___, ...stream }: StreamView): StreamView {
  return { ...stream, phase: 'beginning', status: 'running' };
}

/** The stream with new counts of rows that were read, which may be lower than before; `before` is the earliest time when that read can have begun. */
export function read(
  stream: StreamView,
  counts: { readonly rows: number; readonly bytes: number; readonly at: string; readonly before: string },
): StreamView {
  const { startedAt = counts.before } = stream;
  return {
    ...stream,
    status: running(stream),
    startedAt,
    read: stream.read + counts.rows,
    bytes: stream.bytes + counts.bytes,
    durationMs: millisecondsBetween(startedAt, counts.at),
  };
}

/** The stream with one more rejected row. */
export function rejected(stream: StreamView, { row, code, message }: Rejection): StreamView {
  const { rejections } = stream;
  return {
    ...stream,
    rejected: stream.rejected + 1,
    rejections: rejections.length < mostRejections ? [...rejections, { row, code, message }] : rejections,
  };
}

/** The stream with these changes of its columns added to earlier ones. */
export function changed(stream: StreamView, next: SchemaChange): StreamView {
  const both = (key: keyof SchemaChange) => [...new Set([...(stream.schemaChange?.[key] ?? []), ...next[key]])];
  return {
    ...stream,
    schemaChange: { added: both('added'), removed: both('removed'), changed: both('changed') },
  };
}

/** The stream once the run is over. */
export function ended(stream: StreamView): StreamView {
  return stream.status === 'waiting' || stream.status === 'running' ? { ...stream, status: 'stopped' } : stream;
}

/** Whole milliseconds from one time to another; never less than 0. */
export function millisecondsBetween(from: string, to: string): number {
  return Math.max(0, Date.parse(to) - Date.parse(from));
}

function running({ status }: StreamView): StreamView['status'] {
  return status === 'waiting' ? 'running' : status;
}
