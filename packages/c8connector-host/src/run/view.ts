import type { EventError, Rejection, RunEvent, SchemaChange } from 'c8connector';

/** A stream that failed; '' stands for the run as a whole. */
export interface Failure {
  readonly stream: string;
  readonly error: EventError;
}

/** What the events of a run come to. */
export interface SeenRun {
  /** Name of the connection file. */
  readonly connection: string;
  readonly status: 'done' | 'failed' | 'stopped';
  readonly streams: readonly string[];
  /** Streams that the run got through, or that failed. */
  readonly tried: ReadonlySet<string>;
  readonly failures: readonly Failure[];
  readonly rejected: {
    readonly count: number;
    readonly streams: ReadonlySet<string>;
    readonly first: readonly Rejection[];
  };
  /** By stream. */
  readonly changes: ReadonlyMap<string, SchemaChange>;
  /** Rows. */
  readonly written: number;
  readonly durationMs: number;
}

/** Rejected rows that are kept. */
const most = 5;

/** Gathers a run from its events; `result` tells it once the run has ended, by `thrown` when that ended it outside of its streams. */
export function watchRun(connection: string, isStopped: () => boolean) {
  const startedAt = performance.now();
  const failures: Failure[] = [];
  const changes = new Map<string, SchemaChange>();
  const written = new Map<string, number>();
  const first: Rejection[] = [];
  const rejectedStreams = new Set<string>();
  let rejected = 0;
  let streams: readonly string[] = [];
  let finished: Extract<RunEvent, { type: 'finished' }> | undefined;

  return {
    onEvent(event: RunEvent): void {
      switch (event.type) {
        case 'planned':
          streams = event.streams.map(({ stream }) => stream);
          break;
        case 'state_saved':
          for (const [stream, rows] of Object.entries(event.written)) written.set(stream, rows);
          break;
        case 'rejected':
          rejected += 1;
          rejectedStreams.add(event.stream);
          if (first.length < most) first.push(event);
          break;
        case 'schema_changed':
          changes.set(event.stream, joined(changes.get(event.stream), event));
          break;
        case 'failed':
          failures.push(...event.streams.map((stream) => ({ stream, error: event.error })));
          break;
        case 'finished':
          finished = event;
      }
    },
    result(thrown?: EventError): SeenRun {
      const isFailure = thrown !== undefined && !isStopped();
      const status = thrown === undefined ? (finished?.status ?? 'failed') : isFailure ? 'failed' : 'stopped';
      const tried = (finished?.streams ?? []).filter((stream) => stream.status !== 'stopped');
      return {
        connection,
        status,
        streams,
        tried: new Set(tried.map(({ stream }) => stream)),
        failures: isFailure ? [...failures, { stream: '', error: thrown }] : failures,
        rejected: { count: rejected, streams: rejectedStreams, first },
        changes,
        written: [...written.values()].reduce((sum, rows) => sum + rows, 0),
        durationMs: Math.round(performance.now() - startedAt),
      };
    },
  };
}

function joined(before: SchemaChange | undefined, next: SchemaChange): SchemaChange {
  const both = (key: 'added' | 'removed' | 'changed') => [...new Set([...(before?.[key] ?? []), ...next[key]])];
  return { added: both('added'), removed: both('removed'), changed: both('changed') };
}
