import { relative } from 'node:path';
import { type EventError, eventError, maskValue, writeFileAtomically } from 'c8connector';
import type { Connection } from '../connection/connection.ts';
import type { Endpoints } from '../connection/endpoints.ts';
import type { Host } from '../host.ts';
import type { StreamView } from './stream-view.ts';
import type { RunView } from './view.ts';

/** The record of a run, as plain JSON. It contains no config and no secret. */
export interface RunRecord {
  /** Id of the run; null when it was never planned. */
  readonly run: string | null;
  /** How the run ended. */
  readonly status: Exclude<RunView['status'], 'running'>;
  /** ISO 8601 in UTC, as is `finishedAt`. */
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly durationMs: number;
  /** Name of the connection. */
  readonly connection: string;
  /** Path of the state file, relative to the connection's folder; absent when the connection does not name one. */
  readonly state?: string;
  readonly source: { readonly connector: string; readonly version: string };
  readonly target: { readonly connector: string; readonly version: string; readonly action?: string };
  readonly isResumed: boolean;
  readonly streams: readonly RecordedStream[];
  /** The first error; null when there was none, or the run was stopped. */
  readonly error: EventError | null;
}

/** The plan for a stream and its result; its position is in the state. `rejections` are the first ten, and absent when there are none. */
export interface RecordedStream extends Omit<StreamView, 'position' | 'startedAt' | 'rejections'> {
  readonly rejections?: StreamView['rejections'];
}

/** The record of a run that has ended. */
export function recordOf(connection: Connection, endpoints: Endpoints, view: RunView): RunRecord {
  const { source, target, rowAction } = endpoints;
  const { run, status, startedAt, updatedAt, durationMs, isResumed, streams, failures } = view;
  const { folder, state } = connection;
  const action = rowAction === undefined ? {} : { action: rowAction.action.name };
  return {
    run,
    status: status === 'running' ? 'failed' : status,
    startedAt,
    finishedAt: updatedAt,
    durationMs,
    connection: connection.name,
    ...(state === undefined ? {} : { state: folder === undefined ? state : relative(folder, state) }),
    source: { connector: source.packageName, version: source.version },
    target: { connector: target.packageName, version: target.version, ...action },
    isResumed,
    streams: streams.map(({ position: _, startedAt: __, rejections, ...stream }) =>
      rejections.length === 0 ? stream : { ...stream, rejections },
    ),
    error: status === 'stopped' ? null : (failures[0]?.error ?? null),
  };
}

/** Replaces the record of the last run in a file, atomically and without any secret. Never rejects: when it cannot be written, a warning is logged. */
export async function writeRecord(path: string, record: RunRecord, host: Pick<Host, 'log' | 'mask'>): Promise<void> {
  try {
    await writeFileAtomically(path, `${JSON.stringify(maskValue(record, host.mask), null, 2)}\n`);
  } catch (error) {
    host.log.warn('the record of the run cannot be written', { file: path, error: eventError(error).message });
  }
}
