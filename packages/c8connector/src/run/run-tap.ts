import type { Unit } from '../interface/progress.ts';
import { countFailures } from '../source/failures.ts';
import { type RunCounts, setStatus } from './count-unit.ts';
import { tapUnit } from './plan.ts';
import type { RunContext } from './run-context.ts';
import { type Emit, runOne } from './run-one.ts';

/** Does the one unit of a source that keeps its own state. Resolves with whether it came to its end. */
export async function runTap(open: RunContext, counts: RunCounts, emit: Emit): Promise<boolean> {
  const streams = [...counts.keys()];
  if (streams.length === 0) return true;
  if (open.stop.soft.aborted) return false;
  const unit: Unit = { id: tapUnit, kind: tapUnit, streams };
  const failures = countFailures();
  const { status, concerns } = await runOne({ ...open, unit }, counts, { failures, logFailures: failures }, emit);
  for (const stream of streams) setStatus(counts, stream, status);
  return status !== 'stopped' && concerns !== 'all';
}
