import { setTimeout as sleep } from 'node:timers/promises';
import { ConfigError, ConnectionError, type LogBeginContext } from 'c8connector';
import type { Client } from 'pg';
import type { PostgresConfig } from '../config.ts';
import { type Plugin, pluginOf } from './plugin.ts';
import { findServerLog, type ServerLog, type Slot } from './server-log.ts';
import { wal2jsonError } from './wal2json/error.ts';

/** Milliseconds after which it is logged that the server has not created the slot yet, and between two checks of a slot that another session is creating. */
const firstNotice = 2000;
const interval = 50;

/** SQLSTATEs of a slot that exists already, and of one that does not exist. */
const duplicate = '42710';
const missing = '42704';

/**
 * Creates the slot if it is missing, or if the server has invalidated the existing one. The server first waits for all transactions that are writing. If another session is creating the slot, waits for
 * that one: it may be another stream of the run that begins, or an earlier run that has ended while the server still waits.
 *
 * @throws {ConfigError} `config_invalid` for a slot of another kind, `method_unsupported` when the server can have none.
 * @throws {ConnectionError} `access_denied`, `server_busy`.
 */
export async function ensureSlot(
  client: Client,
  name: string,
  plugin: Plugin,
  { config, signal, log }: Pick<LogBeginContext<PostgresConfig>, 'config' | 'signal' | 'log'>,
): Promise<void> {
  const timer = setTimeout(
    () => log.warn(`the server creates the slot ${name} once all transactions that are writing now have ended`),
    firstNotice,
  );
  try {
    for (;;) {
      const { slot } = await findServerLog(client, name);
      if (slot !== undefined) refuseForeignSlot(name, slot, config);
      if (slot?.lostBecause !== undefined) await dropSlot(client, name);
      else if (slot === undefined) await makeSlot(client, name, plugin);
      else if (slot.confirmed !== undefined) return;
      else await sleep(interval, undefined, { signal });
    }
  } catch (error) {
    throw slotError(name, error, config);
  } finally {
    clearTimeout(timer);
  }
}

async function makeSlot(client: Client, name: string, plugin: Plugin): Promise<void> {
  const text = 'select pg_catalog.pg_create_logical_replication_slot($1, $2)';
  await client.query(text, [name, plugin]).catch(unless(duplicate));
}

async function dropSlot(client: Client, name: string): Promise<void> {
  await client.query('select pg_catalog.pg_drop_replication_slot($1)', [name]).catch(unless(missing));
}

/** Another session may have done it in the meantime. */
function unless(expected: string): (error: unknown) => void {
  return (error) => {
    if ((error as { readonly code?: unknown }).code !== expected) throw error;
  };
}

/** @throws {ConfigError} `config_invalid` for a slot of another plugin or database, or one that was made for prepared transactions. */
export function refuseForeignSlot(name: string, slot: Slot, config: PostgresConfig): void {
  const what = foreignness(slot, config);
  if (what === undefined) return;
  throw new ConfigError(`The slot ${name} ${what}.`, {
    code: 'config_invalid',
    remedy:
      'Set replication_slot to an unused name, and the next run creates the slot; or to a slot that uses the configured plugin.',
    details: { property: 'replication_slot' },
  });
}

function foreignness(slot: Slot, config: PostgresConfig): string | undefined {
  const { plugin, database, isTwoPhase } = slot;
  const isWanted = plugin === pluginOf(config, slot) && (config.plugin === 'auto' || config.plugin === plugin);
  if (!isWanted) return `uses ${plugin === 'null' ? 'no plugin' : `the plugin ${plugin}`}`;
  if (database !== config.dbname) return `belongs to the database ${database}`;
  return isTwoPhase ? 'was created with two_phase, and sends transactions that may still be rolled back' : undefined;
}

/** @throws {ConfigError} `method_unsupported` when the server writes no log that could be followed. */
export function refuseWithoutLog({ walLevel, isStandby }: Pick<ServerLog, 'walLevel' | 'isStandby'>): void {
  const options = { code: 'method_unsupported' } as const;
  if (isStandby)
    throw new ConfigError('The server is a standby, and publications can only be created on the primary.', {
      ...options,
      remedy: 'Set host to the primary, or read the tables with FULL_TABLE.',
    });
  if (walLevel !== 'logical')
    throw new ConfigError(`The server does not log what LOG_BASED needs: wal_level is ${walLevel}.`, {
      ...options,
      remedy: `Run ALTER SYSTEM SET wal_level = 'logical', and restart the server; managed services have a parameter for it, such as rds.logical_replication.`,
    });
}

/** Translates an error of a slot; others are passed on unchanged. */
function slotError(name: string, error: unknown, { user }: PostgresConfig): unknown {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  const ofPlugin = wal2jsonError(error);
  if (ofPlugin !== error) return ofPlugin;
  if (code === '53400')
    return new ConnectionError(`The server has no free slot for ${name}: ${String(message)}.`, {
      code: 'server_busy',
      remedy:
        'Raise max_replication_slots of the server and restart it, or drop an unused slot: pg_replication_slots lists them.',
      cause: error,
    });
  if (code === '42501')
    return new ConnectionError(`The role may not create the slot ${name}: ${String(message)}.`, {
      code: 'access_denied',
      remedy: `Run ALTER ROLE ${user} REPLICATION; managed services have a role for it, such as rds_replication.`,
      cause: error,
    });
  return error;
}
