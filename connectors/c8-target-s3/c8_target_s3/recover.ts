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
 * Keeps older writers of the unit from committing, then deletes the objects of theirs that no manifest names, and aborts their uploads. Resolves with the state of the last commit in this generation.
 * `streams` are those of the unit, or undefined for all streams. Throws a ConnectorError `claim_lost` if a newer claim has already written.
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
  // The process may have ended after the commit of a version and before this deletion.
  for (const activation of before?.activates ?? []) await deleteOlder(room, run.connection, activation);
  const unit = segment(run.unit);
  const isWanted = (name: ObjectName) => name.unit === unit && name.epoch < run.epoch;
  const left = await findLeft(room, { connection: run.connection, streams, isWanted });
  await deleteLeft(room, await unnamedOf(room, chain, left));
  return stateOf(chain.last);
}

/** Warns if the server ignores the condition of a write. The test is harmless: such a server only writes an existing first manifest once more, with the same content. */
async function checkConditions({ store, folder, signal, log }: Room, { path, last }: Chain): Promise<void> {
  if (last === undefined) return;
  const object = { key: `${folder}${path}${manifestName(1)}`, contentType: 'application/json', metadata: {} };
  const isWritten = await store.putIfAbsent(object, Buffer.from(manifestText(last)), { signal, log });
  if (isWritten) warnOfServer(log);
}
