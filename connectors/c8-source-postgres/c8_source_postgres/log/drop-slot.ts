import { ConfigError, ConnectionError, type Slot, type SlotContext, type SlotDefinition } from 'c8connector';
import type { Client } from 'pg';
import { connect } from '../client.ts';
import type { PostgresConfig } from '../config.ts';
import { translateError } from '../errors.ts';
import { type FoundSlot, findSlot, inUse } from './found-slot.ts';
import { logNames, quoted } from './names.ts';
import { slotDetails, slotEffects } from './slot-texts.ts';

/** Finds the replication slot of a connection, and drops it together with the publication that the source created for it. */
export const slotDefinition: SlotDefinition<PostgresConfig> = {
  find: (context) => onServer(context, async (found) => (found === undefined ? undefined : shown(found, context))),
  drop: (context) =>
    onServer(context, async (found, client) => {
      if (found === undefined) throw missing(context);
      await dropAll(client, found);
    }),
};

function shown(found: FoundSlot, { config }: SlotContext<PostgresConfig>): Slot {
  return { name: `slot ${found.names.slot}`, details: slotDetails(found), effects: slotEffects(found, config) };
}

async function onServer<T>(
  context: SlotContext<PostgresConfig>,
  work: (found: FoundSlot | undefined, client: Client) => Promise<T>,
): Promise<T> {
  const { config, signal } = context;
  const { slot } = logNames(config, context.connection);
  try {
    await using connection = await connect(config, signal);
    await connection.client.query('set search_path = pg_catalog, pg_temp');
    return await work(await findSlot(connection.client, context), connection.client);
  } catch (error) {
    throw translateError(slotError(slot, error, config), config);
  }
}

/** In one transaction, so that a slot that is being read again keeps its publication. */
async function dropAll(client: Client, { names, publication }: FoundSlot): Promise<void> {
  await client.query('begin');
  if (publication === 'dropped') await client.query(`DROP PUBLICATION ${quoted(names.publication)}`);
  await client.query('select pg_catalog.pg_drop_replication_slot($1)', [names.slot]);
  await client.query('commit');
}

function missing({ config, connection }: SlotContext<PostgresConfig>): ConfigError {
  return new ConfigError(`The server has no slot ${logNames(config, connection).slot}.`, { code: 'slot_missing' });
}

function slotError(name: string, error: unknown, { user }: PostgresConfig): unknown {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  if (code === '55006') return inUse(name, String(message), error);
  if (code !== '42501') return error;
  return new ConnectionError(`The role may not drop the slot ${name}: ${String(message)}.`, {
    code: 'access_denied',
    remedy: `Run ALTER ROLE ${user} REPLICATION; managed services have a role for it, such as rds_replication.`,
    cause: error,
  });
}
