import { Finding, shown } from '../check.ts';

/** A signal that ends a program. Exported types do not refer to Node's, so that they compile without them. */
export type Signal = 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'SIGKILL';

/** The result of a program. */
export interface Ended {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Seconds after which it was killed because it took too long; undefined when it did not. */
  readonly lateAfter: number | undefined;
  /** Milliseconds from the first signal that was sent to the end; undefined when none was sent. */
  readonly endedAfter: number | undefined;
}

/** Throws a Finding, with the end of stderr, unless the program ended with 0. */
export function checkExit(ended: Ended, what: string): void {
  if (ended.lateAfter !== undefined)
    throw new Finding(`an end of ${what} within ${ended.lateAfter} s`, 'it was still at work');
  if (ended.code !== 0) throw new Finding(`exit code 0 of ${what}`, exitText(ended));
}

/** How a program ended, and the end of its stderr. */
export function exitText(ended: Ended): string {
  return `${ended.code ?? `ended by ${ended.signal}`}${lastWords(ended)}`;
}

/** The end of stderr, for a finding. */
export function lastWords({ stderr }: Ended): string {
  const line = stderr.trim().split('\n').at(-1) ?? '';
  return line === '' ? '; stderr is empty' : `; stderr ends with ${shown(line)}`;
}

/** The lines of stdout. Throws a Finding when the last one has no newline. */
export function stdoutLines(ended: Ended, what = 'a newline at the end of stdout'): readonly string[] {
  if (ended.stdout !== '' && !ended.stdout.endsWith('\n')) throw new Finding(what, shown(ended.stdout.slice(-80)));
  return wholeLines(ended);
}

/** The lines of stdout, without an incomplete last one, which a killed program may leave. */
export function wholeLines({ stdout }: Ended): readonly string[] {
  return stdout.split('\n').slice(0, -1);
}
