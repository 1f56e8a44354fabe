import type { WriteRequest } from '../interface/connector.ts';
import type { RunContext } from './run-context.ts';

/** What removing leftovers needs, besides a claim that is newer than every claim that wrote. */
type FinishContext = Pick<RunContext, 'target' | 'log'>;

/** Lets the target, if it can, remove what no commit of these streams covers. Never rejects: readers see correct data without it. */
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
