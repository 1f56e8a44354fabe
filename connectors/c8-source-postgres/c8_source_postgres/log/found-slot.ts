import { ConnectionError, type SlotContext } from 'c8connector';
import type { Client } from 'pg';
import type { PostgresConfig } from '../config.ts';
import { type LogNames, logNames } from './names.ts';
import { findMarked } from './publication-mark.ts';
import { findServerLog, type ServerLog, type Slot as ServerSlot } from './server-log.ts';
import { refuseForeignSlot } from './slot.ts';

/** A slot that may be dropped, and what goes with it. */
export interface FoundSlot {
  readonly names: LogNames;
  readonly server: ServerLog;
  readonly slot: ServerSlot;
  /** What becomes of the publication: `none` when there is none. */
  readonly publication: 'dropped' | 'kept' | 'none';
}

/**
 * The slot of a connection, and what becomes of the publication with it; undefined when there is none.
 *
 * @throws {ConnectionError | ConfigError} `server_busy` when somebody reads it, `config_invalid` for a slot that another program made.
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
  // One that the config names may be read by other slots too.
  const isOwn = config.publication === undefined && marked?.isOurs === true && marked.isOwned;
  return { names, server, slot, publication: marked === undefined ? 'none' : isOwn ? 'dropped' : 'kept' };
}

/** The error of a slot that is read now. */
export function inUse(name: string, reason: string, cause?: unknown): ConnectionError {
  return new ConnectionError(`The slot ${name} is in use: ${reason}.`, {
    code: 'server_busy',
    remedy: 'Stop the run or program that reads it, and try again; pg_stat_replication shows which one it is.',
    cause,
  });
}
