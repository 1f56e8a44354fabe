import { basename, dirname, relative } from 'node:path';
import {
  type EventError,
  eventError,
  maskValue,
  type PlannedStream,
  type Rejection,
  type RunEvent,
  type SchemaChange,
  type StreamSummary,
  writeFileAtomically,
} from 'c8connector';
import type { Connection } from '../connection/connection.ts';
import type { Ends } from '../connection/endpoints.ts';
import type { Host } from '../host.ts';

/** What a run leaves behind in `<connection file>.run.json`. */
interface RunRecord {
  readonly run: string | null;
  readonly status: 'done' | 'failed' | 'stopped';
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly durationMs: number;
  readonly connection: string;
  readonly state: string;
  readonly source: { readonly connector: string; readonly version: string };
  readonly target: { readonly connector: string; readonly version: string; readonly action?: string };
  /** Whether an unfinished run went on. */
  readonly isResumed: boolean;
  /** What was planned with each stream and what became of it. */
  readonly streams: readonly (PlannedStream & Partial<StreamSummary> & StreamFacts)[];
  /** The first error. */
  readonly error: EventError | null;
}

interface StreamFacts {
  readonly error?: EventError;
  /** Columns that were not what they were in the run before. */
  readonly schemaChange?: SchemaChange;
  /** The first rows that were left out. */
  readonly rejections?: readonly Omit<Rejection, 'stream'>[];
}

/** Rejected rows of a stream that are recorded. */
const mostRejections = 10;

/** Gathers the record of a run from its events; `write` replaces the file of the last run. The record holds no config, and secrets in its texts are masked. */
export function createRecord(connection: Connection, ends: Ends, host: Host) {
  const startedAt = new Date();
  const facts = new Map<string, StreamFacts>();
  const add = (stream: string, next: StreamFacts): void => {
    facts.set(stream, { ...facts.get(stream), ...next });
  };
  let planned: Extract<RunEvent, { type: 'planned' }> | undefined;
  let finished: Extract<RunEvent, { type: 'finished' }> | undefined;
  let first: EventError | undefined;

  const record = (): RunRecord => {
    const finishedAt = new Date();
    const isStopped = finished?.status === 'stopped' || (finished === undefined && host.stop.soft.aborted);
    return {
      run: planned?.run ?? null,
      status: isStopped ? 'stopped' : (finished?.status ?? 'failed'),
      startedAt: startedAt.toISOString(),
      finishedAt: finishedAt.toISOString(),
      durationMs: finishedAt.getTime() - startedAt.getTime(),
      connection: basename(connection.file),
      state: relative(dirname(connection.file), connection.state),
      source: { connector: ends.source.packageName, version: ends.source.version },
      target: {
        connector: ends.target.packageName,
        version: ends.target.version,
        ...(ends.rowAction === undefined ? {} : { action: ends.rowAction.action.name }),
      },
      isResumed: planned?.isResumed ?? false,
      streams: (planned?.streams ?? []).map((stream) => {
        const summary = finished?.streams.find((candidate) => candidate.stream === stream.stream);
        return { ...stream, ...summary, ...facts.get(stream.stream) };
      }),
      error: isStopped ? null : (first ?? null),
    };
  };

  return {
    onEvent(event: RunEvent): void {
      if (event.type === 'planned') planned = event;
      if (event.type === 'finished') finished = event;
      if (event.type === 'schema_changed') {
        const { stream, added, removed, changed } = event;
        add(stream, { schemaChange: { added, removed, changed } });
      }
      if (event.type === 'rejected') {
        const { stream, row, code, message } = event;
        const known = facts.get(stream)?.rejections ?? [];
        if (known.length < mostRejections) add(stream, { rejections: [...known, { row, code, message }] });
      }
      if (event.type !== 'failed') return;
      first ??= event.error;
      for (const stream of event.streams) add(stream, { error: event.error });
    },
    /** `thrown` is what ended the run outside of its streams. A record that cannot be written is a warning. */
    async write(thrown?: unknown): Promise<void> {
      if (thrown !== undefined) first ??= eventError(thrown);
      const path = `${connection.file}.run.json`;
      try {
        await writeFileAtomically(path, `${JSON.stringify(maskValue(record(), host.mask), null, 2)}\n`);
      } catch (error) {
        host.log.warn('the record of the run cannot be written', { file: path, error: eventError(error).message });
      }
    },
  };
}
