import type { RunIdentity } from 'c8connector';
import { appendManifest } from './append-manifest.ts';
import { type Chain, openChain, type Room, takenOver } from './chain.ts';
import { isOfOther } from './commits.ts';
import { chainFolder, type Manifest } from './manifest.ts';

/** More conflicts than this cannot come from another run alone. */
const mostConflicts = 20;

/**
 * Keeps lower epochs from committing for a unit: adds a manifest without objects, with the epoch of `run`. `keep` returns what the fence keeps of the last manifest. Resolves with the chain, which the fence
 * ends. Throws a ConnectorError `claim_lost` if the chain already has a higher epoch.
 */
export async function fence(
  room: Room,
  run: RunIdentity,
  keep: (last: Manifest | undefined) => Pick<Manifest, 'generation' | 'state'>,
): Promise<Chain> {
  for (let conflicts = 0; ; conflicts += 1) {
    const chain = await openChain(room, chainFolder(run));
    const { last, numbers } = chain;
    if (last !== undefined && (isOfOther(last, run) || conflicts > mostConflicts)) throw takenOver(run, last);
    const { generation, state } = keep(last);
    const { id, unit, epoch } = run;
    const next = (numbers.at(-1) ?? 0) + 1;
    const appended = await appendManifest(room, run.connection, next, {
      ...{ format: 1, run: id, unit, epoch, sequence: 0, generation },
      committedAt: new Date().toISOString(),
      activates: [],
      ...(state === undefined ? {} : { state }),
      objects: [],
      rejected: [],
      named: last?.named ?? [],
    });
    if ('other' in appended) continue;
    const { added } = appended;
    return { ...chain, numbers: added.isSummary ? [next] : [...numbers, next], last: added };
  }
}
