import type { Log } from '../../src/interface/log.ts';

/** A log that keeps its warnings. */
export function recordedLog(): Log & { readonly warnings: string[] } {
  const warnings: string[] = [];
  const ignore = () => undefined;
  return { warnings, debug: ignore, info: ignore, error: ignore, warn: (message) => void warnings.push(message) };
}
