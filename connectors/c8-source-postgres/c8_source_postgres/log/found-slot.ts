import { ConnectionError, type SlotContext } from 'c8connector';
import type { Client } from 'pg';
import type { PostgresConfig } from '../config.ts';
import { type LogNames, logNames } from './names.ts';
import { findMarked } from './publication-mark.ts';
import { findServerLog, type ServerLog, type Slot as ServerSlot } from './server-log.ts';
import { refuseForeignSlot } from './slot.ts';

/** A slot that may be dropped, and what happens to its publication. */
export interface FoundSlot {
  readonly names: LogNames;
  readonly server: ServerLog;
  readonly slot: ServerSlot;
  /** Whether the publication is dropped with the slot; `none` if there is no publication. */
  readonly publication: 'dropped' | 'kept' | 'none';
}

/**
 * The slot of a connection, and what happens to the publication when the slot is dropped; undefined if there is no slot.
 *
 * @throws {ConnectionError | ConfigError} `server_busy` while the slot is being read, `config_invalid` for a slot that another program created.
 */
export async function findSlot(
  client: Client,
  { config, connection }: SlotContext<PostgresConfig>,
): Promise<FoundSlot | undefined> {
  const names = logNames(config, connection);
  const server = await findServerLog(client, names.slot);
  const { slot } = server;
  if (slot === undefined) return undefined;
  refuseForeignSlot(names.slot, slot, config);
  if (slot.activePid !== undefined) throw inUse(names.slot, `server process ${slot.activePid} is reading it`);
  const marked = await findMarked(client, names.publication);
  // A publication that the config names may be used by other slots too.
  const isOwn = config.publication === undefined && marked?.isOurs === true && marked.isOwned;
  return { names, server, slot, publication: marked === undefined ? 'none' : isOwn ? 'dropped' : 'kept' };
}

/** The error for a slot that is being read. */
export function inUse(name: string, reason: string, cause?: unknown): ConnectionError {
  return new ConnectionError(`The slot ${name} is in use: ${reason}.`, {
    code: 'server_busy',
    remedy: 'Stop the run or program that reads it, and try again; pg_stat_replication shows which one it is.',
    cause,
  });
}
