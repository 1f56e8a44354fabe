import { setTimeout as sleep } from 'node:timers/promises';

/** Resolves after this many milliseconds; rejects with an AbortError as soon as the signal is aborted. Tests replace it with their own clock. */
export type Wait = (milliseconds: number, signal: AbortSignal) => Promise<void>;

export const wait: Wait = (milliseconds, signal) => sleep(milliseconds, undefined, { signal });
