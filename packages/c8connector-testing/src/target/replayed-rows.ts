import type { Row } from 'c8connector';
import { Finding, shown } from '../check.ts';
import { difference } from '../values/same-rows.ts';

/** Rows that were sent, perhaps twice. */
export interface Sent {
  readonly rows: readonly Row[];
  /** Whether none of them may be stored twice. */
  readonly isOnce: boolean;
}

/** Throws a Finding unless exactly the sent rows are stored: each once if that is promised, otherwise at most twice. */
export function checkReplayed(found: readonly Row[], sent: readonly Sent[]): void {
  let rest = found;
  for (const { rows, isOnce } of sent) {
    for (const row of rows) {
      const same = rest.filter((other) => difference([row], [other]) === undefined);
      const wanted = isOnce ? 'once' : 'once or twice';
      if (same.length === 0) throw new Finding(`${shown(row)} ${wanted} after the replay`, 'it is lost');
      if (same.length > (isOnce ? 1 : 2))
        throw new Finding(`${shown(row)} ${wanted} after the replay`, `${same.length} times`);
      rest = rest.filter((other) => !same.includes(other));
    }
  }
  if (rest.length > 0)
    throw new Finding('only rows that were sent', `${rest.length} others, such as ${shown(rest[0])}`);
}
