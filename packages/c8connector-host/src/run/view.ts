import type { EventError, RunEvent } from 'c8connector';
import { reduceStream, type StreamEntry, streamsOf } from './reduce-stream.ts';
import { ended, millisecondsBetween, plannedStream, type StreamView } from './stream-view.ts';

/** A run according to its events so far, as plain JSON. Progress bars, summaries, records and alerts are made from it, and a host can send it elsewhere unchanged. */
export interface RunView {
  /** Name of the connection. */
  readonly connection: string;
  /** Id of the run; null until it is planned. */
  readonly run: string | null;
  /** `running` until the run has ended. */
  readonly status: 'running' | 'done' | 'failed' | 'stopped';
  /** Whether the run resumes an unfinished one. */
  readonly isResumed: boolean;
  /** Number of the newest event; 0 before the first one. */
  readonly sequence: number;
  /** ISO 8601 in UTC: when the host began, before the run was planned. */
  readonly startedAt: string;
  /** ISO 8601 in UTC: time of the newest event. */
  readonly updatedAt: string;
  /** Milliseconds from `startedAt` to `updatedAt`. */
  readonly durationMs: number;
  /** In the order of the plan. */
  readonly streams: readonly StreamView[];
  /** In the order in which they happened, without those of streams that have started over since. */
  readonly failures: readonly RunFailure[];
}

/** What went wrong, and for which streams. */
export interface RunFailure {
  /** [] when the run failed as a whole. */
  readonly streams: readonly string[];
  readonly error: EventError;
}

/** A run according to its events so far. */
export interface CurrentRun {
  /** A copy of the whole run as it is now, which later events do not change. Takes time proportional to the number of streams: call it when the run is shown or sent, not for each event. */
  view(): RunView;
  /** One stream; undefined when it was not planned. Takes the same time whatever the number of streams. */
  stream(name: string): StreamView | undefined;
}

/** Applies the events of a run, one after another. An event that names one stream takes the same time whatever the number of streams. */
export interface RunReducer extends CurrentRun {
  add(event: RunEvent): void;
  /**
   * Ends a run with an error for which there is no event, because it came before the run was planned or outside of its streams. Such a run has failed, unless the error only
   * shows that it was stopped. `time` is ISO 8601 in UTC.
   */
  end(end: { readonly error: EventError; readonly time: string; readonly isStopped: boolean }): void;
}

/** The reducer of a run of which only the start time is known. */
export function createRunReducer(connection: string, startedAt: string): RunReducer {
  let run: Omit<RunView, 'streams' | 'failures' | 'durationMs'> = {
    connection,
    run: null,
    status: 'running',
    isResumed: false,
    sequence: 0,
    startedAt,
    updatedAt: startedAt,
  };
  const streams = new Map<string, StreamEntry>();
  let failures: readonly RunFailure[] = [];

  /** Ignores streams that were not planned. */
  const change = (name: string, changed: (entry: StreamEntry) => StreamView): void => {
    const entry = streams.get(name);
    if (entry !== undefined) entry.view = changed(entry);
  };
  const reduce = (event: RunEvent): void => {
    if (event.type === 'planned') {
      run = { ...run, run: event.run, isResumed: event.isResumed };
      streams.clear();
      for (const planned of event.streams)
        streams.set(planned.stream, { view: plannedStream(planned), units: new Map() });
    } else if (event.type === 'finished') {
      run = { ...run, status: event.status };
      for (const summary of event.streams) change(summary.stream, ({ view }) => ({ ...view, ...summary }));
    } else {
      const hadFailed = event.type === 'stream' && streams.get(event.stream)?.view.status === 'failed';
      for (const name of streamsOf(event)) change(name, (entry) => reduceStream(entry, event, run.updatedAt));
      if (event.type === 'failed') failures = [...failures, { streams: event.streams, error: event.error }];
      if (hadFailed && event.phase === 'beginning')
        failures = failures.flatMap((failure) => without(failure, event.stream));
    }
  };

  return {
    add(event) {
      reduce(event);
      run = { ...run, updatedAt: event.at, sequence: event.sequence };
    },
    end({ error, time, isStopped }) {
      run = { ...run, updatedAt: time, status: isStopped ? 'stopped' : 'failed' };
      for (const name of streams.keys()) change(name, ({ view }) => ended(view));
      if (!isStopped) failures = [...failures, { streams: [], error }];
    },
    view: () => ({
      ...run,
      durationMs: millisecondsBetween(run.startedAt, run.updatedAt),
      streams: [...streams.values()].map(({ view }) => view),
      failures,
    }),
    stream: (name) => streams.get(name)?.view,
  };
}

/** A failure without this stream; [] when no other stream is left. */
function without({ streams, error }: RunFailure, name: string): readonly RunFailure[] {
  if (!streams.includes(name)) return [{ streams, error }];
  const others = streams.filter((stream) => stream !== name);
  return others.length === 0 ? [] : [{ streams: others, error }];
}
