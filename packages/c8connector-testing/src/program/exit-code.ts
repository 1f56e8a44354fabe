import { Finding, shown } from '../check.ts';
import type { Ended } from './connector-program.ts';

/** Throws a Finding unless the program ended well; shows the end of its stderr. */
export function checkExit(ended: Ended, what: string): void {
  if (ended.code !== 0) throw new Finding(`exit code 0 of ${what}`, exitText(ended));
}

/** How a program ended, and the end of its stderr. */
export function exitText({ code, stderr }: Ended): string {
  return `${code ?? 'ended by a signal'}; stderr ends with ${shown(stderr.trim().split('\n').at(-1) ?? '')}`;
}
