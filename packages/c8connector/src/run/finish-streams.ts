import type { WriteRequest } from '../interface/connector.ts';
import type { RunContext } from './run-context.ts';

/** What clears up needs: who does it, under a claim that is younger than all that wrote. */
type FinishContext = Pick<RunContext, 'target' | 'log'>;

/** Lets a target that can remove what no commit of these streams covers. Never rejects: readers are right without it. */
export async function finishStreams(
  { target, log }: FinishContext,
  request: WriteRequest,
  streams: readonly string[],
): Promise<void> {
  try {
    await target.finish?.(request, streams);
  } catch (error) {
    log.warn('What interrupted runs have left in the target could not be removed; the next run tries it again.', {
      streams: streams.length,
      error: error instanceof Error ? error.message : String(error),
    });
  }
}
