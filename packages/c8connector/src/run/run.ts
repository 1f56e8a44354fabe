import type { SourceSession } from '../interface/source-session.ts';
import { selectStreams } from '../singer/selection.ts';
import { type BeginRunRequest, beginRun, finishRun } from './begin-run.ts';
import { numberEvents, type RunEvent } from './events.ts';
import { since } from './report-unit.ts';
import { runStreams } from './run-streams.ts';
import { runTap } from './run-tap.ts';
import { summarizeRun } from './summarize-run.ts';

/** What {@link run} needs. */
export interface RunRequest extends BeginRunRequest {
  /** The source, when the caller has opened it and disposes of it; the run opens it itself when left out. */
  readonly session?: SourceSession | undefined;
  /** How many units are worked on at once; 1 when left out. Each holds some batches in memory. */
  readonly concurrency?: number | undefined;
  readonly onEvent: (event: RunEvent) => void;
}

type Finished = Extract<RunEvent, { type: 'finished' }>;

/**
 * Runs a whole connection, or resumes a run that was interrupted: plans after each unit what to do next, does it, and emits events. A stream that fails does not stop the others.
 * The run is over when each stream was tried, whether it failed or not. Only a signal, or an error that concerns every stream, leaves a run to be resumed. Does not reject when a
 * unit fails; rejects when the source cannot be opened, or when the state store cannot begin the run.
 */
export async function run(request: RunRequest): Promise<Finished> {
  const { source, sourceConfig, catalog, stop, log } = request;
  const startedAt = performance.now();
  const ids = selectStreams(catalog).map((entry) => entry.tap_stream_id);
  const opened =
    request.session ?? (await source.open?.({ config: sourceConfig, streams: ids, signal: stop.graceful, log }));
  try {
    return await runOpened(request, opened, startedAt);
  } finally {
    if (request.session === undefined) await opened?.[Symbol.asyncDispose]();
  }
}

async function runOpened(
  request: RunRequest,
  session: SourceSession | undefined,
  startedAt: number,
): Promise<Finished> {
  const { context, isResumed, streams, units } = await beginRun(request, session);
  const emit = numberEvents(context.run, request.onEvent);
  emit({ type: 'planned', isResumed, streams, units });

  const summary = summarizeRun(streams);
  const work = { concurrency: request.concurrency ?? 1, summary, emit };
  const isOver =
    session === undefined
      ? await runTap(
          context,
          streams.map(({ stream }) => stream),
          work,
        )
      : await runStreams(context, work);
  if (isOver) await finishRun(context);
  const durationMs = since(startedAt);
  return emit({ type: 'finished', status: summary.status(), durationMs, streams: summary.streams() }) as Finished;
}
