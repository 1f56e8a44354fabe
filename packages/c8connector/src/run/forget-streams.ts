import { unitId } from '../replication/method.ts';
import type { RunContext } from './run-context.ts';

/** Forgets how far these streams are, so that they start over. */
export async function forgetStreams(
  { store, generation }: Pick<RunContext, 'store' | 'generation'>,
  streams: readonly string[],
): Promise<void> {
  for (const stream of streams) {
    const unit = unitId(stream, 'begin');
    const { epoch } = await store.claim(unit, generation, [stream]);
    await store.put(unit, epoch, stream, undefined);
  }
}
