import type { EventError, PlannedStream, RunEvent } from 'c8connector';
import { createRunReducer, type RunReducer, type RunView } from '../../src/run/view.ts';

export const error: EventError = {
  name: 'DataError',
  code: 'value_refused',
  message: 'bad',
  remedy: 'Correct it.',
  exitCode: 1,
};

const began = Date.parse('2026-01-01T00:00:00Z');

/** A time this many seconds after the run began. */
export function second(seconds: number): string {
  return new Date(began + seconds * 1000).toISOString();
}

/** The event in which a run plans to copy these streams. */
export function planned(streams: readonly string[], action: PlannedStream['action'] = 'copy') {
  const each = (stream: string): PlannedStream => ({ stream, method: 'FULL_TABLE', action });
  return { type: 'planned', isResumed: false, streams: streams.map(each), units: [] } as const;
}

/** The events with their headers, one a second. */
export function numbered(events: readonly object[]): readonly RunEvent[] {
  return events.map(
    (event, index) => ({ run: 'r', at: second(index + 1), sequence: index + 1, version: 1, ...event }) as RunEvent,
  );
}

/** The run that these events lead to, one a second. */
export function runOf(events: readonly object[]): RunReducer {
  const reducer = createRunReducer('a.yaml', second(0));
  for (const event of numbered(events)) reducer.add(event);
  return reducer;
}

/** The view that they lead to. */
export function viewOf(events: readonly object[]): RunView {
  return runOf(events).view();
}
