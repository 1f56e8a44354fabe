import type { Unit } from '../interface/progress.ts';
import { tapUnit } from './plan.ts';
import type { RunContext } from './run-context.ts';
import type { RunWork } from './run-streams.ts';
import { runUnit } from './run-unit.ts';

/** Runs the only unit of a source that keeps its own state. Resolves with whether it was completed. */
export async function runTap(
  open: RunContext,
  streams: readonly string[],
  { summary, emit }: Omit<RunWork, 'concurrency'>,
): Promise<boolean> {
  if (streams.length === 0) return true;
  if (open.stop.graceful.aborted) return false;
  const unit: Unit = { id: tapUnit, kind: tapUnit, streams };
  const done = await runUnit({ ...open, unit, onEvent: emit });
  summary.add(done);
  for (const stream of done.status === 'done' ? streams : []) {
    summary.complete(stream);
    emit({ type: 'stream', unit: unit.id, stream, phase: 'done' });
  }
  return done.status !== 'stopped' && done.failure?.concerns !== 'all';
}
