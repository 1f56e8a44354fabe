import { setTimeout as sleep } from 'node:timers/promises';

/** Resolves after so many milliseconds; rejects with an AbortError as soon as the signal is aborted. Tests have another clock. */
export type Wait = (milliseconds: number, signal: AbortSignal) => Promise<void>;

export const wait: Wait = (milliseconds, signal) => sleep(milliseconds, undefined, { signal });
