import type { EventError, PlannedStream, Rejection, RunEvent, SchemaChange, StreamSummary } from 'c8connector';

/** What the events of a run come to so far: plain JSON. Bars, summaries, records and alerts show this, and a host can send it elsewhere as it is. */
export interface RunView {
  /** Name of the connection. */
  readonly connection: string;
  /** Id of the run; null until it is planned. */
  readonly run: string | null;
  /** `running` until the run has ended. */
  readonly status: 'running' | 'done' | 'failed' | 'stopped';
  /** Whether the run goes on with an unfinished one. */
  readonly isResumed: boolean;
  /** ISO 8601 in UTC: when the host began, before the run was planned. */
  readonly startedAt: string;
  /** ISO 8601 in UTC: time of the newest event. */
  readonly updatedAt: string;
  /** From `startedAt` to `updatedAt`. */
  readonly durationMs: number;
  /** In the order of the plan. */
  readonly streams: readonly StreamView[];
  /** In the order in which they happened. */
  readonly failures: readonly RunFailure[];
}

/** One stream of a {@link RunView}: what was planned and what became of it so far. */
export interface StreamView extends PlannedStream, Omit<StreamSummary, 'status'> {
  /** `waiting` until its first rows are read. What was still waiting or running when the run ended was stopped. */
  readonly status: 'waiting' | 'running' | StreamSummary['status'];
  /** When its first rows were read; ISO 8601 in UTC. */
  readonly startedAt?: string;
  /** How often an attempt at it failed and another one followed. */
  readonly retries: number;
  /** Why it failed. */
  readonly error?: EventError;
  /** Columns that are not what they were in the run before. */
  readonly schemaChange?: SchemaChange;
  /** The first ten rejected rows. */
  readonly rejections: readonly Omit<Rejection, 'stream'>[];
}

/** What went wrong, and for which streams. */
export interface RunFailure {
  /** [] when the run failed as a whole. */
  readonly streams: readonly string[];
  readonly error: EventError;
}

const mostRejections = 10;

/** The view of a run of which nothing is known yet but when it began. */
export function newRunView(connection: string, startedAt: string): RunView {
  return {
    connection,
    run: null,
    status: 'running',
    isResumed: false,
    startedAt,
    updatedAt: startedAt,
    durationMs: 0,
    streams: [],
    failures: [],
  };
}

/** The view after one more event. Pure: the same events in the same order give the same view. */
export function reduceRun(view: RunView, event: RunEvent): RunView {
  const next = at(view, event.at);
  switch (event.type) {
    case 'planned':
      return { ...next, run: event.run, isResumed: event.isResumed, streams: event.streams.map(plannedView) };
    case 'progress':
      return withStream(next, event.stream, (stream) => progressed(stream, event, view.updatedAt));
    case 'state_saved':
      return withStreams(next, Object.keys(event.written), (stream) => ({
        ...stream,
        written: event.written[stream.stream] ?? stream.written,
      }));
    case 'schema_changed':
      return withStream(next, event.stream, (stream) => ({
        ...stream,
        schemaChange: joined(stream.schemaChange, event),
      }));
    case 'rejected':
      return withStream(next, event.stream, (stream) => rejected(stream, event));
    case 'retry':
      return withStreams(next, event.streams, (stream) => ({ ...stream, retries: stream.retries + 1 }));
    case 'failed': {
      const { streams, error } = event;
      const failed = withStreams(next, streams, (stream) => ({ ...stream, status: 'failed', error }));
      return { ...failed, failures: [...view.failures, { streams, error }] };
    }
    case 'finished': {
      const summaries = new Map(event.streams.map((summary) => [summary.stream, summary]));
      const streams = view.streams.map((stream) => ({ ...stream, ...summaries.get(stream.stream) }));
      return { ...next, status: event.status, streams };
    }
  }
}

/**
 * The view of a run that an error ended before it was planned or outside of its streams, so that there is no event for it. Such a run has failed, unless
 * the error is only how it was stopped.
 */
export function endRun(
  view: RunView,
  end: { readonly error: EventError; readonly time: string; readonly isStopped: boolean },
): RunView {
  const { error, time, isStopped } = end;
  const streams = view.streams.map(
    (stream): StreamView =>
      stream.status === 'waiting' || stream.status === 'running' ? { ...stream, status: 'stopped' } : stream,
  );
  if (isStopped) return { ...at(view, time), status: 'stopped', streams };
  return { ...at(view, time), status: 'failed', streams, failures: [...view.failures, { streams: [], error }] };
}

function at(view: RunView, time: string): RunView {
  return { ...view, updatedAt: time, durationMs: millisecondsBetween(view.startedAt, time) };
}

function millisecondsBetween(from: string, to: string): number {
  return Math.max(0, Date.parse(to) - Date.parse(from));
}

function plannedView(planned: PlannedStream): StreamView {
  const status = planned.action === 'skip' ? 'skipped' : 'waiting';
  return { ...planned, status, read: 0, written: 0, rejected: 0, bytes: 0, durationMs: 0, retries: 0, rejections: [] };
}

/** `before` is the time of the event before: the first rows are reported once they are read, so the stream began there. */
function progressed(
  stream: StreamView,
  { at: time, rows, bytes }: Extract<RunEvent, { type: 'progress' }>,
  before: string,
): StreamView {
  const startedAt = stream.startedAt ?? before;
  return {
    ...stream,
    // The last progress of a stream comes after its failure.
    status: stream.status === 'waiting' ? 'running' : stream.status,
    startedAt,
    read: rows,
    bytes,
    durationMs: millisecondsBetween(startedAt, time),
  };
}

function rejected(stream: StreamView, { row, code, message }: Rejection): StreamView {
  const { rejections } = stream;
  return {
    ...stream,
    rejected: stream.rejected + 1,
    rejections: rejections.length < mostRejections ? [...rejections, { row, code, message }] : rejections,
  };
}

function joined(before: SchemaChange | undefined, next: SchemaChange): SchemaChange {
  const both = (key: keyof SchemaChange) => [...new Set([...(before?.[key] ?? []), ...next[key]])];
  return { added: both('added'), removed: both('removed'), changed: both('changed') };
}

/** Streams that were not planned are left alone. */
function withStream(view: RunView, name: string, change: (stream: StreamView) => StreamView): RunView {
  const index = view.streams.findIndex(({ stream }) => stream === name);
  const found = view.streams[index];
  return found === undefined ? view : { ...view, streams: view.streams.with(index, change(found)) };
}

function withStreams(view: RunView, names: readonly string[], change: (stream: StreamView) => StreamView): RunView {
  const [first, ...others] = names;
  // Most events name one stream of thousands.
  if (first !== undefined && others.length === 0) return withStream(view, first, change);
  const wanted = new Set(names);
  return { ...view, streams: view.streams.map((stream) => (wanted.has(stream.stream) ? change(stream) : stream)) };
}
