import { type SourceMessage, waitFor } from 'c8connector';
import { errorText, Finding } from '../../check.ts';

/** Milliseconds within which a read to the current end of the log must end. */
const endsWithin = 15_000;
/** Milliseconds within which a read must end after its signal is aborted. */
export const stopsWithin = 5000;

type Next = IteratorResult<SourceMessage, unknown>;

interface DeadlineRequest {
  /** The name of the read in findings. */
  readonly name: string;
  /** Set for a read that does not end by itself: it has no deadline until its signal is aborted. */
  readonly followsFor?: number | undefined;
}

/** Waits for the messages of a read. Throws a Finding when the read fails, or has not ended in time. */
export function readDeadline({ name, followsFor }: DeadlineRequest, signal: AbortSignal) {
  const limits = { endsAt: followsFor === undefined ? Date.now() + endsWithin : Number.POSITIVE_INFINITY };
  signal.addEventListener('abort', () => {
    limits.endsAt = Date.now() + stopsWithin;
  });

  const wait = async (work: Promise<Next>): Promise<Next | undefined> => {
    if (Date.now() > limits.endsAt) return undefined;
    const first = await waitFor(work, { milliseconds: limits.endsAt - Date.now(), signal });
    if (first !== undefined || !signal.aborted) return first?.value;
    return (await waitFor(work, { milliseconds: limits.endsAt - Date.now() }))?.value;
  };
  return {
    async within(work: Promise<Next>): Promise<Next> {
      let next: Next | undefined;
      try {
        next = await wait(work);
      } catch (error) {
        // A source that waits with the signal may throw its abort error.
        if (signal.aborted && error instanceof Error && error.name === 'AbortError')
          return { done: true, value: undefined };
        throw new Finding(`no error of ${name}`, errorText(error), { cause: error });
      }
      if (next !== undefined) return next;
      if (signal.aborted)
        throw new Finding(`the end of ${name} within ${stopsWithin / 1000} s after its signal`, 'it continues');
      throw new Finding(`the end of ${name}, which is to end where the log ended when it began`, 'it continues');
    },
  };
}
