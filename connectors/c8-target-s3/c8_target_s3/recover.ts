import type { RunIdentity, State } from 'c8connector';
import { deleteManifests } from './append-manifest.ts';
import type { Chain, Room } from './chain.ts';
import { fence } from './fence.ts';
import { deleteLeft, findLeft, unnamedOf } from './left-objects.ts';
import { type Manifest, manifestName, manifestText } from './manifest.ts';
import { type ObjectName, segment } from './object-name.ts';
import { deleteOlder } from './older-versions.ts';
import { warnOfServer } from './put-if-absent.ts';

/**
 * Makes sure that no older writer of the unit can commit any more, then deletes what it wrote and no manifest names, and aborts its uploads. Resolves with the state of the last commit of this generation.
 * `streams` are those of the unit; all that there are when it is undefined. Throws a ConnectorError `claim_lost` when a newer claim has written already.
 */
export async function recover(
  room: Room,
  run: RunIdentity,
  streams: readonly string[] | undefined,
): Promise<State | undefined> {
  let before: Manifest | undefined;
  const stateOf = (last: Manifest | undefined) => (last?.generation === run.generation ? last.state : undefined);
  const chain = await fence(room, run, (last) => {
    before = last;
    const state = stateOf(last);
    return { generation: run.generation, ...(state === undefined ? {} : { state }) };
  });
  if (before === undefined) await checkConditions(room, chain);
  await deleteManifests(room, chain.path, chain.replaced);
  // The process may have ended between the commit of a version and this.
  for (const activation of before?.activates ?? []) await deleteOlder(room, run.connection, activation);
  const unit = segment(run.unit);
  const isWanted = (name: ObjectName) => name.unit === unit && name.epoch < run.epoch;
  const left = await findLeft(room, { connection: run.connection, streams, isWanted });
  await deleteLeft(room, await unnamedOf(room, chain, left));
  return stateOf(chain.last);
}

/** A server that passes over the condition writes what is there already, and does no harm with it here: a first manifest that stands there is written once more. */
async function checkConditions({ store, folder, signal, log }: Room, { path, last }: Chain): Promise<void> {
  if (last === undefined) return;
  const object = { key: `${folder}${path}${manifestName(1)}`, contentType: 'application/json', metadata: {} };
  const isWritten = await store.putIfAbsent(object, Buffer.from(manifestText(last)), { signal, log });
  if (isWritten) warnOfServer(log);
}
